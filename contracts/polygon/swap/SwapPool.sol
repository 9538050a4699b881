// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IWrappedNative} from "../../interfaces/external/polygon/IWrappedNative.sol";
import {IChildAnkrMATIC} from "../../interfaces/IChildAnkrMATIC.sol";
import {IRatioFeed} from "../../interfaces/IRatioFeed.sol";
import {ISwapPool} from "../../interfaces/ISwapPool.sol";
import {SelfEndingPause} from "../../shared/access/SelfEndingPause.sol";
import {TokenPermit} from "../../shared/access/TokenPermit.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {DailyLimit} from "../../shared/state/DailyLimit.sol";
import {SwapLedger} from "./SwapLedger.sol";
import {SwapMath} from "./SwapMath.sol";

/// @title SwapPool
/// @custom:security-contact SECURITY.md
/// @notice Called by stakers and providers on Polygon; calls the feed's views, ankrMATIC, the wrapped native token, and
/// receivers of native tokens, who come last.
contract SwapPool is SwapLedger, Upgradeable, ReentrancyGuardTransient {
    using DailyLimit for RateLimiter.RefillingBucket;
    using SafeERC20 for IChildAnkrMATIC;
    using SafeERC20 for IWrappedNative;
    using SelfEndingPause for uint32;
    using TokenPermit for TokenPermit.Permit;

    /// @dev Highest fee, bps.
    uint256 private constant MAX_FEE_BPS = 100;

    /// @dev Lowest fee, bps: what the feed lets the rate grow between two that are a day apart, rounded up.
    uint256 private constant MIN_FEE_BPS = 42;

    /// @dev Highest daily limit, assets: a hundred times all POL.
    uint256 private constant MAX_PAYOUT_LIMIT = 1e30;

    /// @dev Has the liquidity that is locked.
    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;

    /// @param token ankrMATIC on Polygon.
    /// @param feed Where its rate comes from.
    /// @param wrapped The wrapped native token.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IChildAnkrMATIC token, IRatioFeed feed, IWrappedNative wrapped) SwapLedger(token, feed, wrapped) {}

    /// @notice Sets the authority and the parameters; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    /// @param feeBps Fee on unstaking, bps.
    /// @param dailyLimit Daily limit of what is paid out, assets; it starts full.
    function initialize(address authority, uint256 feeBps, uint256 dailyLimit) external initializer {
        __ERC20_init("ankrMATIC swap liquidity", "ankrMATIC-LP");
        __AccessManaged_init(authority);
        _setFee(feeBps);
        emit PayoutLimitSet(0, dailyLimit);
        _state().payouts.start(_bounded(dailyLimit));
    }

    /// @notice Takes what the wrapped token pays, and nothing else. Error: `NotWrappedNative`.
    /// @dev It pays with 2,300 gas; by then the proxy's slot and this code are warm.
    receive() external payable {
        if (msg.sender != address(WRAPPED)) revert NotWrappedNative(msg.sender);
    }

    // ---------------------------------------------------------------- staking

    /// @inheritdoc ISwapPool
    function stake(uint256 minShares) external payable nonReentrant returns (uint256 shares) {
        shares = _stake(msg.value, msg.sender, minShares);
        TOKEN.safeTransfer(msg.sender, shares);
    }

    /// @inheritdoc ISwapPool
    function stakeFor(
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external payable nonReentrant returns (uint256 shares) {
        _checkDeadline(deadline);
        shares = _stake(msg.value, receiver, minShares);
        TOKEN.safeTransfer(receiver, shares);
    }

    /// @inheritdoc ISwapPool
    function stakeWrapped(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external nonReentrant returns (uint256 shares) {
        _checkDeadline(deadline);
        shares = _stake(assets, receiver, minShares);
        WRAPPED.safeTransferFrom(msg.sender, address(this), assets);
        WRAPPED.withdraw(assets);
        TOKEN.safeTransfer(receiver, shares);
    }

    // ---------------------------------------------------------------- unstaking

    /// @inheritdoc ISwapPool
    function unstake(uint256 shares, uint256 minAssets) external nonReentrant returns (uint256 assets) {
        assets = _unstake(shares, msg.sender, minAssets);
        _payNative(msg.sender, assets);
    }

    /// @inheritdoc ISwapPool
    function unstakeFor(
        uint256 shares,
        address receiver,
        uint256 minAssets,
        uint256 deadline
    ) external nonReentrant returns (uint256 assets) {
        _checkDeadline(deadline);
        assets = _unstake(shares, receiver, minAssets);
        _payNative(receiver, assets);
    }

    /// @inheritdoc ISwapPool
    function unstakeWrapped(
        uint256 shares,
        address receiver,
        uint256 minAssets,
        uint256 deadline
    ) external nonReentrant returns (uint256 assets) {
        _checkDeadline(deadline);
        assets = _unstake(shares, receiver, minAssets);
        _payWrapped(receiver, assets);
    }

    /// @inheritdoc ISwapPool
    function unstakeWithPermit(
        uint256 shares,
        address receiver,
        uint256 minAssets,
        uint256 deadline,
        TokenPermit.Permit calldata permit
    ) external nonReentrant returns (uint256 assets) {
        _checkDeadline(deadline);
        permit.trySubmit(address(TOKEN));
        assets = _unstake(shares, receiver, minAssets);
        _payNative(receiver, assets);
    }

    // ---------------------------------------------------------------- liquidity

    /// @inheritdoc ISwapPool
    function addLiquidity(
        uint256 shares,
        uint256 minLiquidity,
        address receiver,
        uint256 deadline
    ) external payable nonReentrant returns (uint256 liquidity) {
        _checkDeadline(deadline);
        _checkReceiver(receiver);
        Addition memory added = _priceAddition(shares, msg.value);
        liquidity = added.liquidity;
        if (liquidity < minLiquidity) revert LessThanAsked(liquidity, minLiquidity);
        if (added.taken != 0) _usePayouts(added.taken);
        SwapMath.Reserves memory left = _reserves();
        _setReserves(left.assets + msg.value, left.shares + shares);
        if (added.locked != 0) _mint(NOBODY, added.locked);
        _mint(receiver, liquidity);
        emit LiquidityAdded({
            sender: msg.sender,
            receiver: receiver,
            assets: msg.value,
            shares: shares,
            liquidity: liquidity,
            fee: added.fee
        });
        if (shares != 0) TOKEN.safeTransferFrom(msg.sender, address(this), shares);
    }

    /// @inheritdoc ISwapPool
    function removeLiquidity(
        uint256 liquidity,
        address receiver,
        uint256 minAssets,
        uint256 minShares
    ) external nonReentrant returns (uint256 assets, uint256 shares) {
        (assets, shares) = _removeLiquidity({
            liquidity: liquidity,
            receiver: receiver,
            minAssets: minAssets,
            minShares: minShares
        });
        if (assets != 0) _payNative(receiver, assets);
    }

    /// @inheritdoc ISwapPool
    function removeLiquidityWrapped(
        uint256 liquidity,
        address receiver,
        uint256 minAssets,
        uint256 minShares
    ) external nonReentrant returns (uint256 assets, uint256 shares) {
        (assets, shares) = _removeLiquidity({
            liquidity: liquidity,
            receiver: receiver,
            minAssets: minAssets,
            minShares: minShares
        });
        if (assets != 0) _payWrapped(receiver, assets);
    }

    // ---------------------------------------------------------------- governed

    /// @inheritdoc ISwapPool
    function setFee(uint256 bps) external restricted {
        _setFee(bps);
    }

    /// @inheritdoc ISwapPool
    function setDailyLimit(uint256 limit) external restricted {
        SwapStorage storage $ = _state();
        emit PayoutLimitSet($.payouts.limitOf(), limit);
        $.payouts.change(_bounded(limit));
    }

    /// @inheritdoc ISwapPool
    function pauseSwaps(uint256 duration) external restricted {
        _setPause(_state().pausedUntil.start(duration));
    }

    /// @inheritdoc ISwapPool
    function resumeSwaps() external restricted {
        _setPause(_state().pausedUntil.stop());
    }

    // ---------------------------------------------------------------- internals: swaps

    /// @dev Checks and counts; the tokens move after it.
    function _stake(uint256 assets, address receiver, uint256 minShares) private returns (uint256 shares) {
        _checkReceiver(receiver);
        shares = _sharesOut(_usableRate(), assets);
        if (shares < minShares) revert LessThanAsked(shares, minShares);
        SwapMath.Reserves memory left = _reserves();
        _setReserves(left.assets + assets, left.shares - shares);
        emit Staked({sender: msg.sender, receiver: receiver, assets: assets, shares: shares});
    }

    /// @dev Checks, counts and takes the shares; the assets move after it. The fee never leaves the reserve.
    function _unstake(uint256 shares, address receiver, uint256 minAssets) private returns (uint256 assets) {
        _checkReceiver(receiver);
        uint256 fee;
        (assets, fee) = _assetsOut(_usableRate(), shares);
        if (assets < minAssets) revert LessThanAsked(assets, minAssets);
        _usePayouts(assets);
        SwapMath.Reserves memory left = _reserves();
        _setReserves(left.assets - assets, left.shares + shares);
        emit Unstaked({sender: msg.sender, receiver: receiver, shares: shares, assets: assets, fee: fee});
        TOKEN.safeTransferFrom(msg.sender, address(this), shares);
    }

    // ---------------------------------------------------------------- internals: liquidity

    /// @dev Checks and counts, and pays the shares; the assets move after it.
    function _removeLiquidity(
        uint256 liquidity,
        address receiver,
        uint256 minAssets,
        uint256 minShares
    ) private returns (uint256 assets, uint256 shares) {
        _checkReceiver(receiver);
        (assets, shares) = previewRemove(liquidity);
        if (assets == 0 && shares == 0) revert ZeroOutput();
        if (assets < minAssets) revert LessThanAsked(assets, minAssets);
        if (shares < minShares) revert LessThanAsked(shares, minShares);
        _burn(msg.sender, liquidity);
        SwapMath.Reserves memory left = _reserves();
        _setReserves(left.assets - assets, left.shares - shares);
        emit LiquidityRemoved({
            sender: msg.sender,
            receiver: receiver,
            liquidity: liquidity,
            assets: assets,
            shares: shares
        });
        if (shares != 0) TOKEN.safeTransfer(receiver, shares);
    }

    // ---------------------------------------------------------------- internals: payments, checks

    function _payNative(address receiver, uint256 assets) private {
        Address.sendValue(payable(receiver), assets);
    }

    function _payWrapped(address receiver, uint256 assets) private {
        WRAPPED.deposit{value: assets}();
        WRAPPED.safeTransfer(receiver, assets);
    }

    function _checkDeadline(uint256 deadline) private view {
        if (block.timestamp > deadline) revert SwapExpired(deadline);
    }

    /// @dev None of these could move on what it got.
    function _checkReceiver(address receiver) private view {
        if (receiver == address(0)) revert ZeroAddress();
        bool isDeadEnd = receiver == address(this) || receiver == address(TOKEN) || receiver == address(WRAPPED);
        if (isDeadEnd) revert ReceiverIsDeadEnd(receiver);
    }

    function _bounded(uint256 limit) private pure returns (uint256) {
        if (limit > MAX_PAYOUT_LIMIT) revert PayoutLimitOutOfBounds(limit, MAX_PAYOUT_LIMIT);
        return limit;
    }

    function _setFee(uint256 bps) private {
        if (bps > MAX_FEE_BPS) revert FeeOutOfBounds(bps, MAX_FEE_BPS);
        if (bps < MIN_FEE_BPS) revert FeeTooLow(bps, MIN_FEE_BPS);
        SwapStorage storage $ = _state();
        emit UnstakeFeeSet($.feeBps, bps);
        // At most MAX_FEE_BPS.
        $.feeBps = uint16(bps);
    }

    function _setPause(uint32 until) private {
        _state().pausedUntil = until;
        emit SwapsPauseSet(msg.sender, until);
    }
}
