// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Delegator} from "../../../contracts/ethereum/delegator/Delegator.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the vault
contract Delegator__Next is Delegator, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring, uint256 maxShareBps) Delegator(wiring, maxShareBps) {}
}
