// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IERC7575Share} from "./standards/IERC7575Share.sol";

/// @title ankrMATIC, the share of the pool
/// @notice A reward-bearing ERC-20 with 18 decimals: the amount in a wallet never changes, its value in MATIC grows.
/// @dev ERC-20, EIP-2612, EIP-5267, and the share of ERC-7575. Only the pool mints, against assets received in the same
/// call, and burns, from the caller or with its allowance.
interface IAnkrMATIC is IERC20Metadata, IERC7575Share, IERC165, ICommonErrors {
    /// @notice The pool that this is the share of.
    function POOL() external view returns (address);

    /// @notice Mints shares.
    /// @dev Pool only: `NotPool`.
    /// @param receiver Account that receives them.
    /// @param shares Shares, wei.
    function mint(address receiver, uint256 shares) external;

    /// @notice Burns shares.
    /// @dev Pool only: `NotPool`; ERC-6093's errors if the owner's balance or the spender's allowance is too small. An
    /// allowance given to the pool itself authorises nothing.
    /// @param owner Account whose shares are burnt.
    /// @param spender Account that asked the pool for it: the owner itself, or one whose ERC-20 allowance is spent.
    /// @param shares Shares, wei.
    function burn(address owner, address spender, uint256 shares) external;

    /// @notice Shares for 1e18 assets, rounded down: starts at 1e18 and falls as rewards accrue.
    /// @dev 2^256 - 1 if the pool is worth nothing.
    function ratio() external view returns (uint256);

    /// @notice Value of shares, rounded down.
    /// @param shares Shares, wei.
    /// @return assets MATIC wei.
    function sharesToBonds(uint256 shares) external view returns (uint256 assets);

    /// @notice Shares that a value buys, rounded down.
    /// @param assets MATIC wei.
    /// @return shares Shares, wei.
    function bondsToShares(uint256 assets) external view returns (uint256 shares);

    /// @notice Value of an account's shares, rounded down.
    /// @param account Holder.
    /// @return assets MATIC wei.
    function balanceWithRewardsOf(address account) external view returns (uint256 assets);

    /// @notice An account's shares; the same as `balanceOf`.
    /// @param account Holder.
    /// @return shares Shares, wei.
    function sharesOf(address account) external view returns (uint256 shares);

    /// @notice All shares; the same as `totalSupply`.
    /// @return shares Shares, wei.
    function totalSharesSupply() external view returns (uint256 shares);

    /// @notice False: balances do not change by rewards.
    function isRebasing() external pure returns (bool);
}
