// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";
import {Registry} from "../registry/Registry.sol";

/// @title Who may log
/// @notice Polygon emits most staking events from logger contracts. They look their callers up at every call.
abstract contract Logger {
    Registry public registry;

    modifier onlyStakeManager() {
        require(msg.sender == registry.getStakeManagerAddress(), "Invalid sender, not stake manager");
        _;
    }

    modifier onlyValidatorContract(uint256 validatorId) {
        require(msg.sender == _shareOf(validatorId), "Invalid sender, not validator");
        _;
    }

    modifier onlyStakeManagerOrValidatorContract(uint256 validatorId) {
        require(
            msg.sender == _shareOf(validatorId) || msg.sender == registry.getStakeManagerAddress(),
            "Invalid sender, not stake manager or validator contract"
        );
        _;
    }

    function _record(uint256 validatorId) internal view returns (IStakeManager.Validator memory) {
        return IStakeManager(registry.getStakeManagerAddress()).validators(validatorId);
    }

    function _shareOf(uint256 validatorId) private view returns (address) {
        return _record(validatorId).contractAddress;
    }
}
