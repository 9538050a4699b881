// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ValidatorShareProxy} from "../proxy/ValidatorShareProxy.sol";
import {ValidatorShare} from "./ValidatorShare.sol";

/// @title Maker of share contracts
/// @notice Puts a proxy in front of the implementation that the Registry names.
contract ValidatorShareFactory {
    /// @notice Deploys and initializes the share contract of a validator, owned by the caller.
    function create(uint256 validatorId, address stakingLogger, address registry) external returns (address share) {
        share = address(new ValidatorShareProxy(registry));
        ValidatorShare(share).initialize(validatorId, stakingLogger, msg.sender);
    }
}
