// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ChildBridgeAdapter} from "../../../contracts/polygon/bridge/ChildBridgeAdapter.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the bridge's end on Polygon
contract ChildBridgeAdapter__Upgrade is ChildBridgeAdapter, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring) ChildBridgeAdapter(wiring) {}
}
