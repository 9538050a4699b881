// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Staking
/// @notice The deposit side of ERC-4626, and the same for MATIC, with a permit, and with a least result.
/// @dev The spender of every approval is the pool; tokens go from the caller straight to the delegator. The cost does
/// not depend on the number of validators.
interface IPoolDeposits {
    /// @notice Less than the smallest stake, in wei.
    error BelowMinimum(uint256 assets, uint256 minimum);

    /// @notice More than there is room for, in wei.
    error AboveCap(uint256 assets, uint256 room);

    /// @notice New stakes are paused until a time.
    error StakesArePaused(uint256 until);

    /// @notice The stake would bring fewer shares than asked.
    error TooFewShares(uint256 shares, uint256 least);

    /// @notice The caller's deadline has passed.
    error DeadlinePassed(uint256 deadline);

    /// @notice `deposit` with a signed POL approval (EIP-2612) of the caller to the pool for exactly `assets`.
    /// @dev A permit that fails, because somebody submitted it first, is ignored: the allowance decides.
    /// @return shares Shares minted, rounded down.
    function depositWithPermit(
        uint256 assets,
        address receiver,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 shares);

    /// @notice `deposit`, if it brings at least `minShares` by `deadline`.
    /// @dev Errors of `deposit`, `TooFewShares`, `DeadlinePassed`.
    /// @return shares Shares minted, rounded down.
    function stake(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external returns (uint256 shares);

    /// @notice `stake` for MATIC: counted 1:1, turned into POL by a later call.
    /// @dev Errors of `stake`, and `TooMuchUnconverted` of the delegator.
    /// @return shares Shares minted, rounded down.
    function stakeMatic(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external returns (uint256 shares);
}
