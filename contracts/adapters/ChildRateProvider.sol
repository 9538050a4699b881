// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IChildRateProvider} from "../interfaces/IChildRateProvider.sol";
import {IRateSource} from "../interfaces/IRateSource.sol";
import {IRatioFeed} from "../interfaces/IRatioFeed.sol";
import {RateProvider} from "./RateProvider.sol";

/// @title ChildRateProvider
/// @custom:security-contact SECURITY.md
/// @notice The rate on Polygon. Called by anyone; calls views of the feed.
contract ChildRateProvider is IChildRateProvider, RateProvider {
    /// @inheritdoc IChildRateProvider
    IRatioFeed public immutable FEED;

    /// @param feed The feed.
    constructor(IRatioFeed feed) {
        FEED = feed;
    }

    /// @inheritdoc IRateSource
    function latest()
        public
        view
        override(IRateSource, RateProvider)
        returns (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 round)
    {
        (totalAssets, totalSupply, time, ) = FEED.latest();
        round = FEED.lastNonce();
    }

    function _totals() internal view override returns (uint256 totalAssets, uint256 totalSupply) {
        return FEED.totals();
    }
}
