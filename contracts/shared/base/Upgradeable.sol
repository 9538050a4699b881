// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @title Base of every upgradeable contract
/// @notice UUPS (ERC-1822, ERC-1967) under one AccessManager: who may upgrade, and after which delay, is the manager's
/// configuration for `upgradeToAndCall`. Implementations cannot be initialized.
abstract contract Upgradeable is AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @dev `restricted` looks at the selector that entered the proxy, which is `upgradeToAndCall`.
    function _authorizeUpgrade(address newImplementation) internal override restricted {}
}
