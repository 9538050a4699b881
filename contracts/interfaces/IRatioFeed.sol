// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeMessage} from "../shared/messages/BridgeMessage.sol";
import {ICommonErrors} from "./ICommonErrors.sol";

/// @title What a share is worth, on Polygon
/// @notice The last totals that Ethereum reported and that were found possible. Nobody sets them: they come from the
/// bridge's adapter alone, and a rate that is not possible is refused whoever sent it.
/// @dev Assets are MATIC wei, shares are ankrMATIC wei. Before the first rate the views of it revert with `NoRate`;
/// from then on they never revert, and answer with the last rate however old it is: its age is in `lastUpdated`.
///
/// How fast the value of a share may grow: it may double in a year, pro rata of the time that passed on Ethereum, and
/// half a day's worth of that may be saved up. Whatever messages come, that is at most 0.42 % within a day, less than
/// the swap's fee of 0.5 %. The pool's own growth is about 5 % a year, and as rewards vest over 1 to 7 days it has no
/// jumps: even rewards of two months that vest within 7 days grow it at a pace of 43 % a year. What grows faster (a
/// large recovery, a large gift) is refused until time has caught up with it; meanwhile the last rate stays, and gets
/// old.
interface IRatioFeed is ICommonErrors {
    /// @notice Why a rate is refused.
    enum Refusal {
        /// It is not.
        None,
        /// A message that is not newer than the last one whose rate was accepted.
        OldNonce,
        /// Totals that no pool has: no shares, or numbers above what it can count. For the first rate: no assets, or a
        /// share worth more than 2 assets.
        Impossible,
        /// A time that has not come yet. Clocks may differ by 15 minutes.
        FutureTime,
        /// A time before that of the last rate. For the first rate: more than 7 days ago.
        OldTime,
        /// Fewer losses than before.
        FewerLosses,
        /// A share is worth less than before, without a new loss. For the first rate: less than 1 asset.
        Fell,
        /// A share is worth more than it can be by now.
        GrewTooFast
    }

    /// @notice A rate was accepted.
    /// @param nonce Number of its message.
    /// @param totalAssets Assets of the holders on Ethereum.
    /// @param totalSupply All shares on Ethereum.
    /// @param lossCount Number of losses so far.
    /// @param time Its time on Ethereum, seconds.
    event RateAccepted(uint64 indexed nonce, uint256 totalAssets, uint256 totalSupply, uint256 lossCount, uint256 time);

    /// @notice A rate was refused; the last one stays.
    /// @param nonce Number of its message.
    /// @param reason Why.
    /// @param totalAssets Assets of the holders on Ethereum, as it said.
    /// @param totalSupply All shares on Ethereum, as it said.
    /// @param lossCount Number of losses so far, as it said.
    /// @param time Its time on Ethereum, as it said, seconds.
    event RateRefused(
        uint64 indexed nonce,
        Refusal indexed reason,
        uint256 totalAssets,
        uint256 totalSupply,
        uint256 lossCount,
        uint256 time
    );

    /// @notice Only the bridge's adapter may call this.
    /// @param caller Account that called.
    error NotAdapter(address caller);

    /// @notice No rate has come from Ethereum yet.
    error NoRate();

    /// @notice Takes a rate, or refuses it with an event; no rate makes it revert.
    /// @dev Adapter only: `NotAdapter`. A lower rate with a new loss is accepted whatever it is, a total loss too.
    /// @param nonce Number of the message; messages may be left out, but none is taken twice or out of order.
    /// @param rate What the message says.
    /// @return accepted True if it is the rate now.
    function push(uint64 nonce, BridgeMessage.Rate calldata rate) external returns (bool accepted);

    /// @notice The bridge's adapter on Polygon.
    function ADAPTER() external view returns (address);

    /// @notice The totals that a share's value is the quotient of.
    /// @dev Error: `NoRate`.
    /// @return totalAssets Assets of the holders on Ethereum.
    /// @return totalSupply All shares on Ethereum; never 0.
    function totals() external view returns (uint256 totalAssets, uint256 totalSupply);

    /// @notice Assets per share with 18 decimals, rounded down.
    /// @dev Error: `NoRate`. Never falls but by a loss.
    /// @return rate Assets, wei, for 1e18 shares.
    function getRate() external view returns (uint256 rate);

    /// @notice Shares for 1e18 assets, rounded down; as on Ethereum it falls while rewards accrue.
    /// @dev Error: `NoRate`. 2^256 - 1 if the pool is worth nothing.
    function ratio() external view returns (uint256);

    /// @notice Value of shares, rounded down.
    /// @dev Errors: `NoRate`; a panic only if the result does not fit 256 bits.
    /// @param shares Shares, wei.
    /// @return assets MATIC wei.
    function convertToAssets(uint256 shares) external view returns (uint256 assets);

    /// @notice Shares that a value buys, rounded down; 0 if the pool is worth nothing.
    /// @dev Errors: `NoRate`; a panic only if the result does not fit 256 bits.
    /// @param assets MATIC wei.
    /// @return shares Shares, wei.
    function convertToShares(uint256 assets) external view returns (uint256 shares);

    /// @notice Time of the rate on Ethereum, seconds: not that of its arrival, which is at least 20 minutes later. 0 if
    /// there is none.
    function lastUpdated() external view returns (uint256);

    /// @notice All that who acts on a rate needs to know of it.
    /// @dev Error: `NoRate`.
    /// @return totalAssets Assets of the holders on Ethereum.
    /// @return totalSupply All shares on Ethereum; never 0.
    /// @return time Time of the rate on Ethereum, seconds.
    /// @return lossTime Time on Ethereum of the rate that brought the last loss, seconds; 0 if there was no loss. While
    /// both times are the same, no later rate has confirmed the loss.
    function latest() external view returns (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 lossTime);

    /// @notice Number of losses so far; 0 if there is no rate.
    function lossCount() external view returns (uint256);

    /// @notice Number of the message that brought the rate; 0 if there is none.
    function lastNonce() external view returns (uint64);

    /// @notice Whether the rate is older than that, or there is none.
    /// @param maxAge Seconds.
    /// @return stale True if it is.
    function isStale(uint256 maxAge) external view returns (bool stale);
}
