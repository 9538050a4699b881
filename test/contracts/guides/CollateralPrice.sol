// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPriceFeed} from "../../../contracts/interfaces/IPriceFeed.sol";

/// @title What ankrMATIC is worth to a lender
/// @notice The same on both chains.
contract CollateralPrice {
    /// @notice The feed of the chain.
    IPriceFeed public immutable FEED;
    /// @notice Age from which a price is refused, seconds.
    uint256 public immutable MAX_AGE;

    /// @notice The price is too old.
    error PriceTooOld(uint256 updatedAt, uint256 maxAge);

    /// @notice All stake is lost.
    error Worthless();

    constructor(IPriceFeed feed, uint256 maxAge) {
        (FEED, MAX_AGE) = (feed, maxAge);
    }

    /// @notice The worth of shares.
    /// @param shares ankrMATIC wei.
    /// @return assets POL wei, rounded down.
    function worthOf(uint256 shares) external view returns (uint256 assets) {
        (, int256 answer, , uint256 updatedAt, ) = FEED.latestRoundData();
        // The time of the price is never ahead of the clock.
        if (block.timestamp - updatedAt > MAX_AGE) revert PriceTooOld(updatedAt, MAX_AGE);
        if (answer <= 0) revert Worthless();
        return (shares * uint256(answer)) / 1e18;
    }
}
