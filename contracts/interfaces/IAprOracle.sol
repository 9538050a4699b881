// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRateSource} from "./IRateSource.sol";

/// @title What holding shares earned of late, as a rate per year
/// @notice Computed from snapshots of the rate that anyone may take, at most one in 20 hours. The last 10 are kept: at
/// that pace the oldest of them is always more than 7 days old.
/// @dev All times are those of the rates on Ethereum, on Polygon too. Who takes a snapshot chooses nothing but its
/// time: the rate is the provider's, which no call within a block can raise, and it is divided by the exact time in
/// which it grew. What a gift adds is growth that somebody paid for.
interface IAprOracle {
    /// @notice A snapshot was taken.
    /// @param totalAssets Assets of the holders, POL wei.
    /// @param totalSupply All shares, wei.
    /// @param time Time of that rate on Ethereum, seconds.
    event SnapshotTaken(uint256 totalAssets, uint256 totalSupply, uint256 time);

    /// @notice A token that this is not the oracle of.
    /// @param token The token.
    error UnknownToken(address token);

    /// @notice A number of days out of its bounds.
    /// @param daysCount The number.
    /// @param maximum Highest number; the lowest is 1.
    error DaysOutOfBounds(uint256 daysCount, uint256 maximum);

    /// @notice No snapshot is that old.
    /// @param daysCount Days that it would have to be old.
    error TooFewSnapshots(uint256 daysCount);

    /// @notice The last snapshot is too young for another.
    /// @param time Time of the rate, seconds.
    /// @param earliest Lowest time that the next snapshot may have, seconds.
    error TooEarly(uint256 time, uint256 earliest);

    /// @notice Keeps the present rate; open to anyone.
    /// @dev Error: `TooEarly`; on Polygon also `NoRate`.
    function snapshot() external;

    /// @notice The rate provider of this chain.
    function SOURCE() external view returns (IRateSource);

    /// @notice The token: ankrMATIC of this chain.
    function TOKEN() external view returns (address);

    /// @notice Growth of the value of a share between the newest snapshot that is at least so many days older than the
    /// present rate, and the present rate; simple, not compounded, as a part of the value then, times a year over the
    /// exact time between the two.
    /// @dev Errors: `UnknownToken`, `DaysOutOfBounds`, `TooFewSnapshots`; on Polygon also `NoRate`. It is the past, and
    /// no promise: rewards of many weeks that vest within one are high in it. Without snapshots for long the time
    /// between is as long: `windowOf` tells.
    /// @param token ankrMATIC of this chain.
    /// @param daysCount Days, 1 to 7.
    /// @return percentage Per cent a year with 18 decimals, rounded down: 5e18 is 5 % in 365 days. 0 if the value fell,
    /// or was nothing.
    function averagePercentageRate(address token, uint256 daysCount) external view returns (uint256 percentage);

    /// @notice Time over which `averagePercentageRate` is computed.
    /// @dev Errors: `DaysOutOfBounds`, `TooFewSnapshots`; on Polygon also `NoRate`.
    /// @param daysCount Days, 1 to 7.
    /// @return from Time of the snapshot, seconds.
    /// @return to Time of the present rate, seconds.
    function windowOf(uint256 daysCount) external view returns (uint256 from, uint256 to);

    /// @notice Lowest time that the rate of the next snapshot may have, seconds; 0 before the first.
    function nextSnapshotAt() external view returns (uint256);
}
