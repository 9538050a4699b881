// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRatioFeed} from "../../../contracts/interfaces/IRatioFeed.sol";

/// @title A reader of the rate on Polygon
contract RateOnPolygon {
    /// @notice The feed.
    IRatioFeed public immutable FEED;

    /// @notice The rate is older than a day.
    error RateTooOld(uint256 time);

    constructor(IRatioFeed feed) {
        FEED = feed;
    }

    /// @notice The worth of shares.
    /// @param shares ankrMATIC wei.
    /// @return assets POL wei, rounded down.
    function worthOf(uint256 shares) external view returns (uint256 assets) {
        if (FEED.isStale(1 days)) revert RateTooOld(FEED.lastUpdated());
        return FEED.convertToAssets(shares);
    }
}
