// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Errors that several contracts share
/// @notice Declared once, so that one name has one meaning.
interface ICommonErrors {
    /// @notice An address that must be set is zero.
    error ZeroAddress();

    /// @notice Only the pool may call this.
    /// @param caller Account that called.
    error NotPool(address caller);
}
