// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IERC7281} from "./standards/IERC7281.sol";
import {IRatioFeed} from "./IRatioFeed.sol";

/// @title ankrMATIC on Polygon
/// @notice What crossed the bridge: an ERC-20 with 18 decimals whose amount in a wallet never changes, and whose value
/// in MATIC is that of ankrMATIC on Ethereum.
/// @dev ERC-20, EIP-2612, EIP-5267 and ERC-7281.
///
/// What the token itself guarantees, whatever a bridge does: only bridges that are listed mint and burn; each, on each
/// side, at most its limit at once and as much again as refills evenly over a day; the supply never exceeds the cap; no
/// bridge burns tokens of another account without its allowance. That the supply does not exceed what is locked on
/// Ethereum is the bridge's part: it mints once for each deposit that Ethereum reported, and no more than it. So a
/// bridge is listed by the upgrader alone, in the time that a change of code takes.
///
/// UPGRADER, MANAGER and GUARDIAN are roles of the AccessManager; for anyone else their functions revert with
/// OpenZeppelin's `AccessManagedUnauthorized` or `AccessManagedRequiredDelay`.
interface IChildAnkrMATIC is IERC20Metadata, IERC7281, ICommonErrors {
    /// @notice The ceilings of a bridge were set.
    /// @param bridge The bridge.
    /// @param minting Highest limit of minting that it can be given, wei.
    /// @param burning Highest limit of burning that it can be given, wei.
    event BridgeCeilingsSet(address indexed bridge, uint256 minting, uint256 burning);

    /// @notice The cap on the supply was changed.
    /// @param previous The old one, wei.
    /// @param current The new one, wei.
    event SupplyCapSet(uint256 previous, uint256 current);

    /// @notice A limit, or a cap on the supply, above what the caller may set.
    /// @param limit The limit, wei.
    /// @param maximum Highest that it may set, wei.
    error LimitOutOfBounds(uint256 limit, uint256 maximum);

    /// @notice A limit of burning that would all but stop those who leave.
    /// @param limit The limit, wei.
    /// @param minimum Lowest that MANAGER may set, wei.
    error BurningLimitTooLow(uint256 limit, uint256 minimum);

    /// @notice There is no lockbox on Polygon: one could mint without a limit.
    /// @param lockbox The address that was to be one.
    error NoLockbox(address lockbox);

    /// @notice Lists a bridge, or changes the ceilings of one that is: both limits become the ceilings, under which
    /// MANAGER may move them. Two zeros take it off the list.
    /// @dev UPGRADER, because who can mint is as much as what the code is. A limit that is lowered bites at once, one
    /// that is raised gives nothing at once and refills at the new pace: a new bridge starts empty. Error:
    /// `LimitOutOfBounds`.
    /// @inheritdoc IERC7281
    function setLimits(address bridge, uint256 mintingLimit, uint256 burningLimit) external override;

    /// @notice Moves both limits of a bridge that is listed, under its ceilings. What it can do at once is not more
    /// than before. Burning stays possible: its limit is at least a tenth of its ceiling, rounded up.
    /// @dev MANAGER. Errors: `LimitOutOfBounds`, `BurningLimitTooLow`.
    /// @param bridge The bridge.
    /// @param mintingLimit Most that it can mint, wei.
    /// @param burningLimit Most that it can burn, wei.
    function adjustLimits(address bridge, uint256 mintingLimit, uint256 burningLimit) external;

    /// @notice Lowers the limit of minting of a bridge, or stops its minting with zero. It bites at once. Burning, by
    /// which holders leave, is not the guardian's.
    /// @dev GUARDIAN. Error: `LimitOutOfBounds` if it would rise.
    /// @param bridge The bridge.
    /// @param mintingLimit Most that it can mint, wei.
    function lowerMintingLimit(address bridge, uint256 mintingLimit) external;

    /// @notice Sets the cap on the supply. Below the present supply it only stops minting.
    /// @dev UPGRADER. Error: `LimitOutOfBounds` above 1e30.
    /// @param cap Wei.
    function setSupplyCap(uint256 cap) external;

    /// @notice Kept for its selector: there is no lockbox.
    /// @dev UPGRADER. Error: `NoLockbox` for any address but zero.
    /// @inheritdoc IERC7281
    function setLockbox(address lockbox) external override;

    /// @notice Mints what was locked on Ethereum.
    /// @dev Listed bridges only. Errors: `IXERC20_NotHighEnoughLimits` above what `mintingCurrentLimitOf` says, and
    /// from an account without a limit whatever the amount; ERC-6093's.
    /// @inheritdoc IERC7281
    function mint(address user, uint256 amount) external override;

    /// @notice Burns what leaves by the caller; of another account by its allowance, which is spent.
    /// @dev Listed bridges only. Errors: `IXERC20_NotHighEnoughLimits` above what `burningCurrentLimitOf` says, and
    /// from an account without a limit whatever the amount; ERC-6093's.
    /// @inheritdoc IERC7281
    function burn(address user, uint256 amount) external override;

    /// @notice Where the value of a share is known.
    function FEED() external view returns (IRatioFeed);

    /// @notice Highest limits that MANAGER can give a bridge; zeros if it is not listed.
    /// @param bridge The bridge.
    /// @return minting Wei.
    /// @return burning Wei.
    function ceilingsOf(address bridge) external view returns (uint256 minting, uint256 burning);

    /// @notice Most tokens that there can be, wei.
    function supplyCap() external view returns (uint256);

    /// @notice Assets per share with 18 decimals, rounded down: the feed's.
    /// @dev Error: `NoRate` of the feed.
    /// @return rate MATIC wei for 1e18 shares.
    function getRate() external view returns (uint256 rate);

    /// @notice Shares for 1e18 assets, rounded down; falls as rewards accrue. 2^256 - 1 if the pool is worth nothing.
    /// @dev Error: `NoRate` of the feed.
    function ratio() external view returns (uint256);

    /// @notice Value of shares, rounded down.
    /// @dev Error: `NoRate` of the feed.
    /// @param shares Shares, wei.
    /// @return assets MATIC wei.
    function sharesToBonds(uint256 shares) external view returns (uint256 assets);

    /// @notice Shares that a value buys, rounded down.
    /// @dev Error: `NoRate` of the feed.
    /// @param assets MATIC wei.
    /// @return shares Shares, wei.
    function bondsToShares(uint256 assets) external view returns (uint256 shares);

    /// @notice Value of an account's shares, rounded down.
    /// @dev Error: `NoRate` of the feed.
    /// @param account Holder.
    /// @return assets MATIC wei.
    function balanceWithRewardsOf(address account) external view returns (uint256 assets);

    /// @notice False: balances do not change by rewards.
    function isRebasing() external pure returns (bool);
}
