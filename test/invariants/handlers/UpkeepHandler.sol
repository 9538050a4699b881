// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {IStakeManager} from "contracts/interfaces/external/polygon/IStakeManager.sol";
import {IPoolRedeems} from "contracts/interfaces/IPoolRedeems.sol";
import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title Strangers who do the upkeep
/// @notice Each call does something, or refuses with the error that its interface documents.
contract UpkeepHandler is Handler {
    uint256 private constant BPS = 10_000;
    uint256 private constant DISPLACEMENT_TIME = 30 days;

    /// @dev Who shares a loss: the holders, with what has vested, and the requests that are not funded.
    struct Books {
        uint256 vested;
        uint256 requests;
        uint256 losses;
    }

    /// @dev False where nothing may be lost: a position is not written off there.
    bool private immutable LOSSES;

    /// @dev Epoch in which a batch was closed last.
    uint256 private _closedEpoch;

    modifier byStranger() {
        vm.startPrank(WORLD.STRANGER());
        _;
        vm.stopPrank();
    }

    constructor(World world, Ghosts ghosts, bool losses) Handler(world, ghosts) {
        LOSSES = losses;
    }

    // ---------------------------------------------------------------- income

    function harvestAll() external sameBlock {
        _harvest(new uint256[](0));
    }

    function harvestSome(uint256 mask) external sameBlock {
        uint256 count = DELEGATOR.positionCount();
        uint256[] memory chosen = new uint256[](count);
        uint256 length = 0;
        for (uint256 i = 1; i <= count; ++i) {
            if (mask & (1 << i) != 0 && DELEGATOR.positionAt(i).share != address(0)) chosen[length++] = i;
        }
        assembly ("memory-safe") {
            mstore(chosen, length)
        }
        _harvest(chosen);
    }

    function skim() external sameBlock byStranger {
        POOL.skim();
        assertEq(POL.balanceOf(address(POOL)), POOL.reserved(), "I1: skim left POL in the pool");
        _checkCollected();
    }

    function sync(uint256 positionSeed) external sameBlock byStranger {
        uint256 position = _toSync(positionSeed);
        IDelegator.Position memory held = DELEGATOR.positionAt(position);
        bool due = held.displacedAt != 0 && block.timestamp >= held.displacedAt + DISPLACEMENT_TIME;
        vm.assume(LOSSES || !due);
        Books memory before = _books();
        POOL.sync(position);
        _checkBorneByAll(before, _books());
        GHOSTS.noteSynced(STAKE_MANAGER, ValidatorShare(held.share));
    }

    // ---------------------------------------------------------------- stake

    function delegate(uint256 assetsSeed) external sameBlock byStranger {
        uint256[] memory before = _principals();
        (, uint256 open, , , uint256 unsold, ) = POOL.queue();
        try POOL.delegate(assetsSeed % 3 == 0 ? type(uint256).max : _amount(assetsSeed, 1e18, 5_000_000e18)) {
            assertGe(DELEGATOR.buffer(), open + unsold, "D1: what requests need was delegated");
            _checkCaps(before);
        } catch (bytes memory reason) {
            _discardIf(reason, IDelegator.NothingToDelegate.selector, 0);
        }
    }

    function rebalance(uint256 fromSeed, uint256 toSeed, uint256 assetsSeed) external sameBlock byStranger {
        (uint256 from, uint256 over) = _offTarget(fromSeed, false);
        (uint256 to, uint256 under) = _offTarget(toSeed, true);
        uint256 movable = over < under ? over : under;
        vm.assume(DELEGATOR.acceptsStake(to));
        try DELEGATOR.rebalance(from, to, bound(assetsSeed, 1, movable)) {
            assertGe(DELEGATOR.positionAt(from).principal, LENS.targetOf(from), "D2: a source fell under its target");
            assertLe(DELEGATOR.positionAt(to).principal, LENS.targetOf(to), "D2: a sink rose over its target");
        } catch (bytes memory reason) {
            _discardIf(reason, IDelegator.MigrationFailed.selector, IDelegator.Displaced.selector);
        }
    }

    function evacuate(uint256 fromSeed, uint256 assetsSeed) external sameBlock byStranger {
        uint256 from = _toLeave(fromSeed);
        uint256 principal = DELEGATOR.positionAt(from).principal;
        uint256[] memory before = _principals();
        try DELEGATOR.evacuate(from, assetsSeed % 2 == 0 ? principal : bound(assetsSeed, 1, principal)) {
            _checkCaps(before);
        } catch (bytes memory reason) {
            _discardIf(reason, IDelegator.NoReasonToEvacuate.selector, IDelegator.NothingToMove.selector);
        }
    }

    // ---------------------------------------------------------------- batches

    function settleBatch() external sameBlock byStranger {
        (uint256 open, , uint256 openUnits, uint256 funding, , ) = POOL.queue();
        bool closable = openUnits != 0 && _closedEpoch != DELEGATOR.epoch();
        try POOL.settleBatch() {
            assertTrue(closable || funding != 0, "B1: a batch was settled out of turn");
            assertTrue(closable || open == _openBatch(), "B1: two batches were closed in one epoch");
            if (open != _openBatch()) _closedEpoch = DELEGATOR.epoch();
            _checkNothingSellable();
        } catch (bytes memory reason) {
            _checkNothingSellable();
            if (funding == 0) assertFalse(closable, "B2: a batch could not be closed");
            _discardIf(reason, IPoolRedeems.NothingToSettle.selector, 0);
        }
    }

    function continueBatch() external sameBlock byStranger {
        (, , , uint256 funding, uint256 unsold, ) = POOL.queue();
        vm.assume(funding != 0);
        try POOL.continueBatch(funding) {
            (, , , , uint256 left, ) = POOL.queue();
            assertTrue(left < unsold || left == 0, "B3: a batch went on without getting on");
            _checkNothingSellable();
        } catch (bytes memory reason) {
            _checkNothingSellable();
            _discardIf(reason, IPoolRedeems.NoProgress.selector, 0);
        }
    }

    function finalizeBatch(uint256 batchSeed) external sameBlock byStranger {
        (uint256 open, , , , , ) = POOL.queue();
        for (uint256 i = 0; i < open; ++i) {
            if (_finalize(((batchSeed % open) + i) % open)) return;
        }
        vm.assume(false);
    }

    /// @dev What a keeper does in one go: all that is due, and the next batch.
    function keep() external sameBlock byStranger {
        (uint256 open, , uint256 openUnits, uint256 funding, , ) = POOL.queue();
        bool acted = false;
        for (uint256 batch = 1; batch < open; ++batch) {
            if (_finalize(batch)) acted = true;
        }
        if (funding == 0 && openUnits != 0 && _closedEpoch != DELEGATOR.epoch()) {
            POOL.settleBatch();
            _closedEpoch = DELEGATOR.epoch();
            _checkNothingSellable();
            acted = true;
        }
        vm.assume(acted);
    }

    // ---------------------------------------------------------------- internals

    function _harvest(uint256[] memory positions) private byStranger {
        (uint256 feeBps, , , ) = POOL.parameters();
        address treasury = WORLD.TREASURY();
        uint256 feeShares = TOKEN.balanceOf(treasury);
        uint256 pooled = POOL.totalPooled();
        uint256 rewards = POOL.harvest(positions);
        assertEq(POOL.totalPooled() - pooled, rewards, "I2: the rewards are not what the pool grew by");
        feeShares = TOKEN.balanceOf(treasury) - feeShares;
        assertLe(POOL.convertToAssets(feeShares), (rewards * feeBps) / BPS, "I3: the fee is above its rate");
        _checkCollected();
    }

    function _checkCollected() private view {
        uint256 held = POL.balanceOf(address(DELEGATOR)) + MATIC.balanceOf(address(DELEGATOR));
        assertEq(held, DELEGATOR.buffer(), "I1: a coin was left uncounted");
    }

    /// @dev While a batch waits, all that is left is at validators that refuse: those in their notice epoch, and those
    /// whose share contract was replaced.
    function _checkNothingSellable() private view {
        (, , , , uint256 unsold, ) = POOL.queue();
        uint256 count = DELEGATOR.positionCount();
        for (uint256 i = 1; i <= count && unsold != 0; ++i) {
            IDelegator.Position memory held = DELEGATOR.positionAt(i);
            if (held.principal == 0 || GHOSTS.slashed(held.share)) continue;
            IStakeManager.Validator memory record = STAKE_MANAGER.validators(held.validatorId);
            bool refuses = record.contractAddress != held.share || record.deactivationEpoch > DELEGATOR.epoch();
            assertTrue(refuses, "B5: a batch waits although there is stake that could be sold");
        }
    }

    function _books() private view returns (Books memory books) {
        uint256 unsold;
        (, books.requests, , , unsold, ) = POOL.queue();
        books.requests += unsold;
        books.vested = POOL.totalAssets();
        (, , , books.losses) = POOL.parameters();
    }

    /// @dev The stream goes first, so nothing is left of it when holders and requests bear a loss, all at one factor.
    function _checkBorneByAll(Books memory before, Books memory since) private view {
        if (since.losses == before.losses) {
            assertEq(since.requests, before.requests, "P4: requests bore something without a loss");
            return;
        }
        assertEq(POOL.unvested(), 0, "P5: holders bore a loss that the stream should have");
        assertApproxEqAbs(
            since.requests * before.vested,
            before.requests * since.vested,
            2 * (before.vested + before.requests),
            "P4: holders and requests did not bear a loss alike"
        );
    }

    function _principals() private view returns (uint256[] memory principals) {
        principals = new uint256[](DELEGATOR.positionCount());
        for (uint256 i = 0; i < principals.length; ++i) principals[i] = DELEGATOR.positionAt(i + 1).principal;
    }

    /// @dev Whoever got stake is within its cap afterwards.
    function _checkCaps(uint256[] memory before) private view {
        uint256 total = DELEGATOR.ledger().principal;
        for (uint256 i = 0; i < before.length; ++i) {
            IDelegator.Position memory held = DELEGATOR.positionAt(i + 1);
            if (held.principal <= before[i]) continue;
            assertLe(held.capBps, WORLD.MAX_SHARE_BPS(), "D3: a cap above the constitutional maximum");
            // The cap is a part of what the call set out to place, some of which may have found no room.
            assertLe(held.principal, ((total + DELEGATOR.buffer()) * held.capBps) / BPS, "D3: stake above the cap");
        }
    }

    /// @dev A position whose share contract was replaced, in one of two cases, if there is one.
    function _toSync(uint256 seed) private view returns (uint256) {
        uint256 count = DELEGATOR.positionCount();
        for (uint256 i = 1; i <= count && seed % 2 == 0; ++i) {
            IDelegator.Position memory held = DELEGATOR.positionAt(i);
            if (held.share == address(0)) continue;
            if (STAKE_MANAGER.getValidatorContract(held.validatorId) != held.share) return i;
        }
        return _position(seed);
    }

    /// @dev A position under its target, or over it, and by how much.
    function _offTarget(uint256 seed, bool under) private view returns (uint256 position, uint256 distance) {
        uint256 count = DELEGATOR.positionCount();
        for (uint256 i = 0; i < count; ++i) {
            position = 1 + (((seed % count) + i) % count);
            (uint256 principal, uint256 target) = (DELEGATOR.positionAt(position).principal, LENS.targetOf(position));
            distance = under ? _distance(target, principal) : _distance(principal, target);
            if (distance != 0) return (position, distance);
        }
        vm.assume(false);
    }

    /// @dev A position with stake at a validator that is going, or has become too dear.
    function _toLeave(uint256 seed) private view returns (uint256 position) {
        uint256 count = DELEGATOR.positionCount();
        (uint256 maxCommission, ) = DELEGATOR.parameters();
        for (uint256 i = 0; i < count; ++i) {
            position = 1 + (((seed % count) + i) % count);
            IDelegator.Position memory held = DELEGATOR.positionAt(position);
            if (held.principal == 0) continue;
            IStakeManager.Validator memory record = STAKE_MANAGER.validators(held.validatorId);
            if (record.deactivationEpoch != 0 || record.commissionRate > maxCommission) return position;
        }
        vm.assume(false);
    }

    function _openBatch() private view returns (uint256 open) {
        (open, , , , , ) = POOL.queue();
    }

    function _finalize(uint256 batch) private returns (bool done) {
        if (!_isDue(batch)) return false;
        uint256 reserved = POOL.reserved();
        POOL.finalizeBatch(batch);
        assertGe(POOL.reserved(), reserved, "B4: a finalization took money away");
        return true;
    }

    function _isDue(uint256 batch) private view returns (bool) {
        uint256 delay = STAKE_MANAGER.withdrawalDelay();
        IDelegator.Slice[] memory slices = DELEGATOR.slicesOf(batch);
        for (uint256 i = 0; i < slices.length; ++i) {
            if (slices[i].soldEpoch + delay <= DELEGATOR.epoch()) return true;
        }
        return false;
    }

    function _distance(uint256 upper, uint256 lower) private pure returns (uint256) {
        return upper > lower ? upper - lower : 0;
    }
}
