// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {IShareHooks} from "../share/IShareHooks.sol";
import {StakeManagerValidators} from "./StakeManagerValidators.sol";

/// @title What Polygon's governance may change
/// @notice Every function here fails for anyone else with "Only governance contract is authorized".
abstract contract StakeManagerGovernance is StakeManagerValidators {
    using LegacyMath for uint256;

    /// @notice Switches all delegation on or off.
    function setDelegationEnabled(bool enabled) external onlyGovernance {
        delegationEnabled = enabled;
    }

    /// @notice Removes a validator in the current epoch; pays its reward in MATIC.
    function forceUnstake(uint256 validatorId) external onlyGovernance {
        _unstake(validatorId, epoch, false);
    }

    /// @notice Removes a validator in the current epoch; pays its reward in POL.
    function forceUnstakePOL(uint256 validatorId) external onlyGovernance {
        _unstake(validatorId, epoch, true);
    }

    /// @notice Sets the epoch, forwards or back. Stake of validators that are leaving is not taken out on the way.
    function setCurrentEpoch(uint256 newEpoch) external onlyGovernance {
        epoch = newEpoch;
    }

    /// @notice Sets the reward of a checkpoint, in POL wei.
    function updateCheckpointReward(uint256 newReward) external onlyGovernance {
        require(newReward != 0);
        logger.logRewardUpdate(newReward, CHECKPOINT_REWARD);
        CHECKPOINT_REWARD = newReward;
    }

    /// @notice Sets the number of Polygon blocks that earn a full checkpoint reward.
    function updateCheckPointBlockInterval(uint256 blocks) external onlyGovernance {
        require(blocks != 0);
        checkPointBlockInterval = blocks;
    }

    /// @notice Sets how the reward falls for checkpoints that cover several intervals; percents.
    function updateCheckpointRewardParams(
        uint256 newRewardDecreasePerCheckpoint,
        uint256 newMaxRewardedCheckpoints,
        uint256 newCheckpointRewardDelta
    ) external onlyGovernance {
        require(newMaxRewardedCheckpoints.mul(newRewardDecreasePerCheckpoint) <= MAX_PERCENT);
        require(newCheckpointRewardDelta <= MAX_PERCENT);
        rewardDecreasePerCheckpoint = newRewardDecreasePerCheckpoint;
        maxRewardedCheckpoints = newMaxRewardedCheckpoints;
        checkpointRewardDelta = newCheckpointRewardDelta;
        _hub().logRewardParams(newRewardDecreasePerCheckpoint, newMaxRewardedCheckpoints, newCheckpointRewardDelta);
    }

    /// @notice Sets the unbonding delay, in epochs, for running unbonds too. Also the cooldown of commission changes.
    function updateDynastyValue(uint256 newDynasty) external onlyGovernance {
        require(newDynasty > 0);
        logger.logDynastyValueChange(newDynasty, dynasty);
        dynasty = newDynasty;
        withdrawalDelay = newDynasty;
    }

    /// @notice Sets the percentage of a checkpoint's reward that goes to its proposer alone.
    function updateProposerBonus(uint256 newProposerBonus) external onlyGovernance {
        logger.logProposerBonusChange(newProposerBonus, proposerBonus);
        require(newProposerBonus <= MAX_PERCENT, "too big");
        proposerBonus = newProposerBonus;
    }

    /// @notice Points a validator to another share contract, whose owner must be this contract.
    function updateValidatorContractAddress(uint256 validatorId, address newContractAddress) external onlyGovernance {
        require(IShareHooks(newContractAddress).owner() == address(this));
        _validators[validatorId].contractAddress = newContractAddress;
    }

    /// @notice Stops validators' restaking. Delegation goes on.
    function lock() external onlyGovernance {
        locked = true;
    }

    /// @notice Undoes `lock`.
    function unlock() external onlyGovernance {
        locked = false;
    }
}
