// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {PoolLens} from "contracts/adapters/PoolLens.sol";
import {Delegator} from "contracts/ethereum/delegator/Delegator.sol";
import {PolygonPool} from "contracts/ethereum/pool/PolygonPool.sol";
import {AnkrMATIC} from "contracts/ethereum/token/AnkrMATIC.sol";
import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {IPoolLens} from "contracts/interfaces/IPoolLens.sol";
import {IPoolRedeems} from "contracts/interfaces/IPoolRedeems.sol";
import {StakeManager} from "contracts/local/manager/StakeManager.sol";
import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {MaticToken} from "contracts/local/tokens/MaticToken.sol";
import {PolygonEcosystemToken} from "contracts/local/tokens/PolygonEcosystemToken.sol";
import {Ghosts} from "./Ghosts.sol";
import {World} from "./World.sol";

/// @title What must hold after every call
/// @notice The ids stand in the messages. L: both ledgers. R: what is really there. S: the supply of shares. Q: what
/// users are owed. Handlers check what must hold across a call: P (the price of a share), U (users), C (claims), I
/// (income), D (delegation), B (batches). A46 is the liveness of the queue.
abstract contract Invariants is Test {
    uint256 private constant BPS = 10_000;

    World internal world;
    Ghosts internal ghosts;
    PolygonPool internal pool;
    AnkrMATIC internal token;
    Delegator internal delegator;
    PoolLens internal lens;
    StakeManager internal stakeManager;
    PolygonEcosystemToken internal pol;
    MaticToken internal matic;

    function _build() internal {
        _buildOn(new World());
    }

    function _buildOn(World world_) internal {
        world = world_;
        ghosts = new Ghosts();
        pool = world.POOL();
        token = world.TOKEN();
        delegator = world.DELEGATOR();
        lens = world.LENS();
        stakeManager = world.STAKE_MANAGER();
        pol = world.POL();
        matic = world.MATIC();
        _begin();
    }

    /// @dev A pool in its second week: stake on every position, rewards that vest.
    function _begin() private {
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            vm.prank(user);
            pool.deposit((i + 1) * 100_000e18 + 7 ** (5 + i), user);
        }
        vm.startPrank(world.STRANGER());
        pool.delegate(type(uint256).max);
        stakeManager.checkpoints(300);
        vm.warp(block.timestamp + 7 days);
        pool.harvest(new uint256[](0));
        vm.stopPrank();
    }

    /// @param lossFree True where nothing is ever taken away: requests are then paid what they fixed.
    function _checkAll(bool lossFree) internal view {
        _checkLedgers();
        _checkReserves(lossFree);
        _checkSupply();
        _checkOwed(lossFree);
        _checkSetup();
    }

    // ---------------------------------------------------------------- L: the ledgers

    function _checkLedgers() internal view {
        IPoolLens.Books memory books = lens.books();
        (, uint256 open, , , uint256 unsold, uint256 sold) = pool.queue();
        assertEq(
            books.totalPooled + books.totalOwed,
            books.reserved + books.buffer + books.principal + books.unbonding,
            "L1: pooled and owed are not reserved, buffer, principal and unbonding"
        );
        assertEq(
            books.totalPooled + open + unsold,
            books.buffer + books.principal,
            "L1a: pooled, open and unsold are not buffer and principal"
        );
        assertEq(sold, books.unbonding, "L1b: sold is not unbonding");
        assertLe(pool.unvested(), books.totalPooled, "L2: more is unvested than there is");
        assertLe(delegator.ledger().unconverted, books.buffer, "L3: more is unconverted than there is");
    }

    // ---------------------------------------------------------------- R: what is there

    function _checkReserves(bool lossFree) internal view {
        IDelegator.Ledger memory held = delegator.ledger();
        IDelegator.Reserves memory real = delegator.reserves();
        assertGe(pol.balanceOf(address(pool)), pool.reserved(), "R1: the pool lacks POL");
        assertGe(real.pol + real.matic, held.buffer, "R2: the delegator lacks coins");
        assertGe(real.pol, held.buffer - held.unconverted, "R3: the delegator lacks POL");
        uint256 count = delegator.positionCount();
        for (uint256 i = 1; i <= count; ++i) {
            IDelegator.Position memory position = delegator.positionAt(i);
            if (position.share == address(0) || ghosts.slashed(position.share)) continue;
            (uint256 stake, ) = ValidatorShare(position.share).getTotalStake(address(delegator));
            assertGe(stake, position.principal, "R4: a position is worth less than its principal");
        }
        if (lossFree) assertGe(real.unbonding, held.unbonding, "R5: the unbonds are worth less than the ledger says");
        assertEq(pol.allowance(address(delegator), address(stakeManager)), 0, "R6: an approval was left");
        assertEq(matic.allowance(address(delegator), address(world.MIGRATION())), 0, "R6: an approval was left");
        assertEq(pol.allowance(address(pool), address(world.MIGRATION())), 0, "R6: an approval was left");
    }

    // ---------------------------------------------------------------- S: the supply

    function _checkSupply() internal view {
        uint256 supply = token.totalSupply();
        uint256 assets = pool.totalAssets();
        if (assets != 0) assertEq(pool.convertToShares(assets), supply, "S1: the pool's shares are not the supply");
        address[] memory holders = world.holders();
        uint256 sum = 0;
        for (uint256 i = 0; i < holders.length; ++i) sum += token.balanceOf(holders[i]);
        assertEq(sum, supply, "S2: the balances are not the supply");
    }

    // ---------------------------------------------------------------- Q: what is owed

    function _checkOwed(bool lossFree) internal view {
        bool anyShort = _anyShort();
        uint256 owed = 0;
        uint256 claimable = 0;
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            (uint256 pending, uint256 ready) = _requestsOf(user);
            uint256 late = _lateOf(user);
            assertEq(pool.maxWithdraw(user), ready, "Q1: maxWithdraw is not what the requests hold");
            owed += pending + ready + late;
            claimable += ready + late;
            // In a batch that is paid short, who comes last gets the rounding of the others: less than a wei of each.
            uint256 rounding = anyShort ? world.USERS() * ghosts.idsOf(user).length : 0;
            // After a loss a unit of a batch is no wei: who joins it then leaves less than one to those before him.
            if (!lossFree) rounding += ghosts.requests();
            uint256 got = ghosts.paid(user) + pending + ready + late;
            assertLe(got, ghosts.asked(user) + rounding, "Q2: requests are owed more than they fixed");
            if (lossFree && !anyShort) assertEq(got, ghosts.asked(user), "Q3: requests are owed less than they fixed");
        }
        assertLe(claimable, pool.reserved(), "Q4: more can be claimed than is reserved");
        assertLe(owed, pool.totalOwed(), "Q5: more is owed to users than the books say");
    }

    /// @return pending POL wei of requests that cannot be claimed yet.
    /// @return ready POL wei of those that can.
    function _requestsOf(address user) internal view returns (uint256 pending, uint256 ready) {
        uint256[] memory ids = pool.requestsOf(user);
        for (uint256 i = 0; i < ids.length; ++i) {
            (uint256 shares, , ) = pool.requestOf(ids[i]);
            uint256 claimableShares = pool.claimableRedeemRequest(ids[i], user);
            assertGt(shares, 0, "Q6: an empty request is still listed");
            assertEq(
                pool.pendingRedeemRequest(ids[i], user) + claimableShares,
                shares,
                "Q6: a request is neither pending nor claimable, or both"
            );
            if (claimableShares == 0) pending += lens.assetsOf(ids[i], user);
            else ready += lens.assetsOf(ids[i], user);
        }
    }

    function _lateOf(address user) internal view returns (uint256 assets) {
        uint256[] memory ids = ghosts.idsOf(user);
        for (uint256 i = 0; i < ids.length; ++i) assets += pool.lateAssetsOf(ids[i]);
    }

    /// @dev True if any batch was paid before all of its money had come.
    function _anyShort() internal view returns (bool) {
        (uint256 open, , , , , ) = pool.queue();
        for (uint256 batch = 1; batch < open; ++batch) {
            (IPoolRedeems.BatchState state, , ) = pool.batchOf(batch);
            if (state == IPoolRedeems.BatchState.ClaimableShort) return true;
            if (state == IPoolRedeems.BatchState.ClaimableLate) return true;
        }
        return false;
    }

    // ---------------------------------------------------------------- G: what governs

    function _checkSetup() internal view {
        uint256 weights = 0;
        uint256 count = delegator.positionCount();
        for (uint256 i = 1; i <= count; ++i) {
            IDelegator.Position memory position = delegator.positionAt(i);
            weights += position.weightBps;
            assertLe(position.capBps, delegator.MAX_SHARE_BPS(), "G1: a cap above the constitutional maximum");
            assertLe(position.weightBps, position.capBps, "G1: a weight above its cap");
        }
        assertEq(weights, BPS, "G2: the weights are not the whole");
        (uint256 open, , , uint256 funding, uint256 unsold, ) = pool.queue();
        assertTrue(funding != 0 || unsold == 0, "G3: something is unsold that belongs to no batch");
        assertTrue(funding < open, "G3: a batch is funded that was not closed");
    }
}
