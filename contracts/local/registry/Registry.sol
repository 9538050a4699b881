// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Governable} from "./Governable.sol";

/// @title Polygon's registry of contract addresses
/// @notice Maps `keccak256(name)` to an address. The names used here: stakeManager, validatorShare (implementation
/// of every share contract), eventsHub, pol, matic, polygonMigration.
contract Registry is Governable {
    bytes32 private constant STAKE_MANAGER = keccak256("stakeManager");
    bytes32 private constant VALIDATOR_SHARE = keccak256("validatorShare");
    bytes32 private constant SLASHING_MANAGER = keccak256("slashingManager");

    /// @notice Address by hash of its name; zero if unknown.
    mapping(bytes32 key => address target) public contractMap;

    event ContractMapUpdated(bytes32 indexed key, address indexed previousContract, address indexed newContract);

    constructor(address governance_) {
        governance = governance_;
    }

    /// @notice Sets an entry. Governance only.
    function updateContractMap(bytes32 key, address target) external onlyGovernance {
        emit ContractMapUpdated(key, contractMap[key], target);
        contractMap[key] = target;
    }

    function getStakeManagerAddress() external view returns (address) {
        return contractMap[STAKE_MANAGER];
    }

    function getValidatorShareAddress() external view returns (address) {
        return contractMap[VALIDATOR_SHARE];
    }

    function getSlashingManagerAddress() external view returns (address) {
        return contractMap[SLASHING_MANAGER];
    }
}
