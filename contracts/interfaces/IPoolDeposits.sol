// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Staking
/// @notice The deposit side of ERC-4626, and the same for MATIC, with a permit, and with a least result.
/// @dev The spender of every approval is the pool; tokens go from the caller straight to the delegator. The cost does
/// not depend on the number of validators.
interface IPoolDeposits {
    /// @notice Less than the smallest stake.
    /// @param assets Stake asked for, wei.
    /// @param minimum Smallest stake, wei.
    error BelowMinimum(uint256 assets, uint256 minimum);

    /// @notice More than there is room for.
    /// @param assets Stake asked for, wei.
    /// @param room What the cap leaves, wei.
    error AboveCap(uint256 assets, uint256 room);

    /// @notice New stakes are paused.
    /// @param until Time at which the pause ends.
    error StakesArePaused(uint256 until);

    /// @notice The stake would bring fewer shares than asked.
    /// @param shares What it would bring, wei.
    /// @param least What was asked, wei.
    error TooFewShares(uint256 shares, uint256 least);

    /// @notice The caller's deadline has passed.
    /// @param deadline The deadline, a time.
    error DeadlinePassed(uint256 deadline);

    /// @notice `deposit` with a signed POL approval (EIP-2612) of the caller to the pool for exactly `assets`.
    /// @dev A permit that fails, because somebody submitted it first, is ignored: the allowance decides. Errors as
    /// `deposit`.
    /// @param assets POL wei to take.
    /// @param receiver Account that receives the shares.
    /// @param deadline Last time at which the permit is valid.
    /// @param v Signature, recovery id.
    /// @param r Signature, first word.
    /// @param s Signature, second word.
    /// @return shares Shares minted, wei, rounded down.
    function depositWithPermit(
        uint256 assets,
        address receiver,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 shares);

    /// @notice `deposit`, if it brings enough in time.
    /// @dev Errors of `deposit`, `TooFewShares`, `DeadlinePassed`.
    /// @param assets POL wei to take.
    /// @param receiver Account that receives the shares.
    /// @param minShares Fewest shares to accept, wei.
    /// @param deadline Last time at which the call may be included.
    /// @return shares Shares minted, wei, rounded down.
    function stake(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external returns (uint256 shares);

    /// @notice `stake` for MATIC: counted 1:1, turned into POL by a later call.
    /// @dev Errors of `stake`, and `TooMuchUnconverted` of the delegator.
    /// @param assets MATIC wei to take.
    /// @param receiver Account that receives the shares.
    /// @param minShares Fewest shares to accept, wei.
    /// @param deadline Last time at which the call may be included.
    /// @return shares Shares minted, wei, rounded down.
    function stakeMatic(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external returns (uint256 shares);
}
