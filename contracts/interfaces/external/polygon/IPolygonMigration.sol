// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Polygon's migration contract: MATIC to POL and back, 1:1
/// @notice Converts in both directions from reserves that it holds.
/// @dev Amounts are wei of both tokens. A failing token call shows as "SafeERC20: low-level call failed" or as the
/// token's own error text.
interface IPolygonMigration {
    /// @notice The way back from POL to MATIC is locked by the owner of the migration.
    error UnmigrationLocked();

    /// @notice Turns the caller's MATIC into POL. Always open.
    /// @dev Needs a MATIC approval to this contract.
    /// @param amount Wei to convert.
    function migrate(uint256 amount) external;

    /// @notice Turns the caller's POL into MATIC.
    /// @dev Needs a POL approval to this contract. Reverts with `UnmigrationLocked` while locked, and if this
    /// contract holds too little MATIC.
    /// @param amount Wei to convert.
    function unmigrate(uint256 amount) external;

    /// @notice As `unmigrate`, and pays the MATIC to `recipient`.
    /// @param recipient Receives the MATIC.
    /// @param amount Wei to convert.
    function unmigrateTo(address recipient, uint256 amount) external;

    /// @notice True while the way from POL to MATIC is closed.
    function unmigrationLocked() external view returns (bool);

    /// @notice The MATIC token.
    function matic() external view returns (address);

    /// @notice The POL token.
    function polygon() external view returns (address);
}
