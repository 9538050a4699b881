// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {IWrappedNative} from "../../interfaces/external/polygon/IWrappedNative.sol";
import {IChildAnkrMATIC} from "../../interfaces/IChildAnkrMATIC.sol";
import {IRatioFeed} from "../../interfaces/IRatioFeed.sol";
import {ISwapPool} from "../../interfaces/ISwapPool.sol";
import {SelfEndingPause} from "../../shared/access/SelfEndingPause.sol";
import {ShareMath} from "../../shared/math/ShareMath.sol";
import {DailyLimit} from "../../shared/state/DailyLimit.sol";
import {SwapMath} from "./SwapMath.sol";

/// @title What the swap pool has, and what it is worth
/// @notice Keeps reserves, fee, limit and pause, and prices swaps and liquidity. `SwapPool` inherits it and moves the
/// tokens. Whatever makes a swap fail without regard to who calls fails here, so that quotes fail as swaps do.
abstract contract SwapLedger is ISwapPool, ERC20Upgradeable {
    using DailyLimit for RateLimiter.RefillingBucket;
    using SafeCast for uint256;
    using SelfEndingPause for uint32;
    using SwapMath for SwapMath.Rate;
    using SwapMath for SwapMath.Reserves;

    /// @dev What adding liquidity comes to.
    struct Addition {
        uint256 liquidity;
        // Locked for ever: of the first liquidity alone.
        uint256 locked;
        uint256 fee;
        // Counts in the daily limit.
        uint256 taken;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.SwapPool
    struct SwapStorage {
        // Word 0: all that a swap needs but the daily limit. 104 bits hold the highest possible supply of ankrMATIC.
        uint104 nativeReserve;
        uint104 shareReserve;
        uint32 pausedUntil;
        uint16 feeBps;
        RateLimiter.RefillingBucket payouts;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.SwapPool")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SWAP_STORAGE = 0x66dd731f235645bd3bfc85162ac0eef8276513d780d87b3b8fdbeea9c50f3500;

    /// @dev Highest age of a rate, seconds.
    uint256 private constant MAX_AGE = 24 hours;

    /// @dev A loss is confirmed by a rate so much younger than it, seconds.
    uint256 private constant CONFIRMATION = 1 hours;

    /// @dev Least value of the first liquidity, assets.
    uint256 private constant MIN_FIRST_VALUE = 1e18;

    /// @dev Part of the first liquidity that stays for ever, so that neither supply nor reserves are ever empty again.
    uint256 private constant LOCKED_LIQUIDITY = 1e15;

    /// @inheritdoc ISwapPool
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IChildAnkrMATIC public immutable TOKEN;

    /// @inheritdoc ISwapPool
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRatioFeed public immutable FEED;

    /// @inheritdoc ISwapPool
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IWrappedNative public immutable WRAPPED;

    /// @param token ankrMATIC on Polygon.
    /// @param feed Where its rate comes from.
    /// @param wrapped The wrapped native token.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IChildAnkrMATIC token, IRatioFeed feed, IWrappedNative wrapped) {
        bool complete = address(token) != address(0) && address(feed) != address(0) && address(wrapped) != address(0);
        if (!complete) revert ZeroAddress();
        TOKEN = token;
        FEED = feed;
        WRAPPED = wrapped;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ISwapPool
    function quoteStake(uint256 assets) external view returns (uint256 shares) {
        return _sharesOut(_usableRate(), assets);
    }

    /// @inheritdoc ISwapPool
    function quoteStakeFor(uint256 shares) external view returns (uint256 assets) {
        SwapMath.Rate memory rate = _usableRate();
        assets = rate.assetsInCeil(shares);
        _sharesOut(rate, assets);
    }

    /// @inheritdoc ISwapPool
    function quoteUnstake(uint256 shares) external view returns (uint256 assets, uint256 fee) {
        (assets, fee) = _assetsOut(_usableRate(), shares);
        _checkPayouts(assets);
    }

    /// @inheritdoc ISwapPool
    function quoteUnstakeFor(uint256 assets) external view returns (uint256 shares) {
        SwapMath.Rate memory rate = _usableRate();
        shares = rate.sharesInCeil(assets, _state().feeBps);
        (uint256 brought, ) = _assetsOut(rate, shares);
        _checkPayouts(brought);
    }

    /// @inheritdoc ISwapPool
    function previewAdd(uint256 shares, uint256 assets) external view returns (uint256 liquidity, uint256 fee) {
        Addition memory added = _priceAddition(shares, assets);
        _checkPayouts(added.taken);
        return (added.liquidity, added.fee);
    }

    /// @inheritdoc ISwapPool
    function previewRemove(uint256 liquidity) public view returns (uint256 assets, uint256 shares) {
        uint256 supply = totalSupply();
        SwapMath.Reserves memory left = _reserves();
        // As assets of a vault are to its shares, reserves are to liquidity.
        assets = ShareMath.assetsForSharesFloor(liquidity, left.assets, supply);
        shares = ShareMath.assetsForSharesFloor(liquidity, left.shares, supply);
    }

    /// @inheritdoc ISwapPool
    function available() external view returns (uint256 assets, uint256 shares) {
        SwapStorage storage $ = _state();
        if ($.pausedUntil.isOn() || FEED.isStale(MAX_AGE)) return (0, 0);
        (uint256 totalAssets, , uint256 time, uint256 lossTime) = FEED.latest();
        if (totalAssets == 0 || !_isConfirmed(time, lossTime)) return (0, 0);
        return (Math.min($.nativeReserve, $.payouts.available()), $.shareReserve);
    }

    /// @inheritdoc ISwapPool
    function reserves() external view returns (uint256 assets, uint256 shares) {
        SwapStorage storage $ = _state();
        return ($.nativeReserve, $.shareReserve);
    }

    /// @inheritdoc ISwapPool
    function parameters() external view returns (uint256 feeBps, uint256 dailyLimit, uint256 pausedUntil) {
        SwapStorage storage $ = _state();
        return ($.feeBps, $.payouts.limitOf(), $.pausedUntil);
    }

    // ---------------------------------------------------------------- internals: prices

    /// @dev What assets buy, if it is there.
    function _sharesOut(SwapMath.Rate memory rate, uint256 assets) internal view returns (uint256 shares) {
        shares = rate.sharesOutFloor(assets);
        if (shares == 0) revert ZeroOutput();
        uint256 reserve = _state().shareReserve;
        if (shares > reserve) revert AboveReserve(shares, reserve);
    }

    /// @dev What shares are sold for, if it is there.
    function _assetsOut(SwapMath.Rate memory rate, uint256 shares) internal view returns (uint256 assets, uint256 fee) {
        SwapStorage storage $ = _state();
        (assets, fee) = rate.assetsOutFloor(shares, $.feeBps);
        if (assets == 0) revert ZeroOutput();
        uint256 reserve = $.nativeReserve;
        if (assets > reserve) revert AboveReserve(assets, reserve);
    }

    /// @dev What liquidity the shares and assets bring; nothing of them is in the reserves yet.
    function _priceAddition(uint256 shares, uint256 assets) internal view returns (Addition memory added) {
        SwapMath.Rate memory rate = _usableRate();
        SwapMath.Reserves memory left = _reserves();
        uint256 value;
        (value, added.fee) = rate.valueAddedFloor({
            reserves: left,
            assets: assets,
            shares: shares,
            feeBps: _state().feeBps
        });
        uint256 supply = totalSupply();
        if (supply == 0) {
            if (value < MIN_FIRST_VALUE) revert FirstLiquidityTooSmall(value, MIN_FIRST_VALUE);
            (added.liquidity, added.locked) = (value - LOCKED_LIQUIDITY, LOCKED_LIQUIDITY);
            return added;
        }
        uint256 poolValue = rate.valueCeil(left);
        if (poolValue == 0) revert PoolIsWorthless();
        added.liquidity = Math.mulDiv(value, supply, poolValue);
        if (added.liquidity == 0) revert ZeroOutput();
        added.taken = left.assetsTakenCeil({assets: assets, liquidity: added.liquidity, supply: supply});
    }

    // ---------------------------------------------------------------- internals: rate, limit, reserves

    /// @dev The rate, unless swaps are paused or it cannot be relied on.
    function _usableRate() internal view returns (SwapMath.Rate memory rate) {
        uint32 pausedUntil = _state().pausedUntil;
        if (pausedUntil.isOn()) revert SwapsArePaused(pausedUntil);
        uint256 time;
        uint256 lossTime;
        (rate.totalAssets, rate.totalSupply, time, lossTime) = FEED.latest();
        // Ethereum's clock may be ahead.
        if (Math.saturatingSub(block.timestamp, time) > MAX_AGE) revert RateTooOld(time, MAX_AGE);
        if (!_isConfirmed(time, lossTime)) revert LossUnconfirmed(lossTime, lossTime + CONFIRMATION);
    }

    function _isConfirmed(uint256 time, uint256 lossTime) private pure returns (bool) {
        return lossTime == 0 || time >= lossTime + CONFIRMATION;
    }

    function _usePayouts(uint256 assets) internal {
        _checkPayouts(assets);
        // True, by the check.
        _state().payouts.tryUse(assets);
    }

    function _checkPayouts(uint256 assets) private view {
        uint256 left = _state().payouts.available();
        if (assets > left) revert AbovePayoutLimit(assets, left);
    }

    function _reserves() internal view returns (SwapMath.Reserves memory left) {
        SwapStorage storage $ = _state();
        (left.assets, left.shares) = ($.nativeReserve, $.shareReserve);
    }

    function _setReserves(uint256 assets, uint256 shares) internal {
        SwapStorage storage $ = _state();
        ($.nativeReserve, $.shareReserve) = (assets.toUint104(), shares.toUint104());
    }

    function _state() internal pure returns (SwapStorage storage $) {
        assembly {
            $.slot := SWAP_STORAGE
        }
    }
}
