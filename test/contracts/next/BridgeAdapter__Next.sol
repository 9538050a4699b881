// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeAdapter} from "../../../contracts/ethereum/bridge/BridgeAdapter.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the bridge's end on Ethereum
contract BridgeAdapter__Next is BridgeAdapter, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring, uint256 releaseCeiling) BridgeAdapter(wiring, releaseCeiling) {}
}
