// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Registry} from "../registry/Registry.sol";
import {UpgradableProxy} from "./UpgradableProxy.sol";

/// @title Proxy of one validator's share contract
/// @notice Looks its implementation up in the Registry at every call, so that one entry there upgrades all share
/// contracts at once.
contract ValidatorShareProxy is UpgradableProxy {
    /// @param registry_ The Registry; it takes the place of the implementation.
    constructor(address registry_) UpgradableProxy(registry_) {}

    function _loadImplementation() internal view override returns (address) {
        return Registry(_load(IMPLEMENTATION_SLOT)).getValidatorShareAddress();
    }
}
