// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AnkrMATIC} from "../../../contracts/ethereum/token/AnkrMATIC.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the share token
contract AnkrMATIC__Next is AnkrMATIC, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address pool, address asset) AnkrMATIC(pool, asset) {}
}
