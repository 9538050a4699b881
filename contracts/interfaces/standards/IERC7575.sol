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

    /// @notice The token in which the vault counts.
    function asset() external view returns (address assetTokenAddress);

    /// @notice The token of the vault's shares.
    function share() external view returns (address shareTokenAddress);

    /// @notice Shares worth `assets`, rounded down.
    function convertToShares(uint256 assets) external view returns (uint256 shares);

    /// @notice Assets that `shares` are worth, rounded down.
    function convertToAssets(uint256 shares) external view returns (uint256 assets);

    /// @notice Assets that belong to the holders of shares.
    function totalAssets() external view returns (uint256 totalManagedAssets);

    /// @notice Largest amount that `deposit` takes for `receiver` now.
    function maxDeposit(address receiver) external view returns (uint256 maxAssets);

    /// @notice Shares that `deposit(assets, …)` would mint now, rounded down.
    function previewDeposit(uint256 assets) external view returns (uint256 shares);

    /// @notice Takes exactly `assets` from the caller and mints shares to `receiver`.
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);

    /// @notice Largest number of shares that `mint` gives `receiver` now.
    function maxMint(address receiver) external view returns (uint256 maxShares);

    /// @notice Assets that `mint(shares, …)` would take now, rounded up.
    function previewMint(uint256 shares) external view returns (uint256 assets);

    /// @notice Mints exactly `shares` to `receiver` and takes the assets from the caller.
    function mint(uint256 shares, address receiver) external returns (uint256 assets);

    /// @notice Assets that `withdraw` can pay from the claimable requests of `controller`.
    function maxWithdraw(address controller) external view returns (uint256 maxAssets);

    /// @notice Reverts: the exit is asynchronous (EIP-7540).
    function previewWithdraw(uint256 assets) external view returns (uint256 shares);

    /// @notice Pays exactly `assets` of the controller's claimable requests to `receiver`.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    /// @notice Shares that `redeem` can settle from the claimable requests of `controller`.
    function maxRedeem(address controller) external view returns (uint256 maxShares);

    /// @notice Reverts: the exit is asynchronous (EIP-7540).
    function previewRedeem(uint256 shares) external view returns (uint256 assets);

    /// @notice Settles exactly `shares` of the controller's claimable requests and pays `receiver`.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);
}
