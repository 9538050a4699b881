// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Rate provider
/// @notice What Balancer's pools, and others after them, ask for the value of a share.
interface IRateProvider {
    /// @notice Assets per share with 18 decimals, rounded down.
    /// @return rate POL wei for 1e18 shares.
    function getRate() external view returns (uint256 rate);
}
