// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";
import {Registry} from "../registry/Registry.sol";
import {Logger} from "./Logger.sol";

/// @title Polygon's older event logger
/// @notice Emits what happens to validators and the events of delegators that carry no unbond nonce. Counts, per
/// validator, the events that Polygon's consensus layer must see in order.
contract StakingInfo is Logger {
    /// @notice Number of the last ordered event of a validator.
    mapping(uint256 validatorId => uint256 nonce) public validatorNonce;

    event Staked(
        address indexed signer,
        uint256 indexed validatorId,
        uint256 nonce,
        uint256 indexed activationEpoch,
        uint256 amount,
        uint256 total,
        bytes signerPubkey
    );
    event Unstaked(address indexed user, uint256 indexed validatorId, uint256 amount, uint256 total);
    event UnstakeInit(
        address indexed user,
        uint256 indexed validatorId,
        uint256 nonce,
        uint256 deactivationEpoch,
        uint256 indexed amount
    );
    event Restaked(uint256 indexed validatorId, uint256 amount, uint256 total);
    event StakeUpdate(uint256 indexed validatorId, uint256 indexed nonce, uint256 indexed newAmount);
    event ClaimRewards(uint256 indexed validatorId, uint256 indexed amount, uint256 indexed totalAmount);
    event DynastyValueChange(uint256 newDynasty, uint256 oldDynasty);
    event ProposerBonusChange(uint256 newProposerBonus, uint256 oldProposerBonus);
    event RewardUpdate(uint256 newReward, uint256 oldReward);

    event ShareMinted(uint256 indexed validatorId, address indexed user, uint256 indexed amount, uint256 tokens);
    event ShareBurned(uint256 indexed validatorId, address indexed user, uint256 indexed amount, uint256 tokens);
    event DelegatorClaimedRewards(uint256 indexed validatorId, address indexed user, uint256 indexed rewards);
    event DelegatorRestaked(uint256 indexed validatorId, address indexed user, uint256 indexed totalStaked);
    event DelegatorUnstaked(uint256 indexed validatorId, address indexed user, uint256 amount);

    constructor(Registry registry_) {
        registry = registry_;
    }

    function logStaked(
        address signer,
        uint256 validatorId,
        uint256 activationEpoch,
        uint256 amount,
        uint256 total
    ) external onlyStakeManager {
        // the model identifies a signer by its address; nobody reads the key
        emit Staked({
            signer: signer,
            validatorId: validatorId,
            nonce: _nextNonce(validatorId),
            activationEpoch: activationEpoch,
            amount: amount,
            total: total,
            signerPubkey: ""
        });
    }

    function logUnstaked(address user, uint256 validatorId, uint256 amount, uint256 total) external onlyStakeManager {
        emit Unstaked(user, validatorId, amount, total);
    }

    function logUnstakeInit(
        address user,
        uint256 validatorId,
        uint256 deactivationEpoch,
        uint256 amount
    ) external onlyStakeManager {
        emit UnstakeInit({
            user: user,
            validatorId: validatorId,
            nonce: _nextNonce(validatorId),
            deactivationEpoch: deactivationEpoch,
            amount: amount
        });
    }

    function logRestaked(uint256 validatorId, uint256 amount, uint256 total) external onlyStakeManager {
        emit Restaked(validatorId, amount, total);
    }

    function logClaimRewards(uint256 validatorId, uint256 amount, uint256 totalAmount) external onlyStakeManager {
        emit ClaimRewards(validatorId, amount, totalAmount);
    }

    function logDynastyValueChange(uint256 newDynasty, uint256 oldDynasty) external onlyStakeManager {
        emit DynastyValueChange(newDynasty, oldDynasty);
    }

    function logProposerBonusChange(uint256 newProposerBonus, uint256 oldProposerBonus) external onlyStakeManager {
        emit ProposerBonusChange(newProposerBonus, oldProposerBonus);
    }

    function logRewardUpdate(uint256 newReward, uint256 oldReward) external onlyStakeManager {
        emit RewardUpdate(newReward, oldReward);
    }

    function logStakeUpdate(uint256 validatorId) external onlyStakeManagerOrValidatorContract(validatorId) {
        emit StakeUpdate(validatorId, _nextNonce(validatorId), totalValidatorStake(validatorId));
    }

    function logShareMinted(
        uint256 validatorId,
        address user,
        uint256 amount,
        uint256 tokens
    ) external onlyValidatorContract(validatorId) {
        emit ShareMinted(validatorId, user, amount, tokens);
    }

    function logShareBurned(
        uint256 validatorId,
        address user,
        uint256 amount,
        uint256 tokens
    ) external onlyValidatorContract(validatorId) {
        emit ShareBurned(validatorId, user, amount, tokens);
    }

    function logDelegatorClaimRewards(
        uint256 validatorId,
        address user,
        uint256 rewards
    ) external onlyValidatorContract(validatorId) {
        emit DelegatorClaimedRewards(validatorId, user, rewards);
    }

    function logDelegatorRestaked(
        uint256 validatorId,
        address user,
        uint256 totalStaked
    ) external onlyValidatorContract(validatorId) {
        emit DelegatorRestaked(validatorId, user, totalStaked);
    }

    function logDelegatorUnstaked(
        uint256 validatorId,
        address user,
        uint256 amount
    ) external onlyValidatorContract(validatorId) {
        emit DelegatorUnstaked(validatorId, user, amount);
    }

    /// @notice Own stake and delegations of a validator, in POL wei.
    function totalValidatorStake(uint256 validatorId) public view returns (uint256) {
        IStakeManager.Validator memory record = _record(validatorId);
        return record.amount + record.delegatedAmount;
    }

    function _nextNonce(uint256 validatorId) private returns (uint256) {
        return ++validatorNonce[validatorId];
    }
}
