// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Errors that several contracts share
/// @notice Declared once, so that one name has one meaning.
interface ICommonErrors {
    /// @notice An address that must be set is zero.
    error ZeroAddress();

    /// @notice An amount of zero shares.
    error ZeroShares();

    /// @notice A receiver at which tokens would stay for ever.
    /// @param receiver The receiver.
    error ReceiverIsDeadEnd(address receiver);

    /// @notice A message of the bridge that was taken before.
    /// @param nonce Its number.
    error MessageConsumed(uint64 nonce);

    /// @notice Nothing waits at the bridge for an account, or the limit leaves nothing now.
    /// @param receiver The account.
    error NothingToPay(address receiver);

    /// @notice A fee above the highest possible.
    /// @param bps The fee, bps.
    /// @param maximumBps Highest fee, bps.
    error FeeOutOfBounds(uint256 bps, uint256 maximumBps);

    /// @notice Only the pool may call this.
    /// @param caller Account that called.
    error NotPool(address caller);
}
