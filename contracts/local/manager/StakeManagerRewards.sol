// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {StakeManagerState} from "./StakeManagerState.sol";

/// @title Sharing rewards out over validators and their delegators
/// @notice Every checkpoint raises one global accumulator, `rewardPerStake`. A validator is settled up to it before
/// anything changes its stake or commission: first the share of its own stake, then commission on the rest, the
/// remainder to its delegators.
abstract contract StakeManagerRewards is StakeManagerState {
    using LegacyMath for uint256;

    function validatorReward(uint256 validatorId) external view returns (uint256) {
        (uint256 pending, ) = _pending(validatorId);
        return _validators[validatorId].reward.add(pending).sub(INITIALIZED_AMOUNT);
    }

    function delegatorsReward(uint256 validatorId) external view returns (uint256) {
        (, uint256 pending) = _pending(validatorId);
        return _validators[validatorId].delegatorsReward.add(pending).sub(INITIALIZED_AMOUNT);
    }

    function withdrawDelegatorsReward(
        uint256 validatorId
    ) external onlyDelegation(validatorId) returns (uint256 reward) {
        _settle(validatorId);
        Validator storage record = _validators[validatorId];
        reward = record.delegatorsReward.sub(INITIALIZED_AMOUNT);
        record.delegatorsReward = INITIALIZED_AMOUNT;
    }

    function _settle(uint256 validatorId) internal {
        uint256 current = rewardPerStake;
        _settleAndSkipTo(validatorId, current, current);
    }

    /// @dev Gives the validator what it earned up to `current` and lets it miss what lies between that and `skipTo`.
    function _settleAndSkipTo(uint256 validatorId, uint256 current, uint256 skipTo) internal {
        Validator storage record = _validators[validatorId];
        uint256 deactivationEpoch = record.deactivationEpoch;
        if (deactivationEpoch != 0 && epoch >= deactivationEpoch) return;

        uint256 initial = record.initialRewardPerStake;
        if (initial < current) {
            (uint256 own, uint256 delegators) = _split(record, current - initial);
            if (own > 0) record.reward = record.reward.add(own);
            if (delegators > 0) record.delegatorsReward = record.delegatorsReward.add(delegators);
        }
        if (skipTo > initial) record.initialRewardPerStake = skipTo;
    }

    /// @dev Unlike a settlement, the views ignore the last epoch of a validator that has announced to leave.
    function _pending(uint256 validatorId) private view returns (uint256 own, uint256 delegators) {
        Validator storage record = _validators[validatorId];
        if (record.deactivationEpoch != 0) return (0, 0);
        return _split(record, rewardPerStake - record.initialRewardPerStake);
    }

    /// @param earned Reward per staked POL to share out.
    function _split(Validator storage record, uint256 earned) private view returns (uint256 own, uint256 delegators) {
        uint256 ownStake = record.amount;
        uint256 power = ownStake.add(record.delegatedAmount);
        if (power == 0) return (0, 0);
        uint256 reward = earned.mul(power).div(REWARD_PRECISION);
        own = ownStake.mul(reward).div(power);
        uint256 commission = record.commissionRate;
        if (commission > 0) own = own.add(reward.sub(own).mul(commission).div(MAX_PERCENT));
        delegators = reward.sub(own);
    }
}
