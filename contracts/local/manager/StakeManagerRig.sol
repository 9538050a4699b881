// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {ValidatorShare} from "../share/ValidatorShare.sol";
import {StakeManagerCheckpoints} from "./StakeManagerCheckpoints.sol";
import {StakeManagerGovernance} from "./StakeManagerGovernance.sol";

/// @title Functions that only the local model has
/// @notice Shortcuts and changes for demos and tests, open to anyone. None of them exists on a real network, and
/// those named `cheat…` do what no transaction can do there.
abstract contract StakeManagerRig is StakeManagerCheckpoints, StakeManagerGovernance {
    using LegacyMath for uint256;

    uint256 private constant BPS = 10_000;
    uint256 private constant HEIMDALL_FEE = 1 ether;

    /// Every validator ever added, lowest id first.
    uint256[] private _ids;

    /// @notice Adds a validator under an id of choice. Pulls no tokens: mint `stake` plus 1 POL (the fee for
    /// Heimdall) to this contract to keep it solvent.
    /// @param validatorId Unused id; 1 to 7 use the old rate precision.
    /// @param owner Receives the NFT.
    /// @param signer Key that signs checkpoints and switches delegation.
    /// @param stake Own stake in POL wei.
    /// @param commissionRate Percent, 0 to 100; anything but 0 uses up the first, free change.
    /// @param acceptDelegation Whether it gets a share contract.
    /// @return share The share contract, or zero.
    function addValidator(
        uint256 validatorId,
        address owner,
        address signer,
        uint256 stake,
        uint256 commissionRate,
        bool acceptDelegation
    ) external returns (address share) {
        Validator storage record = _validators[validatorId];
        require(validatorId != 0 && record.status == Status.Inactive, "id in use");
        require(signer != address(0) && signerToValidator[signer] == 0, "signer in use");
        require(commissionRate <= MAX_PERCENT, "Incorrect value");
        if (acceptDelegation) share = validatorShareFactory.create(validatorId, address(logger), registry);

        record.amount = stake;
        record.reward = INITIALIZED_AMOUNT;
        record.activationEpoch = epoch;
        record.signer = signer;
        record.contractAddress = share;
        record.status = Status.Active;
        record.commissionRate = commissionRate;
        if (commissionRate > 0) record.lastCommissionUpdate = epoch;
        record.delegatorsReward = INITIALIZED_AMOUNT;
        record.initialRewardPerStake = rewardPerStake;

        signerToValidator[signer] = validatorId;
        totalStaked = totalStaked.add(stake);
        totalHeimdallFee = totalHeimdallFee.add(HEIMDALL_FEE);
        _addToTotals(stake, 1);
        _insert(_ids, validatorId);
        _insert(_stayingIds, validatorId);
        NFTContract.mint(owner, validatorId);
        logger.logStaked({
            signer: signer,
            validatorId: validatorId,
            activationEpoch: epoch,
            amount: stake,
            total: totalStaked
        });
    }

    /// @notice One accepted checkpoint, without the RootChain's event.
    /// @param blockInterval Number of Polygon blocks that it covers.
    /// @param signedBy Ids that signed; at least two thirds of the stake.
    /// @param proposerId Validator that earns the proposer's bonus.
    /// @return reward POL wei shared out.
    function checkpoint(
        uint256 blockInterval,
        uint256[] calldata signedBy,
        uint256 proposerId
    ) external returns (uint256 reward) {
        reward = _checkpoint(blockInterval, signedBy, proposerId);
        require(reward != 0, "Invalid checkpoint");
    }

    /// @notice `count` checkpoints of one full interval in a row, signed by all active validators and proposed by
    /// the one with the lowest id.
    function checkpoints(uint256 count) external {
        _checkpoints(count, checkPointBlockInterval);
    }

    /// @notice As `checkpoints`, for checkpoints that cover `blockInterval` Polygon blocks each.
    function checkpointsOf(uint256 count, uint256 blockInterval) external {
        _checkpoints(count, blockInterval);
    }

    /// @notice Sets the reward of a checkpoint in POL wei, 0 included.
    function setCheckpointReward(uint256 newReward) external {
        CHECKPOINT_REWARD = newReward;
    }

    /// @notice Sets the unbonding delay in epochs.
    function setWithdrawalDelay(uint256 newDelay) external {
        dynasty = newDelay;
        withdrawalDelay = newDelay;
    }

    /// @notice Makes a second, empty share contract for a validator, for `updateValidatorContractAddress` to point to.
    /// @return share Its address; nothing uses it yet.
    function createShareContract(uint256 validatorId) external returns (address share) {
        return validatorShareFactory.create(validatorId, address(logger), registry);
    }

    /// @notice Takes `bps` / 10,000 off a validator's delegated stake and, unless spared, off what is unbonding
    /// from it. Settles nothing.
    function cheatSlash(uint256 validatorId, uint256 bps, bool sparePool) external {
        require(bps <= BPS, "too big");
        Validator storage record = _validators[validatorId];
        uint256 stake = record.delegatedAmount;
        uint256 slashed = stake.mul(bps) / BPS;
        record.delegatedAmount = stake - slashed;
        _takeFromTotals(slashed, 0);

        ValidatorShare share = ValidatorShare(record.contractAddress);
        uint256 pool = share.withdrawPool();
        share.cheatSetPools(stake - slashed, sparePool ? pool : pool - pool.mul(bps) / BPS);
    }

    /// @notice Sets or clears the lock of a share contract without any unstake.
    function cheatSetLocked(uint256 validatorId, bool locked_) external {
        ValidatorShare share = ValidatorShare(_validators[validatorId].contractAddress);
        if (locked_) share.lock();
        else share.unlock();
    }

    /// @notice Every validator ever added, lowest id first.
    function validatorIds() external view returns (uint256[] memory) {
        return _ids;
    }

    /// @notice Validators that would sign a checkpoint now, lowest id first.
    function activeValidatorIds() public view returns (uint256[] memory active) {
        uint256[] memory ids = _ids;
        active = new uint256[](ids.length);
        uint256 count;
        for (uint256 i = 0; i < ids.length; ++i) {
            if (isValidator(ids[i])) active[count++] = ids[i];
        }
        assembly ("memory-safe") {
            mstore(active, count)
        }
    }

    /// @dev Nobody leaves after the first of the checkpoints, so that the others need no look at the validators.
    function _checkpoints(uint256 count, uint256 blockInterval) private {
        if (count == 0) return;
        uint256[] memory active = activeValidatorIds();
        require(active.length > 0, "2/3+1 non-majority!");
        require(_checkpoint(blockInterval, active, active[0]) != 0, "Invalid checkpoint");

        if (count == 1) return;
        active = activeValidatorIds();
        require(active.length > 0, "2/3+1 non-majority!");
        uint256 power = _powerOf(active);
        for (uint256 i = 1; i < count; ++i) {
            (uint256 reward, uint256 newRewardPerStake) = _reward(blockInterval, power, active[0]);
            require(reward != 0, "Invalid checkpoint");
            rewardPerStake = newRewardPerStake;
            _beginNextEpoch();
        }
    }

    function _insert(uint256[] storage sorted, uint256 id) private {
        sorted.push(id);
        for (uint256 i = sorted.length - 1; i > 0 && sorted[i - 1] > id; --i) {
            (sorted[i], sorted[i - 1]) = (sorted[i - 1], id);
        }
    }
}
