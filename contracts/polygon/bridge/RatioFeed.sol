// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRatioFeed} from "../../interfaces/IRatioFeed.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {ShareMath} from "../../shared/math/ShareMath.sol";
import {BridgeMessage} from "../../shared/messages/BridgeMessage.sol";

/// @title RatioFeed
/// @custom:security-contact SECURITY.md
/// @notice Keeps the last possible rate that came over the bridge. Called by the bridge's adapter, read by anyone;
/// calls nothing.
contract RatioFeed is IRatioFeed, Upgradeable {
    /// @custom:storage-location erc7201:ankrmatic.storage.RatioFeed
    struct FeedStorage {
        // Word 0: all that a reader of the rate and of its age needs. No shares: there is no rate yet.
        uint104 totalAssets;
        uint104 totalSupply;
        uint48 time;
        // Word 1: read and written by `push` alone.
        uint64 nonce;
        uint32 lossCount;
        // Growth so far has used up the allowance until this time, never after `time`.
        uint48 grownUntil;
        // Time of the rate that brought the last loss.
        uint48 lossTime;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.RatioFeed")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant FEED_STORAGE = 0x5ca64ce3a06ce03bfaaaad125fc2468c76f1a4358af20def2491a2128cd8d700;

    /// @dev Seconds in which the value of a share may double: so much growth, pro rata, is possible.
    uint256 private constant DOUBLING_TIME = 365 days;

    /// @dev Seconds of growth that may be saved up.
    uint256 private constant SAVED_GROWTH = 12 hours;

    /// @dev Seconds that Ethereum's clock may be ahead.
    uint256 private constant MAX_SKEW = 15 minutes;

    /// @dev Highest age of the first rate, seconds: what growth is possible after it counts from its time.
    uint256 private constant MAX_FIRST_AGE = 7 days;

    /// @dev Highest value of a share at the first rate, assets.
    uint256 private constant MAX_FIRST_VALUE = 2;

    /// @inheritdoc IRatioFeed
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable ADAPTER;

    /// @param adapter The bridge's adapter on Polygon.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address adapter) {
        if (adapter == address(0)) revert ZeroAddress();
        ADAPTER = adapter;
    }

    /// @notice Sets the authority; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    // ---------------------------------------------------------------- messages

    /// @inheritdoc IRatioFeed
    function push(uint64 nonce, BridgeMessage.Rate calldata rate) external returns (bool accepted) {
        if (msg.sender != ADAPTER) revert NotAdapter(msg.sender);
        (Refusal reason, uint256 grownUntil) = _judge(nonce, rate);
        if (reason != Refusal.None) {
            emit RateRefused({
                nonce: nonce,
                reason: reason,
                totalAssets: rate.totalAssets,
                totalSupply: rate.totalSupply,
                lossCount: rate.lossCount,
                time: rate.time
            });
            return false;
        }
        FeedStorage storage $ = _state();
        // All fit: that is among what was judged, and both times are not after the present one, but for the skew.
        ($.totalAssets, $.totalSupply, $.time) = (
            uint104(rate.totalAssets),
            uint104(rate.totalSupply),
            uint48(rate.time)
        );
        if (rate.lossCount != $.lossCount) $.lossTime = uint48(rate.time);
        ($.nonce, $.lossCount, $.grownUntil) = (nonce, uint32(rate.lossCount), uint48(grownUntil));
        emit RateAccepted({
            nonce: nonce,
            totalAssets: rate.totalAssets,
            totalSupply: rate.totalSupply,
            lossCount: rate.lossCount,
            time: rate.time
        });
        return true;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IRatioFeed
    function totals() public view returns (uint256 totalAssets, uint256 totalSupply) {
        FeedStorage storage $ = _state();
        (totalAssets, totalSupply) = ($.totalAssets, $.totalSupply);
        if (totalSupply == 0) revert NoRate();
    }

    /// @inheritdoc IRatioFeed
    function getRate() external view returns (uint256 rate) {
        return convertToAssets(1e18);
    }

    /// @inheritdoc IRatioFeed
    function ratio() external view returns (uint256) {
        uint256 shares = convertToShares(1e18);
        // No shares for a MATIC: the pool is worth nothing, and a MATIC is worth any number of them.
        return shares == 0 ? type(uint256).max : shares;
    }

    /// @inheritdoc IRatioFeed
    function convertToAssets(uint256 shares) public view returns (uint256 assets) {
        (uint256 totalAssets, uint256 totalSupply) = totals();
        return ShareMath.assetsForSharesFloor(shares, totalAssets, totalSupply);
    }

    /// @inheritdoc IRatioFeed
    function convertToShares(uint256 assets) public view returns (uint256 shares) {
        (uint256 totalAssets, uint256 totalSupply) = totals();
        return ShareMath.sharesForAssetsFloor(assets, totalAssets, totalSupply);
    }

    /// @inheritdoc IRatioFeed
    function lastUpdated() external view returns (uint256) {
        return _state().time;
    }

    /// @inheritdoc IRatioFeed
    function latest() external view returns (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 lossTime) {
        (totalAssets, totalSupply) = totals();
        FeedStorage storage $ = _state();
        (time, lossTime) = ($.time, $.lossTime);
    }

    /// @inheritdoc IRatioFeed
    function lossCount() external view returns (uint256) {
        return _state().lossCount;
    }

    /// @inheritdoc IRatioFeed
    function lastNonce() external view returns (uint64) {
        return _state().nonce;
    }

    /// @inheritdoc IRatioFeed
    function isStale(uint256 maxAge) external view returns (bool stale) {
        FeedStorage storage $ = _state();
        return $.totalSupply == 0 || Math.saturatingSub(block.timestamp, $.time) > maxAge;
    }

    // ---------------------------------------------------------------- internals

    /// @dev Whether a rate is possible, and until when its growth uses up the allowance.
    function _judge(
        uint64 nonce,
        BridgeMessage.Rate calldata rate
    ) private view returns (Refusal reason, uint256 grownUntil) {
        FeedStorage memory last = _state();
        if (nonce <= last.nonce) return (Refusal.OldNonce, 0);
        if (!_isCountable(rate)) return (Refusal.Impossible, 0);
        if (rate.time > block.timestamp + MAX_SKEW) return (Refusal.FutureTime, 0);
        return last.totalSupply == 0 ? (_judgeFirst(rate), 0) : _judgeNext(last, rate);
    }

    /// @dev Numbers that the pool can have.
    function _isCountable(BridgeMessage.Rate calldata rate) private pure returns (bool) {
        return
            rate.totalSupply != 0 &&
            rate.totalSupply <= type(uint104).max &&
            rate.totalAssets <= type(uint104).max &&
            rate.lossCount <= type(uint32).max;
    }

    /// @dev The pool starts with one asset for a share, and without a loss.
    function _judgeFirst(BridgeMessage.Rate calldata rate) private view returns (Refusal) {
        if (rate.totalAssets == 0 || rate.totalAssets > MAX_FIRST_VALUE * rate.totalSupply) return Refusal.Impossible;
        if (rate.time < Math.saturatingSub(block.timestamp, MAX_FIRST_AGE)) return Refusal.OldTime;
        return rate.totalAssets < rate.totalSupply && rate.lossCount == 0 ? Refusal.Fell : Refusal.None;
    }

    /// @dev Compares the quotients of the totals, not rounded rates. Growth is counted in the seconds that it takes at
    /// the highest possible pace, rounded up. Nothing overflows: totals are below 2^104, and a year below 2^25 seconds.
    function _judgeNext(
        FeedStorage memory last,
        BridgeMessage.Rate calldata rate
    ) private pure returns (Refusal reason, uint256 grownUntil) {
        if (rate.time < last.time) return (Refusal.OldTime, 0);
        if (rate.lossCount < last.lossCount) return (Refusal.FewerLosses, 0);
        uint256 worthBefore = uint256(last.totalAssets) * rate.totalSupply;
        uint256 worthNow = rate.totalAssets * last.totalSupply;
        grownUntil = Math.max(last.grownUntil, Math.saturatingSub(last.time, SAVED_GROWTH));
        if (worthNow < worthBefore) {
            return (rate.lossCount == last.lossCount ? Refusal.Fell : Refusal.None, grownUntil);
        }
        if (worthNow != worthBefore) {
            // From nothing there is no way back.
            if (worthBefore == 0) return (Refusal.GrewTooFast, 0);
            grownUntil += Math.ceilDiv((worthNow - worthBefore) * DOUBLING_TIME, worthBefore);
            if (grownUntil > rate.time) return (Refusal.GrewTooFast, 0);
        }
    }

    function _state() private pure returns (FeedStorage storage $) {
        assembly {
            $.slot := FEED_STORAGE
        }
    }
}
