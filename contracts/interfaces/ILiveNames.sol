// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title The names that live integrations call
/// @notice Aliases with the meanings and units that they have had; each forwards to the function named by its standard.
/// The share token has the others: `ratio`, `sharesToBonds`, `bondsToShares`.
interface ILiveNames {
    /// @notice A stake came in by its live name.
    /// @param staker Account that paid.
    /// @param amount MATIC wei.
    /// @param isRebasing False: ankrMATIC was minted.
    event StakePendingV2(address indexed staker, uint256 amount, bool indexed isRebasing);

    /// @notice A request to unstake was made by its live name.
    /// @param staker Account whose shares were burnt.
    /// @param amount MATIC wei that it is owed.
    /// @param shares Shares burnt.
    /// @param fee Always 0.
    /// @param isRebasing False: ankrMATIC was burnt.
    event TokensBurned(address indexed staker, uint256 amount, uint256 shares, uint256 fee, bool indexed isRebasing);

    /// @notice Requests were claimed by their ids.
    /// @param claimer Account that was paid.
    /// @param amount POL or MATIC wei.
    event ClaimsServed(address indexed claimer, uint256 amount);

    /// @notice A legacy parameter of `unstakeCerts` was set: there are no fees and no signatures.
    /// @param fee Fee given.
    /// @param useBeforeBlock Block given.
    /// @param signatureLength Bytes of the signature given.
    error LegacyParameters(uint256 fee, uint256 useBeforeBlock, uint256 signatureLength);

    /// @notice Stakes MATIC of the caller and mints ankrMATIC to it, rounded down.
    /// @dev Needs a MATIC approval to the pool. Errors as `IPoolDeposits.stakeMatic` without bounds.
    /// @param amount MATIC wei, at least `getMinimumStake()`.
    function stakeAndClaimCerts(uint256 amount) external;

    /// @notice Requests to unstake shares of the caller, who is the controller of the request.
    /// @dev Errors as `requestRedeem`, and `LegacyParameters`.
    /// @param shares Shares to burn, wei.
    /// @param fee Must be 0.
    /// @param useBeforeBlock Must be 0.
    /// @param signature Must be empty.
    function unstakeCerts(uint256 shares, uint256 fee, uint256 useBeforeBlock, bytes calldata signature) external;

    /// @notice Smallest stake, MATIC wei.
    function getMinimumStake() external pure returns (uint256);

    /// @notice Fee of unstaking, ETH wei: 0.
    function ethUnstakeFee() external pure returns (uint256);
}
