// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BondSwitcher} from "../../../contracts/ethereum/legacy/BondSwitcher.sol";
import {IAMATICb} from "../../../contracts/interfaces/IAMATICb.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the switcher
contract BondSwitcher__Next is BondSwitcher, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IAMATICb bond, address treasury) BondSwitcher(bond, treasury) {}
}
