// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {IPoolRedeems} from "contracts/interfaces/IPoolRedeems.sol";
import {Liveness} from "./support/Liveness.sol";

/// @title A batch whose money partly stays out
/// @notice Random calls seldom meet a share contract that is replaced while it owes an unbond, for long enough. Here it
/// always is.
contract DeadSlicesTest is Liveness {
    function setUp() public {
        _build();
    }

    /// @dev The share contract comes back after the batch was paid short: those who had claimed get the rest, and so do
    /// the others.
    ///
    /// forge-config: default.fuzz.runs = 32
    /// forge-config: ci.fuzz.runs = 64
    /// forge-config: long.fuzz.runs = 2000
    function testFuzz_lateMoneyReachesEveryone(uint256[3] calldata shares, uint256 claimedEarly) public {
        uint256 batch = _request(shares);
        _replaceSold(batch);
        _waitUntilDead(batch);
        (IPoolRedeems.BatchState state, , ) = pool.batchOf(batch);
        assertEq(uint256(state), uint256(IPoolRedeems.BatchState.ClaimableLate), "A46: a batch waits for a dead slice");
        _checkAll({lossFree: true});

        for (uint256 i = 0; i < shares.length; ++i) {
            if (claimedEarly & (1 << i) != 0) _redeem(world.userAt(i));
        }
        _checkAll({lossFree: true});
        _putSharesBack();
        _finalizeIfOpen(batch);
        for (uint256 i = 0; i < shares.length; ++i) _redeem(world.userAt(i));
        _bringLate();
        for (uint256 i = 0; i < shares.length; ++i) {
            address user = world.userAt(i);
            // Each part is rounded down, and who claims last gets the rounding of the two others.
            assertApproxEqAbs(ghosts.paid(user), ghosts.asked(user), 2, "Q3: late money went astray");
        }
        _checkAll({lossFree: true});
    }

    /// @dev The share contract never comes back, and the validator's whole stake with it.
    ///
    /// forge-config: default.fuzz.runs = 32
    /// forge-config: ci.fuzz.runs = 64
    /// forge-config: long.fuzz.runs = 2000
    function testFuzz_nobodyWaitsForever(uint256[3] calldata shares) public {
        uint256 batch = _request(shares);
        _replaceSold(batch);
        _exitAll();
        _bringHome();
        for (uint256 i = 0; i < world.USERS(); ++i) {
            assertEq(token.balanceOf(world.userAt(i)), 0, "A46: a user still holds shares");
        }
        _checkAll({lossFree: false});
    }

    // ---------------------------------------------------------------- internals

    /// @dev Three users ask for more than the buffer holds, so that stake is sold.
    function _request(uint256[3] calldata shares) private returns (uint256 batch) {
        for (uint256 i = 0; i < shares.length; ++i) {
            address user = world.userAt(i);
            uint256 held = token.balanceOf(user);
            uint256 pooled = pool.totalPooled();
            uint256 part = bound(shares[i], held / 2, held);
            vm.prank(user);
            uint256 id = pool.requestRedeem(part, user, user);
            ghosts.noteRequest(user, id, pooled - pool.totalPooled());
            batch = id >> 160;
        }
        pool.settleBatch();
        assertGt(delegator.slicesOf(batch).length, 0, "B2: nothing was sold");
    }

    function _replaceSold(uint256 batch) private {
        uint256 id = delegator.positionAt(delegator.slicesOf(batch)[0].position).validatorId;
        address spare = stakeManager.createShareContract(id);
        ghosts.noteReplaced(id, stakeManager.getValidatorContract(id), spare);
        vm.prank(address(world));
        stakeManager.updateValidatorContractAddress(id, spare);
    }

    function _waitUntilDead(uint256 batch) private {
        stakeManager.checkpoints(stakeManager.withdrawalDelay());
        pool.finalizeBatch(batch);
        (, uint256 deadSliceTime) = delegator.parameters();
        vm.warp(block.timestamp + deadSliceTime);
        _finalizeIfOpen(batch);
    }

    function _finalizeIfOpen(uint256 batch) private {
        IDelegator.Slice[] memory slices = delegator.slicesOf(batch);
        if (slices.length != 0) pool.finalizeBatch(batch);
    }

    function _redeem(address user) private {
        uint256 shares = pool.maxRedeem(user);
        if (shares == 0) return;
        vm.prank(user);
        uint256 assets = pool.redeem(shares, user, user);
        ghosts.notePaid(user, assets);
    }
}
