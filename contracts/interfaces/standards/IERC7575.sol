// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ERC-7575: a vault whose share is a token of its own
/// @notice The sixteen functions of ERC-4626 that are not those of an ERC-20, and `share()`.
/// @dev Source: EIP-7575 and EIP-4626. `type(IERC7575).interfaceId` is 0x2f0a18c5.
interface IERC7575 {
    /// @notice Assets came in and shares were minted for them.
    /// @param sender Account that paid.
    /// @param owner Account that received the shares.
    /// @param assets POL wei taken.
    /// @param shares Shares minted.
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);

    /// @notice A redeem request was paid.
    /// @param sender Account that called.
    /// @param receiver Account that was paid.
    /// @param owner Controller of the request (EIP-7540).
    /// @param assets POL wei paid.
    /// @param shares Shares of the request that are settled by it; they were burnt when it was made.
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    /// @notice The token in which the vault counts: POL.
    /// @return assetTokenAddress Its address.
    function asset() external view returns (address assetTokenAddress);

    /// @notice The token of the vault's shares: ankrMATIC.
    /// @return shareTokenAddress Its address.
    function share() external view returns (address shareTokenAddress);

    /// @notice Shares worth an amount of assets, rounded down.
    /// @param assets POL wei.
    /// @return shares Shares, wei; 0 if the pool is worth nothing.
    function convertToShares(uint256 assets) external view returns (uint256 shares);

    /// @notice Assets that shares are worth, rounded down.
    /// @param shares Shares, wei.
    /// @return assets POL wei.
    function convertToAssets(uint256 shares) external view returns (uint256 assets);

    /// @notice Assets that belong to the holders of shares.
    /// @return totalManagedAssets POL wei.
    function totalAssets() external view returns (uint256 totalManagedAssets);

    /// @notice Largest amount that `deposit` takes now. Never reverts.
    /// @param receiver Account that would receive the shares.
    /// @return maxAssets POL wei; 0 while stakes are paused, or if less than the smallest stake has room.
    function maxDeposit(address receiver) external view returns (uint256 maxAssets);

    /// @notice Shares that `deposit` would mint now, rounded down. Looks at no limit.
    /// @param assets POL wei.
    /// @return shares Shares, wei.
    function previewDeposit(uint256 assets) external view returns (uint256 shares);

    /// @notice Takes exactly `assets` from the caller and mints shares.
    /// @dev Needs a POL approval to the pool. Errors: `ZeroAddress`, `StakesArePaused`, `BelowMinimum`, `AboveCap`,
    /// `ZeroShares`.
    /// @param assets POL wei to take.
    /// @param receiver Account that receives the shares.
    /// @return shares Shares minted, wei, rounded down.
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);

    /// @notice Largest number of shares that `mint` gives now. Never reverts.
    /// @param receiver Account that would receive them.
    /// @return maxShares Shares, wei; 0 while stakes are paused, or if less than the smallest stake has room.
    function maxMint(address receiver) external view returns (uint256 maxShares);

    /// @notice Assets that `mint` would take now, rounded up. Looks at no limit.
    /// @param shares Shares, wei.
    /// @return assets POL wei.
    function previewMint(uint256 shares) external view returns (uint256 assets);

    /// @notice Mints exactly `shares` and takes the assets from the caller.
    /// @dev Needs a POL approval to the pool. Errors: `ZeroAddress`, `StakesArePaused`, `BelowMinimum`, `AboveCap`.
    /// @param shares Shares to mint, wei.
    /// @param receiver Account that receives them.
    /// @return assets POL wei taken, rounded up.
    function mint(uint256 shares, address receiver) external returns (uint256 assets);

    /// @notice Assets that `withdraw` can pay from the claimable requests of a controller. Never reverts.
    /// @param controller Whose requests they are.
    /// @return maxAssets POL wei.
    function maxWithdraw(address controller) external view returns (uint256 maxAssets);

    /// @notice Reverts: the exit is asynchronous (EIP-7540).
    /// @dev Error: `AsynchronousRedeem`, for any input.
    /// @param assets Of no effect.
    /// @return shares Never returned.
    function previewWithdraw(uint256 assets) external view returns (uint256 shares);

    /// @notice Pays exactly `assets` of the controller's claimable requests, oldest first, in POL.
    /// @param assets POL wei to pay.
    /// @param receiver Account to pay.
    /// @param controller Whose requests they are.
    /// @return shares Shares of the requests that are settled by it, wei, rounded up.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    /// @notice Shares that `redeem` can settle from the claimable requests of a controller. Never reverts.
    /// @param controller Whose requests they are.
    /// @return maxShares Shares, wei.
    function maxRedeem(address controller) external view returns (uint256 maxShares);

    /// @notice Reverts: the exit is asynchronous (EIP-7540).
    /// @dev Error: `AsynchronousRedeem`, for any input.
    /// @param shares Of no effect.
    /// @return assets Never returned.
    function previewRedeem(uint256 shares) external view returns (uint256 assets);

    /// @notice Settles exactly `shares` of the controller's claimable requests, oldest first, and pays POL.
    /// @param shares Shares of the requests to settle, wei.
    /// @param receiver Account to pay.
    /// @param controller Whose requests they are.
    /// @return assets POL wei paid, rounded down.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);
}
