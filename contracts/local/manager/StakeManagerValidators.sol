// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {IShareHooks} from "../share/IShareHooks.sol";
import {StakeManagerPayments} from "./StakeManagerPayments.sol";
import {StakeManagerRewards} from "./StakeManagerRewards.sol";

/// @title What a validator does with its own stake
/// @notice Calls are the NFT owner's; anyone else's revert without data.
abstract contract StakeManagerValidators is StakeManagerPayments, StakeManagerRewards {
    using LegacyMath for uint256;

    /// @notice Announces to leave at the next epoch; pays the validator's reward in MATIC.
    function unstake(uint256 validatorId) external onlyStaker(validatorId) {
        _announceUnstake(validatorId, false);
    }

    /// @notice Announces to leave at the next epoch; pays the validator's reward in POL.
    function unstakePOL(uint256 validatorId) external onlyStaker(validatorId) {
        _announceUnstake(validatorId, true);
    }

    /// @notice Claims stake and last reward in MATIC, `withdrawalDelay` epochs after having left.
    function unstakeClaim(uint256 validatorId) external onlyStaker(validatorId) {
        _claimStake(validatorId, false);
    }

    /// @notice Claims stake and last reward in POL, `withdrawalDelay` epochs after having left.
    function unstakeClaimPOL(uint256 validatorId) external onlyStaker(validatorId) {
        _claimStake(validatorId, true);
    }

    /// @notice Adds MATIC and, if wished, the validator's reward to its stake.
    function restake(
        uint256 validatorId,
        uint256 amount,
        bool stakeRewards
    ) external onlyWhenUnlocked onlyStaker(validatorId) {
        _restake(validatorId, amount, stakeRewards, false);
    }

    /// @notice Adds POL and, if wished, the validator's reward to its stake.
    function restakePOL(
        uint256 validatorId,
        uint256 amount,
        bool stakeRewards
    ) external onlyWhenUnlocked onlyStaker(validatorId) {
        _restake(validatorId, amount, stakeRewards, true);
    }

    /// @notice Pays the validator's reward in MATIC.
    function withdrawRewards(uint256 validatorId) external onlyStaker(validatorId) {
        _settle(validatorId);
        _payReward(validatorId, msg.sender, false);
    }

    /// @notice Pays the validator's reward in POL.
    function withdrawRewardsPOL(uint256 validatorId) external onlyStaker(validatorId) {
        _settle(validatorId);
        _payReward(validatorId, msg.sender, true);
    }

    /// @notice Changes the commission, in percent, for rewards from now on. The first change is free, later ones need
    /// `withdrawalDelay` epochs between them.
    function updateCommissionRate(uint256 validatorId, uint256 newCommissionRate) external onlyStaker(validatorId) {
        _settle(validatorId);
        Validator storage record = _validators[validatorId];
        uint256 last = record.lastCommissionUpdate;
        require(last == 0 || last.add(withdrawalDelay) <= epoch, "Cooldown");
        require(newCommissionRate <= MAX_PERCENT, "Incorrect value");
        _hub().logUpdateCommissionRate(validatorId, newCommissionRate, record.commissionRate);
        record.commissionRate = newCommissionRate;
        record.lastCommissionUpdate = epoch;
    }

    /// @dev Leaving now (`exitEpoch` is the current epoch) takes the stake out at once, otherwise at the next
    /// checkpoint.
    function _unstake(uint256 validatorId, uint256 exitEpoch, bool inPol) internal {
        Validator storage record = _validators[validatorId];
        require(record.activationEpoch > 0 && record.deactivationEpoch == 0 && record.status == Status.Active);
        _settle(validatorId);

        uint256 amount = record.amount;
        uint256 power = amount.add(record.delegatedAmount);
        address owner = ownerOf(validatorId);
        record.deactivationEpoch = exitEpoch;
        if (record.contractAddress != address(0)) IShareHooks(record.contractAddress).lock();
        _removeStayingId(validatorId);
        _payReward(validatorId, owner, inPol);

        if (exitEpoch == epoch) {
            _takeFromTotals(power, 1);
        } else {
            Leaving storage leaving = _leaving[exitEpoch];
            leaving.amount = leaving.amount.add(power);
            leaving.stakerCount = leaving.stakerCount.add(1);
        }
        logger.logUnstakeInit(owner, validatorId, exitEpoch, amount);
    }

    function _announceUnstake(uint256 validatorId, bool inPol) private {
        _unstake(validatorId, epoch.add(1), inPol);
    }

    function _claimStake(uint256 validatorId, bool inPol) private {
        Validator storage record = _validators[validatorId];
        uint256 deactivationEpoch = record.deactivationEpoch;
        require(
            deactivationEpoch > 0 && deactivationEpoch.add(withdrawalDelay) <= epoch && record.status != Status.Unstaked
        );
        uint256 amount = record.amount;
        uint256 newTotalStaked = totalStaked.sub(amount);
        totalStaked = newTotalStaked;
        _payReward(validatorId, msg.sender, inPol);
        NFTContract.burn(validatorId);

        record.amount = 0;
        record.jailTime = 0;
        record.signer = address(0); // the key stays taken: `signerToValidator` keeps it
        record.status = Status.Unstaked;
        _push(msg.sender, amount, inPol);
        logger.logUnstaked(msg.sender, validatorId, amount, newTotalStaked);
    }

    function _restake(uint256 validatorId, uint256 amount, bool stakeRewards, bool inPol) private {
        Validator storage record = _validators[validatorId];
        require(record.deactivationEpoch == 0, "No restaking");
        if (amount > 0) _pull(msg.sender, amount, inPol);
        _settle(validatorId);
        if (stakeRewards) {
            amount = amount.add(record.reward).sub(INITIALIZED_AMOUNT);
            record.reward = INITIALIZED_AMOUNT;
        }
        uint256 newTotalStaked = totalStaked.add(amount);
        totalStaked = newTotalStaked;
        record.amount = record.amount.add(amount);
        _addToTotals(amount, 0);
        logger.logStakeUpdate(validatorId);
        logger.logRestaked(validatorId, record.amount, newTotalStaked);
    }

    /// @dev Pays even a reward of 0, with all its events.
    function _payReward(uint256 validatorId, address to, bool inPol) private {
        Validator storage record = _validators[validatorId];
        uint256 reward = record.reward.sub(INITIALIZED_AMOUNT);
        totalRewardsLiquidated = totalRewardsLiquidated.add(reward);
        record.reward = INITIALIZED_AMOUNT;
        _push(to, reward, inPol);
        logger.logClaimRewards(validatorId, reward, totalRewardsLiquidated);
    }

    function _removeStayingId(uint256 validatorId) private {
        uint256 last = _stayingIds.length - 1;
        uint256 i;
        while (_stayingIds[i] != validatorId) ++i;
        for (; i < last; ++i) _stayingIds[i] = _stayingIds[i + 1];
        _stayingIds.pop();
    }
}
