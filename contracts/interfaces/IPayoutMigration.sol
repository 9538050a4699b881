// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What pays a claim in MATIC
/// @notice The one function of Polygon's migration contract that the pool calls.
interface IPayoutMigration {
    /// @notice Takes POL of the caller and pays as much MATIC.
    /// @dev Reverts while the migration's lock is on, or if it holds too little MATIC.
    /// @param recipient Account to pay.
    /// @param amount Wei of POL taken and of MATIC paid.
    function unmigrateTo(address recipient, uint256 amount) external;
}
