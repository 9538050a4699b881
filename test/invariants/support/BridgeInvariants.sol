// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeAdapter} from "contracts/ethereum/bridge/BridgeAdapter.sol";
import {ChildBridgeAdapter} from "contracts/polygon/bridge/ChildBridgeAdapter.sol";
import {RatioFeed} from "contracts/polygon/bridge/RatioFeed.sol";
import {ChildAnkrMATIC} from "contracts/polygon/token/ChildAnkrMATIC.sol";
import {BridgeHandler} from "../handlers/BridgeHandler.sol";
import {BridgeChain} from "./BridgeChain.sol";
import {BridgeGhosts} from "./BridgeGhosts.sol";
import {BridgeHome} from "./BridgeHome.sol";
import {BridgeWorld} from "./BridgeWorld.sol";
import {Liveness} from "./Liveness.sol";

/// @title What must hold of the bridge after every call
/// @notice X: shares on both chains and between them. F: the feed. J: the daily limits. Handlers check what must hold
/// across a call.
abstract contract BridgeInvariants is Liveness {
    BridgeWorld internal bridged;
    BridgeGhosts internal book;
    BridgeHome internal home;
    BridgeHandler.Stage internal stage;
    BridgeAdapter internal bridge;
    ChildBridgeAdapter internal child;
    ChildAnkrMATIC internal childToken;
    RatioFeed internal feed;

    function _buildBridge() internal {
        BridgeWorld world_ = new BridgeWorld();
        _buildOn(world_);
        _useBridge(world_);
    }

    /// @dev On a world that is built: opens the books, and has some users bridge.
    function _useBridge(BridgeWorld world_) internal {
        bridged = world_;
        (bridge, child, childToken, feed) = (bridged.bridge(), bridged.child(), bridged.childToken(), bridged.feed());
        (, uint256 releases, ) = bridge.parameters();
        book = new BridgeGhosts(releases, bridged.MINTING_CEILING(), bridged.BURNING_CEILING());
        stage = BridgeHandler.Stage({world: bridged, ghosts: ghosts, book: book, chain: new BridgeChain(bridged)});
        home = new BridgeHome(stage);
        home.begin();
    }

    function _checkBridge() internal view {
        _checkShares();
        _checkReceivers();
        _checkCounts();
        _checkFeed();
        _checkLimit(BridgeGhosts.Side.Release);
        _checkLimit(BridgeGhosts.Side.Mint);
        _checkLimit(BridgeGhosts.Side.Burn);
    }

    /// @dev Everything is back on Ethereum, but for what was given away.
    function _checkHome() internal view {
        uint256 given = bridged.stranded();
        assertEq(bridge.locked(), given, "X9: something is locked, and nothing is on Polygon");
        assertEq(childToken.totalSupply(), given, "X9: something is left on Polygon");
        for (uint256 i = 0; i < bridged.receivers(); ++i) {
            address receiver = bridged.receiverAt(i);
            assertEq(book.dueDown(receiver), book.paidDown(receiver), "X9: a receiver on Polygon was not paid in full");
            assertEq(book.dueUp(receiver), book.paidUp(receiver), "X9: a receiver on Ethereum was not paid in full");
        }
    }

    // ---------------------------------------------------------------- X: shares

    function _checkShares() private view {
        uint256 underWayDown = book.sentDown() - book.arrivedDown();
        uint256 underWayUp = book.sentUp() - book.arrivedUp();
        assertEq(
            bridge.locked(),
            child.minted() + child.totalPending() + underWayDown + underWayUp,
            "X1: what is locked is not what is on Polygon, waits there, and is under way"
        );
        assertEq(
            token.balanceOf(address(bridge)),
            bridge.locked() + bridge.totalPending() + book.donated(),
            "X2: the bridge does not hold what is locked and what waits"
        );
        uint256 sum = bridged.stranded();
        for (uint256 i = 0; i < bridged.receivers(); ++i) sum += childToken.balanceOf(bridged.receiverAt(i));
        assertEq(sum, childToken.totalSupply(), "X3: the balances on Polygon are not the supply");
        assertEq(child.minted(), childToken.totalSupply(), "X3: the supply on Polygon is not what the bridge minted");
        assertEq(childToken.balanceOf(address(child)), book.donatedOnPolygon(), "X3: the bridge holds what it minted");
        assertLe(childToken.totalSupply(), childToken.supplyCap(), "X3: the cap on the supply was passed");
    }

    function _checkReceivers() private view {
        (uint256 down, uint256 up) = (0, 0);
        for (uint256 i = 0; i < bridged.receivers(); ++i) {
            address receiver = bridged.receiverAt(i);
            (uint256 waitsDown, uint256 waitsUp) = (child.pendingOf(receiver), bridge.pendingOf(receiver));
            assertEq(book.dueDown(receiver), book.paidDown(receiver) + waitsDown, "X4: a deposit was lost");
            assertEq(book.dueUp(receiver), book.paidUp(receiver) + waitsUp, "X4: a withdrawal was lost");
            (down, up) = (down + waitsDown, up + waitsUp);
        }
        assertEq(child.totalPending(), down, "X4: what waits on Polygon is not the sum of it");
        assertEq(bridge.totalPending(), up, "X4: what waits on Ethereum is not the sum of it");
    }

    function _checkCounts() private view {
        assertEq(bridge.lastNonce(), book.downs(), "X5: messages down are not counted");
        assertEq(child.lastNonce(), book.ups(), "X5: messages up are not counted");
    }

    /// @dev Nothing is consumed but what arrived.
    function _checkNumbers() internal view {
        (uint64 downs, uint64 ups) = (uint64(book.downs()), uint64(book.ups()));
        for (uint64 nonce = 1; nonce <= downs; ++nonce) {
            assertEq(child.isConsumed(nonce), book.isDelivered(nonce), "X5: a message down was consumed out of turn");
        }
        for (uint64 nonce = 1; nonce <= ups; ++nonce) {
            assertEq(bridge.isConsumed(nonce), book.isProven(nonce), "X5: a message up was consumed out of turn");
        }
        assertFalse(child.isConsumed(0) || child.isConsumed(downs + 1), "X5: what was never sent was consumed");
        assertFalse(bridge.isConsumed(0) || bridge.isConsumed(ups + 1), "X5: what was never sent was consumed");
    }

    // ---------------------------------------------------------------- F: the feed

    function _checkFeed() private view {
        uint256 nonce = book.feedNonce();
        assertEq(feed.lastNonce(), nonce, "F1: the feed has the rate of another message");
        if (nonce == 0) return;
        BridgeGhosts.Rate memory rate = book.downAt(nonce).rate;
        (uint256 assets, uint256 supply, uint256 time, ) = feed.latest();
        bool same = assets == rate.assets && supply == rate.supply && time == rate.time;
        assertTrue(same && feed.lossCount() == rate.losses, "F1: the feed has another rate than was sent");
        assertLe(
            assets * book.highestSupply(),
            book.highestAssets() * supply,
            "F2: the feed has a higher rate than the pool ever had"
        );
    }

    // ---------------------------------------------------------------- J: the limits

    function _checkLimit(BridgeGhosts.Side side) private view {
        (uint256 limit, uint256 free) = _limitOf(side);
        assertEq(limit, book.limitOf(side), "J1: the limit is not the one that was set");
        assertLe(free, limit, "J1: more is free than the limit");
        (uint256 expected, uint256 roundings) = book.freeOf(side);
        if (side == BridgeGhosts.Side.Mint) {
            uint256 room = childToken.supplyCap() - childToken.totalSupply();
            if (expected > room) expected = room;
        }
        assertLe(free, expected, "J3: a limit refills too fast");
        assertGe(free + roundings + 1, expected, "J3: a limit refills too slowly");
        (uint256 shares, uint256 highest) = book.lastDayOf(side);
        assertLe(shares, 2 * highest, "J2: more than twice the limit passed within a day");
    }

    function _limitOf(BridgeGhosts.Side side) private view returns (uint256 limit, uint256 free) {
        if (side == BridgeGhosts.Side.Release) {
            (, limit, ) = bridge.parameters();
            return (limit, bridge.remainingRelease());
        }
        if (side == BridgeGhosts.Side.Mint) {
            limit = childToken.mintingMaxLimitOf(address(child));
            return (limit, childToken.mintingCurrentLimitOf(address(child)));
        }
        limit = childToken.burningMaxLimitOf(address(child));
        return (limit, childToken.burningCurrentLimitOf(address(child)));
    }
}
