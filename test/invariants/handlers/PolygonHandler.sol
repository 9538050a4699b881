// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title What Polygon does
/// @notice Checkpoints, time, and everything that its validators and its governance may change. Nothing here takes
/// stake away.
contract PolygonHandler is Handler {
    uint256 private constant CHECKPOINT_TIME = 30 minutes;
    /// Share contracts that are replaced at a time.
    uint256 private constant MOST_REPLACED = 2;
    /// Validators that never leave, besides the one outside of the pool: with all gone there is little left to try.
    uint256 private constant LEAST_STAYING = 4;

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    modifier byGovernance() {
        vm.startPrank(address(WORLD));
        _;
        vm.stopPrank();
    }

    // ---------------------------------------------------------------- time and rewards

    function checkpoints(uint256 countSeed, uint256 rewardSeed) external neverDown {
        STAKE_MANAGER.setCheckpointReward(_amount(rewardSeed, 1e9, 100_000e18));
        uint256 count = bound(countSeed, 1, 120);
        STAKE_MANAGER.checkpoints(count);
        vm.warp(block.timestamp + count * CHECKPOINT_TIME);
    }

    /// @dev As many as unbonding takes: all that was sold before is due.
    function unbond() external neverDown {
        uint256 count = STAKE_MANAGER.withdrawalDelay();
        STAKE_MANAGER.checkpoints(count);
        vm.warp(block.timestamp + count * CHECKPOINT_TIME);
    }

    function warp(uint256 timeSeed) external neverDown {
        vm.warp(block.timestamp + _amount(timeSeed, 1, 40 days));
    }

    function setWithdrawalDelay(uint256 delay) external sameBlock {
        STAKE_MANAGER.setWithdrawalDelay(bound(delay, 1, 120));
    }

    /// @dev Not back into an epoch in which a validator was still there: the model would take its stake out twice.
    function setCurrentEpoch(uint256 epochSeed) external sameBlock byGovernance {
        uint256 lowest = 1;
        for (uint256 i = 0; i < WORLD.VALIDATORS(); ++i) {
            uint256 left = STAKE_MANAGER.validators(WORLD.validatorAt(i)).deactivationEpoch;
            if (left >= lowest) lowest = left + 1;
        }
        uint256 epoch = STAKE_MANAGER.epoch();
        vm.assume(epoch >= lowest);
        STAKE_MANAGER.setCurrentEpoch(bound(epochSeed, epoch > lowest + 20 ? epoch - 20 : lowest, epoch + 20));
    }

    // ---------------------------------------------------------------- validators

    /// @dev On its own, with a notice epoch, or by governance's force, without one.
    function leave(uint256 validatorSeed, bool forced, bool inMatic) external sameBlock {
        uint256 staying = 0;
        for (uint256 i = 0; i < WORLD.VALIDATORS(); ++i) {
            if (STAKE_MANAGER.validators(WORLD.validatorAt(i)).deactivationEpoch == 0) ++staying;
        }
        vm.assume(staying > LEAST_STAYING);
        uint256 id = _staying(validatorSeed);
        bool canPayMatic = !WORLD.MIGRATION().unmigrationLocked();
        vm.startPrank(forced ? address(WORLD) : WORLD.keyOf(id));
        if (forced) STAKE_MANAGER.forceUnstakePOL(id);
        else if (inMatic && canPayMatic) STAKE_MANAGER.unstake(id);
        else STAKE_MANAGER.unstakePOL(id);
        vm.stopPrank();
    }

    function setLocked(uint256 validatorSeed, uint256 lockSeed) external sameBlock {
        STAKE_MANAGER.cheatSetLocked(_staying(validatorSeed), _seldom(lockSeed));
    }

    function setDelegation(uint256 validatorSeed, uint256 offSeed) external sameBlock {
        uint256 id = _staying(validatorSeed);
        vm.prank(WORLD.keyOf(id));
        STAKE_MANAGER.updateValidatorDelegation(!_seldom(offSeed));
    }

    function setCommission(uint256 validatorSeed, uint256 percent) external sameBlock {
        uint256 id = _staying(validatorSeed);
        uint256 last = STAKE_MANAGER.validators(id).lastCommissionUpdate;
        vm.assume(last == 0 || last + STAKE_MANAGER.withdrawalDelay() <= STAKE_MANAGER.epoch());
        vm.prank(WORLD.keyOf(id));
        STAKE_MANAGER.updateCommissionRate(id, _seldom(percent) ? 100 : bound(percent, 0, 20));
    }

    // ---------------------------------------------------------------- governance

    function setGlobalSwitches(uint256 offSeed, uint256 lockSeed) external sameBlock byGovernance {
        STAKE_MANAGER.setDelegationEnabled(!_seldom(offSeed));
        WORLD.MIGRATION().updateUnmigrationLock(_seldom(lockSeed));
    }

    function replaceShare(uint256 validatorSeed) external sameBlock byGovernance {
        uint256 id = WORLD.validatorAt(validatorSeed);
        uint256 replaced = 0;
        for (uint256 i = 0; i < WORLD.VALIDATORS(); ++i) {
            if (GHOSTS.original(WORLD.validatorAt(i)) != address(0)) ++replaced;
        }
        vm.assume(replaced < MOST_REPLACED && GHOSTS.original(id) == address(0));
        address spare = GHOSTS.spare(id);
        if (spare == address(0)) spare = STAKE_MANAGER.createShareContract(id);
        GHOSTS.noteReplaced(id, STAKE_MANAGER.getValidatorContract(id), spare);
        STAKE_MANAGER.updateValidatorContractAddress(id, spare);
    }

    function putShareBack(uint256 validatorSeed) external sameBlock byGovernance {
        for (uint256 i = 0; i < WORLD.VALIDATORS(); ++i) {
            uint256 id = WORLD.validatorAt((validatorSeed % WORLD.VALIDATORS()) + i);
            address original = GHOSTS.original(id);
            if (original == address(0)) continue;
            STAKE_MANAGER.updateValidatorContractAddress(id, original);
            GHOSTS.noteReplaced(id, address(0), GHOSTS.spare(id));
            return;
        }
        vm.assume(false);
    }

    // ---------------------------------------------------------------- internals

    /// @dev What stops the pool from working is switched off more often than on.
    function _seldom(uint256 seed) private pure returns (bool) {
        return seed % 4 == 0;
    }

    /// @dev A validator that has not announced to leave, and whose share contract is its own.
    function _staying(uint256 seed) private view returns (uint256 id) {
        for (uint256 i = 0; i < WORLD.VALIDATORS(); ++i) {
            id = WORLD.validatorAt((seed % WORLD.VALIDATORS()) + i);
            bool stays = STAKE_MANAGER.validators(id).deactivationEpoch == 0;
            if (stays && GHOSTS.original(id) == address(0)) return id;
        }
        vm.assume(false);
    }
}
