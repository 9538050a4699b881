// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What the StakeManager calls on a share contract
/// @notice All but `owner` are for the StakeManager alone; anyone else reverts without data.
interface IShareHooks {
    function migrateOut(address user, uint256 amount) external;

    function migrateIn(address user, uint256 amount) external;

    function lock() external;

    function unlock() external;

    function updateDelegation(bool enabled) external;

    function owner() external view returns (address);
}
