// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ERC-7575: the share token's pointer to its vaults
/// @notice Tells an integrator which vault takes which asset.
/// @dev Source: EIP-7575. `type(IERC7575Share).interfaceId` is 0xf815c03d.
interface IERC7575Share {
    /// @notice The vault of `asset` is now `vault`.
    /// @param asset Token that the vault counts in.
    /// @param vault The vault.
    event VaultUpdate(address indexed asset, address vault);

    /// @notice The vault that takes an asset; zero if there is none. Never reverts.
    /// @param asset Token that the vault would count in.
    function vault(address asset) external view returns (address);
}
