// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RatioFeed} from "../../../contracts/polygon/bridge/RatioFeed.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the feed
contract RatioFeed__Next is RatioFeed, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address adapter) RatioFeed(adapter) {}
}
