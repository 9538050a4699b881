// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LegacyMath} from "../math/LegacyMath.sol";
import {StakeManagerRewards} from "./StakeManagerRewards.sol";

/// @title What an accepted checkpoint does
/// @notice Raises the reward accumulator for those who signed, then begins the next epoch.
/// @dev The real contract recovers signers from signatures; the model is told their ids.
abstract contract StakeManagerCheckpoints is StakeManagerRewards {
    using LegacyMath for uint256;

    /// @notice Books one checkpoint. RootChain only.
    /// @param blockInterval Number of Polygon blocks that it covers.
    /// @param signedBy Ids whose signatures it bears; those that are no validators and repetitions count for nothing.
    /// @param proposer Signer key of the validator that proposed it.
    /// @return reward POL wei shared out, proposer's bonus included.
    function checkSignatures(
        uint256 blockInterval,
        uint256[] calldata signedBy,
        address proposer
    ) external returns (uint256 reward) {
        require(msg.sender == rootChain);
        return _checkpoint(blockInterval, signedBy, signerToValidator[proposer]);
    }

    function _checkpoint(
        uint256 blockInterval,
        uint256[] memory signedBy,
        uint256 proposerId
    ) internal returns (uint256 reward) {
        uint256[] memory signers = _validSigners(signedBy);
        uint256 power = _powerOf(signers);
        uint256 newRewardPerStake;
        (reward, newRewardPerStake) = _reward(blockInterval, power, proposerId);
        _settleAbsent(signers, newRewardPerStake);
        rewardPerStake = newRewardPerStake;
        _settleLeaving(signers);
        _beginNextEpoch();
    }

    /// @dev Gives the proposer its bonus; the rest raises the accumulator.
    function _reward(
        uint256 blockInterval,
        uint256 power,
        uint256 proposerId
    ) internal returns (uint256 reward, uint256 newRewardPerStake) {
        uint256 totalStake = validatorState.amount;
        require(power >= totalStake.mul(2).div(3).add(1), "2/3+1 non-majority!");
        reward = _checkpointReward(blockInterval).mul(power).div(totalStake);
        uint256 bonus = reward.mul(proposerBonus).div(MAX_PERCENT);
        _validators[proposerId].reward = _validators[proposerId].reward.add(bonus);
        newRewardPerStake = rewardPerStake.add(reward.sub(bonus).mul(REWARD_PRECISION).div(power));
    }

    function _beginNextEpoch() internal {
        uint256 next = epoch.add(1);
        Leaving memory leaving = _leaving[next];
        _takeFromTotals(leaving.amount, leaving.stakerCount);
        delete _leaving[epoch];
        epoch = next;
    }

    function _powerOf(uint256[] memory ids) internal view returns (uint256 power) {
        for (uint256 i = 0; i < ids.length; ++i) {
            Validator storage record = _validators[ids[i]];
            power = power.add(record.amount).add(record.delegatedAmount);
        }
    }

    function _settleAbsent(uint256[] memory signers, uint256 newRewardPerStake) private {
        uint256 current = rewardPerStake;
        uint256 count = _stayingIds.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = _stayingIds[i];
            if (!_contains(signers, signers.length, id)) _settleAndSkipTo(id, current, newRewardPerStake);
        }
    }

    /// @dev Signers in their last epoch are settled now, since they are out before anybody else could do it.
    function _settleLeaving(uint256[] memory signers) private {
        for (uint256 i = 0; i < signers.length; ++i) {
            if (_validators[signers[i]].deactivationEpoch != 0) _settle(signers[i]);
        }
    }

    /// @dev The full reward, as if everybody had signed.
    function _checkpointReward(uint256 blockInterval) private returns (uint256 reward) {
        uint256 interval = checkPointBlockInterval;
        uint256 base = CHECKPOINT_REWARD;
        uint256 full = Math.min(blockInterval / interval, maxRewardedCheckpoints);
        if (full > 0 && full != prevBlockInterval) {
            base = _paced(base, full);
            prevBlockInterval = full;
        }
        if (blockInterval > interval) {
            uint256 decrease = rewardDecreasePerCheckpoint;
            uint256 steps = full == 0 ? 0 : ((full - 1) * full) / 2;
            reward = base.mul(full).sub(base.mul(steps.mul(decrease)).div(MAX_PERCENT));
            blockInterval = blockInterval.sub(full.mul(interval));
            base = base.sub(base.mul(full).mul(decrease).div(MAX_PERCENT));
        }
        reward = reward.add(blockInterval.mul(base).div(interval));
    }

    /// @dev Pays more for a checkpoint that came faster than the last one, less for a slower one.
    function _paced(uint256 base, uint256 full) private view returns (uint256) {
        uint256 previous = prevBlockInterval;
        if (previous == 0) return base;
        uint256 delta = base.mul(checkpointRewardDelta).div(MAX_PERCENT);
        return previous > full ? base.add(delta) : base.sub(delta);
    }

    function _validSigners(uint256[] memory signedBy) private view returns (uint256[] memory signers) {
        signers = new uint256[](signedBy.length);
        uint256 count;
        for (uint256 i = 0; i < signedBy.length; ++i) {
            uint256 id = signedBy[i];
            if (isValidator(id) && !_contains(signers, count, id)) signers[count++] = id;
        }
        assembly ("memory-safe") {
            mstore(signers, count)
        }
    }

    function _contains(uint256[] memory ids, uint256 count, uint256 id) private pure returns (bool) {
        for (uint256 i = 0; i < count; ++i) {
            if (ids[i] == id) return true;
        }
        return false;
    }
}
