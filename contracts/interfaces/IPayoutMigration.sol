// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What pays a claim in MATIC
/// @notice The one function of Polygon's migration contract that the pool calls.
interface IPayoutMigration {
    /// @notice Takes `amount` POL of the caller and pays as much MATIC to `recipient`.
    /// @dev Reverts while the migration's lock is on, or if it holds too little MATIC.
    function unmigrateTo(address recipient, uint256 amount) external;
}
