// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Polygon's wrapped native token, WPOL
/// @notice One wei of it for each native wei that it holds. Its code cannot be changed.
interface IWrappedNative is IERC20 {
    /// @notice Wraps the native tokens of the call, for the caller.
    function deposit() external payable;

    /// @notice Unwraps: pays the caller native tokens for as many of its wrapped ones.
    /// @dev Pays with 2,300 gas. Reverts without data if the caller has too few.
    /// @param amount Wei.
    function withdraw(uint256 amount) external;
}
