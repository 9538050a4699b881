// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {IPoolRedeems} from "contracts/interfaces/IPoolRedeems.sol";
import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {Invariants} from "./Invariants.sol";

/// @title From wherever the calls have led, strangers alone bring every user home
/// @notice Checkpoints go on and time passes; all else are calls that are open to anyone. Nobody votes, no validator
/// comes back, no share contract that was replaced is put back, unless the drive is told so.
abstract contract Liveness is Invariants {
    /// Each round is longer than an unbonding and than a week: enough for a share contract to count as lost and for
    /// dead slices to be given up, one after the other.
    uint256 private constant ROUNDS = 16;
    uint256 private constant ROUND_TIME = 8 days;
    uint256 private constant TRIES = 20;

    /// @dev Ends with every request claimable, and every user paid what the views promised.
    function _bringHome() internal {
        vm.startPrank(world.STRANGER());
        for (uint256 round = 0; round < ROUNDS && !_isSettled(); ++round) _playRound();
        vm.stopPrank();
        assertTrue(_isSettled(), "A46: requests are stuck");
        for (uint256 i = 0; i < world.USERS(); ++i) _payOut(world.userAt(i));
    }

    /// @dev Everyone leaves, whatever the pool holds.
    function _exitAll() internal {
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            uint256 shares = token.balanceOf(user);
            if (shares == 0 || pool.convertToAssets(shares) == 0) continue;
            uint256 pooled = pool.totalPooled();
            vm.prank(user);
            uint256 id = pool.requestRedeem(shares, user, user);
            ghosts.noteRequest(user, id, pooled - pool.totalPooled());
        }
    }

    /// @dev Polygon names the first share contracts again.
    function _putSharesBack() internal {
        for (uint256 i = 0; i < world.VALIDATORS(); ++i) {
            uint256 id = world.validatorAt(i);
            address original = ghosts.original(id);
            if (original == address(0)) continue;
            vm.prank(address(world));
            stakeManager.updateValidatorContractAddress(id, original);
            ghosts.noteReplaced(id, address(0), ghosts.spare(id));
        }
    }

    /// @dev Claims what came after its batch was paid.
    function _bringLate() internal {
        stakeManager.checkpoints(stakeManager.withdrawalDelay() + 1);
        (uint256 open, , , , , ) = pool.queue();
        for (uint256 batch = 1; batch < open; ++batch) _finalize(batch);
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            uint256[] memory ids = ghosts.idsOf(user);
            uint256[] memory one = new uint256[](1);
            for (uint256 k = 0; k < ids.length; ++k) {
                one[0] = ids[k];
                vm.prank(user);
                uint256 assets = pool.claimLate(one, user, user);
                ghosts.notePaid(user, assets);
            }
        }
    }

    // ---------------------------------------------------------------- internals

    function _playRound() private {
        stakeManager.checkpoints(stakeManager.withdrawalDelay() + 1);
        vm.warp(block.timestamp + ROUND_TIME);
        uint256 count = delegator.positionCount();
        for (uint256 i = 1; i <= count; ++i) {
            address share = delegator.positionAt(i).share;
            if (share == address(0)) continue;
            pool.sync(i);
            ghosts.noteSynced(stakeManager, ValidatorShare(share));
        }
        // After a loss of everything the last wei may be MATIC, which is not converted: another wei stands in for it.
        if (pool.totalAssets() == 0) assertTrue(pol.transfer(address(delegator), 1), "A46: a gift failed");
        pool.skim();
        for (uint256 i = 0; i < TRIES && _settle(); ++i) {}
        (uint256 open, , , , , ) = pool.queue();
        for (uint256 batch = 1; batch < open; ++batch) _finalize(batch);
    }

    function _settle() private returns (bool progress) {
        try pool.settleBatch() {
            return true;
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), IPoolRedeems.NothingToSettle.selector, "A46: settleBatch failed");
        }
    }

    function _finalize(uint256 batch) private {
        for (uint256 i = 0; i < TRIES && delegator.slicesOf(batch).length != 0; ++i) {
            try pool.finalizeBatch(batch) {
                continue;
            } catch (bytes memory reason) {
                assertEq(bytes4(reason), IDelegator.BatchNotRipe.selector, "A46: finalizeBatch failed");
                return;
            }
        }
    }

    function _isSettled() private view returns (bool) {
        (uint256 open, , uint256 openUnits, uint256 funding, , ) = pool.queue();
        if (openUnits != 0 || funding != 0) return false;
        for (uint256 batch = 1; batch < open; ++batch) {
            (IPoolRedeems.BatchState state, , ) = pool.batchOf(batch);
            if (state == IPoolRedeems.BatchState.Closed) return false;
        }
        return true;
    }

    function _payOut(address user) private {
        uint256 shares = pool.maxRedeem(user);
        uint256 promised = pool.maxWithdraw(user);
        uint256 before = pol.balanceOf(user);
        if (shares != 0) {
            vm.prank(user);
            pool.redeem(shares, user, user);
        }
        assertEq(pol.balanceOf(user) - before, promised, "A46: a user was not paid what was promised");
        assertEq(pool.requestsOf(user).length, 0, "A46: a user was paid, and requests are left");
        ghosts.notePaid(user, promised);
    }
}
