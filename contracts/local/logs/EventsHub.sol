// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Registry} from "../registry/Registry.sol";
import {Logger} from "./Logger.sol";

/// @title Polygon's newer event logger
/// @notice Emits unbonds with a nonce, claims of them, moves of shares, commissions and reward parameters. Stands
/// behind a proxy.
contract EventsHub is Logger {
    event ShareBurnedWithId(
        uint256 indexed validatorId,
        address indexed user,
        uint256 indexed amount,
        uint256 tokens,
        uint256 nonce
    );
    event DelegatorUnstakeWithId(uint256 indexed validatorId, address indexed user, uint256 amount, uint256 nonce);
    event RewardParams(
        uint256 rewardDecreasePerCheckpoint,
        uint256 maxRewardedCheckpoints,
        uint256 checkpointRewardDelta
    );
    event UpdateCommissionRate(
        uint256 indexed validatorId,
        uint256 indexed newCommissionRate,
        uint256 indexed oldCommissionRate
    );
    event SharesTransfer(uint256 indexed validatorId, address indexed from, address indexed to, uint256 value);

    /// @notice Names the Registry, once.
    function initialize(Registry registry_) external {
        require(address(registry) == address(0), "already inited");
        registry = registry_;
    }

    function logShareBurnedWithId(
        uint256 validatorId,
        address user,
        uint256 amount,
        uint256 tokens,
        uint256 nonce
    ) external onlyValidatorContract(validatorId) {
        emit ShareBurnedWithId({validatorId: validatorId, user: user, amount: amount, tokens: tokens, nonce: nonce});
    }

    function logDelegatorUnstakedWithId(
        uint256 validatorId,
        address user,
        uint256 amount,
        uint256 nonce
    ) external onlyValidatorContract(validatorId) {
        emit DelegatorUnstakeWithId(validatorId, user, amount, nonce);
    }

    function logSharesTransfer(
        uint256 validatorId,
        address from,
        address to,
        uint256 value
    ) external onlyValidatorContract(validatorId) {
        emit SharesTransfer(validatorId, from, to, value);
    }

    function logRewardParams(
        uint256 rewardDecreasePerCheckpoint,
        uint256 maxRewardedCheckpoints,
        uint256 checkpointRewardDelta
    ) external onlyStakeManager {
        emit RewardParams(rewardDecreasePerCheckpoint, maxRewardedCheckpoints, checkpointRewardDelta);
    }

    function logUpdateCommissionRate(
        uint256 validatorId,
        uint256 newCommissionRate,
        uint256 oldCommissionRate
    ) external onlyStakeManager {
        emit UpdateCommissionRate(validatorId, newCommissionRate, oldCommissionRate);
    }
}
