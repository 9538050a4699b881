// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ChildAnkrMATIC} from "../../../contracts/polygon/token/ChildAnkrMATIC.sol";
import {IRatioFeed} from "../../../contracts/interfaces/IRatioFeed.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the share token on Polygon
contract ChildAnkrMATIC__Next is ChildAnkrMATIC, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IRatioFeed feed) ChildAnkrMATIC(feed) {}
}
