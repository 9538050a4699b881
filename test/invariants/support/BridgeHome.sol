// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeHandler} from "../handlers/BridgeHandler.sol";
import {BridgeGhosts} from "./BridgeGhosts.sol";

/// @title The way home from wherever the calls have led
/// @notice Before a campaign it fills the bridge; afterwards it brings every share back to Ethereum and the feed up to
/// date. Everything but one call is open to anyone: the manager lets the bridge mint again, since nothing else may
/// bring in what the guardian keeps out.
contract BridgeHome is BridgeHandler {
    /// More than the whole cap takes at the lowest limits.
    uint256 private constant MOST_DAYS = 150;

    constructor(Stage memory stage) BridgeHandler(stage) {}

    /// @notice A bridge in use: two users hold shares on Polygon, a third one's are on their way, and one's are on
    /// their way back.
    function begin() external {
        for (uint256 i = 0; i < 3; ++i) {
            address user = WORLD.userAt(i);
            vm.recordLogs();
            vm.prank(user);
            _noteSentDown(BRIDGE.bridge((i + 1) * 5_000e18 + 7 ** i, user), user, (i + 1) * 5_000e18 + 7 ** i);
            if (i != 2) _deliver(i + 1);
        }
        _withdrawAll(WORLD.userAt(0), 1_000e18);
    }

    /// @notice Ends with nothing on Polygon, nothing under way and nothing that waits.
    function bringHome() external {
        (uint256 minting, ) = CHILD_TOKEN.ceilingsOf(address(CHILD));
        uint256 burning = CHILD_TOKEN.burningMaxLimitOf(address(CHILD));
        vm.prank(WORLD.MANAGER());
        CHILD_TOKEN.adjustLimits(address(CHILD), minting, burning);
        BOOK.noteLimit(BridgeGhosts.Side.Mint, minting);
        BOOK.noteLimit(BridgeGhosts.Side.Burn, burning);
        for (uint256 day = 0; day < MOST_DAYS && !_isHome(); ++day) {
            vm.warp(block.timestamp + 1 days);
            _leavePolygon();
            _arriveOnEthereum();
        }
        assertTrue(_isHome(), "X9: shares are stuck");
    }

    /// @notice Ends with the pool's rate on Polygon, if it can be believed there at all.
    function bringRate() external {
        // Until all rewards are vested.
        vm.warp(block.timestamp + 60 days);
        (uint256 assets, uint256 supply) = (POOL.totalAssets(), TOKEN.totalSupply());
        Feed memory last = _feed();
        if (last.nonce == 0 ? assets == 0 || assets > 2 * supply : last.rate.assets == 0) return;
        uint256 worthBefore = last.rate.assets * supply;
        uint256 worth = assets * last.rate.supply;
        if (worth > worthBefore) vm.warp(block.timestamp + ((worth - worthBefore) * 365 days) / worthBefore + 1);
        vm.recordLogs();
        _noteSentDown(BRIDGE.syncRate(), address(0), 0);
        _deliver(BOOK.downs());
        last = _feed();
        assertEq(last.nonce, BOOK.downs(), "F6: the feed is stuck");
        assertEq(last.rate.assets, assets, "F6: the feed has another rate than the pool");
        assertEq(last.rate.supply, supply, "F6: the feed has another rate than the pool");
    }

    // ---------------------------------------------------------------- internals

    /// @dev All messages are delivered, the newest first, what waits is paid, and everyone withdraws.
    function _leavePolygon() private {
        for (uint256 nonce = BOOK.downs(); nonce != 0; --nonce) {
            if (!BOOK.isDelivered(nonce)) _deliver(nonce);
        }
        for (uint256 i = 0; i < BRIDGED.receivers(); ++i) {
            address receiver = BRIDGED.receiverAt(i);
            if (CHILD.pendingOf(receiver) != 0 && CHILD.remainingMint() != 0) _payDown(receiver);
            _withdrawAll(receiver, CHILD_TOKEN.balanceOf(receiver));
        }
    }

    /// @dev All withdrawals are proven, the newest first, and what waits is paid.
    function _arriveOnEthereum() private {
        uint256 left = CHAIN.height() - CHAIN.covered();
        if (left != 0) CHAIN.checkpoint(left);
        for (uint256 nonce = BOOK.ups(); nonce != 0; --nonce) {
            if (!BOOK.isProven(nonce)) _prove(nonce);
        }
        for (uint256 i = 0; i < BRIDGED.receivers(); ++i) {
            address receiver = BRIDGED.receiverAt(i);
            if (BRIDGE.pendingOf(receiver) != 0 && BRIDGE.remainingRelease() != 0) _payUp(receiver);
        }
    }

    /// @dev As much of it as the limit allows.
    function _withdrawAll(address user, uint256 shares) private {
        shares = _least(shares, CHILD.remainingWithdrawal());
        if (shares == 0) return;
        vm.prank(user);
        CHILD_TOKEN.approve(address(CHILD), type(uint256).max);
        vm.recordLogs();
        _withdraw(user, user, shares);
        _noteSentUp(vm.getRecordedLogs(), user, shares % 3);
    }

    function _isHome() private view returns (bool) {
        if (CHILD.minted() != BRIDGED.stranded()) return false;
        if (CHILD.totalPending() + BRIDGE.totalPending() != 0) return false;
        return BOOK.sentDown() == BOOK.arrivedDown() && BOOK.sentUp() == BOOK.arrivedUp();
    }
}
