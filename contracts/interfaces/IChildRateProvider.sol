// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRateSource} from "./IRateSource.sol";
import {IRatioFeed} from "./IRatioFeed.sol";

/// @title The rate on Polygon
/// @notice The last that came over the bridge; its age is in `lastUpdated`.
interface IChildRateProvider is IRateSource {
    /// @notice The feed of the bridge, which also tells whether the rate is older than a given age.
    function FEED() external view returns (IRatioFeed);
}
