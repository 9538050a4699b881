// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Vm, VmSafe} from "forge-std/Vm.sol";

import {FxChild} from "@maticnetwork/fx-portal/contracts/FxChild.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {BridgeAdapter} from "contracts/ethereum/bridge/BridgeAdapter.sol";
import {ChildBridgeAdapter} from "contracts/polygon/bridge/ChildBridgeAdapter.sol";
import {RatioFeed} from "contracts/polygon/bridge/RatioFeed.sol";
import {ChildAnkrMATIC} from "contracts/polygon/token/ChildAnkrMATIC.sol";
import {BridgeChain} from "../support/BridgeChain.sol";
import {BridgeGhosts} from "../support/BridgeGhosts.sol";
import {BridgeProofs} from "../support/BridgeProofs.sol";
import {BridgeWorld} from "../support/BridgeWorld.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {Handler} from "./Handler.sol";

/// @title What the handlers of the bridge share
/// @notice Each move over the bridge, with what must hold across it. A move that should be possible never reverts.
abstract contract BridgeHandler is Handler {
    /// @dev What the bridge's campaigns are built of.
    struct Stage {
        BridgeWorld world;
        Ghosts ghosts;
        BridgeGhosts book;
        BridgeChain chain;
    }

    /// @dev What the feed says.
    struct Feed {
        uint256 nonce;
        uint256 lossTime;
        BridgeGhosts.Rate rate;
    }

    bytes32 private constant STATE_SYNCED = keccak256("StateSynced(uint256,address,bytes)");
    bytes32 private constant MESSAGE_SENT = keccak256("MessageSent(bytes)");
    /// What Polygon's StateReceiver gives to FxChild.
    uint256 private constant STIPEND = 5_000_000;
    uint256 private constant YEAR = 365 days;

    BridgeWorld internal immutable BRIDGED;
    BridgeGhosts internal immutable BOOK;
    BridgeChain internal immutable CHAIN;
    BridgeAdapter internal immutable BRIDGE;
    ChildBridgeAdapter internal immutable CHILD;
    ChildAnkrMATIC internal immutable CHILD_TOKEN;
    RatioFeed internal immutable FEED;
    FxChild internal immutable FX_CHILD;
    address internal immutable STATE_RECEIVER;
    address internal immutable STRANGER;

    constructor(Stage memory stage) Handler(stage.world, stage.ghosts) {
        (BRIDGED, BOOK, CHAIN) = (stage.world, stage.book, stage.chain);
        (BRIDGE, CHILD, CHILD_TOKEN) = (BRIDGED.bridge(), BRIDGED.child(), BRIDGED.childToken());
        (FEED, FX_CHILD) = (BRIDGED.feed(), BRIDGED.fxChild());
        (STATE_RECEIVER, STRANGER) = (BRIDGED.STATE_RECEIVER(), BRIDGED.STRANGER());
    }

    // ---------------------------------------------------------------- down: sent

    /// @dev Reads what the call sent, compares it with the pool, and writes it down.
    function _noteSentDown(uint64 nonce, address receiver, uint256 shares) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (, , , uint256 losses) = POOL.parameters();
        BridgeGhosts.Rate memory rate = BridgeGhosts.Rate({
            assets: POOL.totalAssets(),
            supply: TOKEN.totalSupply(),
            losses: losses,
            time: block.timestamp
        });
        assertEq(nonce, BOOK.downs() + 1, "X5: a message down has another number");
        uint256 kind = shares == 0 ? 2 : 1;
        bytes memory message = abi.encodePacked(
            abi.encode(1, kind, nonce, receiver, shares),
            abi.encode(rate.assets, rate.supply, rate.losses, rate.time)
        );
        (uint256 stateId, bytes memory data) = _stateSynced(logs);
        assertEq(data, abi.encode(BRIDGE, CHILD, message), "X8: a message down says something else");
        BOOK.noteSentDown(
            BridgeGhosts.Down({
                stateId: stateId,
                data: data,
                receiver: receiver,
                shares: shares,
                rate: rate,
                delivered: false
            })
        );
    }

    /// @dev The one message that StateSender numbered.
    function _stateSynced(Vm.Log[] memory logs) internal pure returns (uint256 stateId, bytes memory data) {
        uint256 found = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != STATE_SYNCED) continue;
            ++found;
            (stateId, data) = (uint256(logs[i].topics[1]), abi.decode(logs[i].data, (bytes)));
        }
        assertEq(found, 1, "X8: a call sent no message, or several");
    }

    // ---------------------------------------------------------------- down: delivered

    /// @dev A message that was not delivered yet is taken, whatever came before: it pays what is due as far as the
    /// limit goes, and the feed judges its rate on its own.
    function _deliver(uint256 nonce) internal {
        BridgeGhosts.Down memory message = BOOK.downAt(nonce);
        address receiver = message.receiver;
        Feed memory before = _feed();
        (uint256 balance, uint256 waiting) = (CHILD_TOKEN.balanceOf(receiver), CHILD.pendingOf(receiver));
        uint256 expected = _least(waiting + message.shares, CHILD.remainingMint());
        if (message.shares == 0) expected = 0;
        vm.recordLogs();
        vm.prank(STATE_RECEIVER);
        FX_CHILD.onStateReceive{gas: STIPEND}(message.stateId, message.data);
        _checkNoMessageUp();

        uint256 paid = CHILD_TOKEN.balanceOf(receiver) - balance;
        assertEq(paid, expected, "X6: an arrival did not mint what it could");
        uint256 rest = message.shares == 0 ? waiting : waiting + message.shares - paid;
        assertEq(CHILD.pendingOf(receiver), rest, "X4: the rest of an arrival does not wait");
        BOOK.noteArrivedDown(nonce);
        BOOK.notePaidDown(receiver, paid);
        _checkFeed(nonce, message.rate, before);
    }

    /// @dev Mints what waits, as far as the limit goes.
    function _payDown(address receiver) internal {
        uint256 expected = _least(CHILD.pendingOf(receiver), CHILD.remainingMint());
        uint256 balance = CHILD_TOKEN.balanceOf(receiver);
        vm.prank(STRANGER);
        uint256 paid = CHILD.payPending(receiver);
        assertEq(paid, expected, "X6: what waits was not minted as far as the limit goes");
        assertEq(CHILD_TOKEN.balanceOf(receiver), balance + paid, "X6: another sum was minted than was said");
        BOOK.notePaidDown(receiver, paid);
    }

    // ---------------------------------------------------------------- up: sent

    /// @dev Writes down every withdrawal among the logs of a transaction, which is mined alone, or before or after one
    /// of a contract that copies its logs.
    function _noteSentUp(Vm.Log[] memory logs, address receiver, uint256 shape) internal {
        uint256 index = shape % 3 == 2 ? 1 : 0;
        bytes[] memory receipts = new bytes[](shape % 3 == 0 ? 1 : 2);
        receipts[index] = BridgeProofs.receiptOf(logs, shape % 2 == 0);
        if (receipts.length == 2) receipts[1 - index] = BridgeProofs.receiptOf(_copied(logs), true);
        uint256 number = CHAIN.mine(receipts);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(CHILD) || logs[i].topics[0] != MESSAGE_SENT) continue;
            bytes memory message = abi.decode(logs[i].data, (bytes));
            assertEq(message.length, 5 * 32, "X8: a message up has another length");
            uint256[5] memory words = abi.decode(message, (uint256[5]));
            bool right = words[0] == 1 && words[1] == 1 && words[3] == uint160(receiver);
            assertTrue(right, "X8: a message up says something else");
            assertEq(words[2], BOOK.ups() + 1, "X5: a message up has another number");
            BOOK.noteSentUp(
                BridgeGhosts.Up({
                    receiver: receiver,
                    shares: words[4],
                    number: number,
                    index: index,
                    position: i,
                    proven: false
                })
            );
        }
    }

    /// @dev Burns, and compares what was sent with what was burned. The logs are left to be read.
    function _withdraw(address user, address receiver, uint256 shares) internal {
        (uint256 balance, uint256 minted) = (CHILD_TOKEN.balanceOf(user), CHILD.minted());
        vm.prank(user);
        CHILD.withdraw(shares, receiver);
        assertEq(CHILD_TOKEN.balanceOf(user), balance - shares, "X6: a withdrawal burned something else");
        assertEq(CHILD.minted(), minted - shares, "X6: a withdrawal was not counted");
    }

    // ---------------------------------------------------------------- up: proven

    /// @dev A withdrawal that is in a checkpoint and was not proven yet is taken, whatever came before.
    function _prove(uint256 nonce) internal {
        BridgeGhosts.Up memory message = BOOK.upAt(nonce);
        address receiver = message.receiver;
        (uint256 balance, uint256 waiting) = (TOKEN.balanceOf(receiver), BRIDGE.pendingOf(receiver));
        uint256 expected = _least(waiting + message.shares, BRIDGE.remainingRelease());
        bytes memory payload = RLP.encode(CHAIN.fieldsOf(message.number, message.index, message.position));
        vm.prank(STRANGER);
        uint256 paid = BRIDGE.receiveMessage(payload);
        assertEq(paid, expected, "X6: a proof did not release what it could");
        assertEq(TOKEN.balanceOf(receiver), balance + paid, "X6: another sum was released than was said");
        assertEq(BRIDGE.pendingOf(receiver), waiting + message.shares - paid, "X4: the rest of a proof does not wait");
        BOOK.noteArrivedUp(nonce);
        BOOK.notePaidUp(receiver, paid);
    }

    /// @dev Releases what waits, as far as the limit goes.
    function _payUp(address receiver) internal {
        uint256 expected = _least(BRIDGE.pendingOf(receiver), BRIDGE.remainingRelease());
        uint256 balance = TOKEN.balanceOf(receiver);
        vm.prank(STRANGER);
        uint256 paid = BRIDGE.payPending(receiver);
        assertEq(paid, expected, "X6: what waits was not released as far as the limit goes");
        assertEq(TOKEN.balanceOf(receiver), balance + paid, "X6: another sum was released than was said");
        BOOK.notePaidUp(receiver, paid);
    }

    // ---------------------------------------------------------------- the feed

    function _feed() internal view returns (Feed memory feed) {
        feed.nonce = FEED.lastNonce();
        if (feed.nonce == 0) return feed;
        (feed.rate.assets, feed.rate.supply, feed.rate.time, feed.lossTime) = FEED.latest();
        feed.rate.losses = FEED.lossCount();
    }

    /// @dev The rate is that of the message, or what it was. What the pool really had is refused only if something
    /// newer is there, or if it came late or grew faster than is believed.
    function _checkFeed(uint256 nonce, BridgeGhosts.Rate memory rate, Feed memory before) private {
        Feed memory since = _feed();
        bool taken = since.nonce == nonce;
        if (nonce <= before.nonce) {
            assertFalse(taken, "F3: an old rate was taken");
        } else if (before.nonce == 0) {
            bool possible = rate.assets != 0 && rate.assets <= 2 * rate.supply;
            assertEq(taken, possible && rate.time + 7 days >= block.timestamp, "F4: a first rate was misjudged");
        } else {
            _checkNewer(rate, before.rate, taken);
        }
        Feed memory expected = before;
        if (taken) {
            uint256 lossTime = rate.losses == before.rate.losses ? before.lossTime : rate.time;
            expected = Feed({nonce: nonce, lossTime: lossTime, rate: rate});
            BOOK.noteFeed(nonce);
        }
        assertEq(abi.encode(since), abi.encode(expected), "F5: the feed has something that was not sent");
    }

    function _checkNewer(BridgeGhosts.Rate memory rate, BridgeGhosts.Rate memory last, bool taken) private pure {
        (uint256 worth, uint256 worthBefore) = (rate.assets * last.supply, last.assets * rate.supply);
        if (worth < worthBefore) {
            assertGt(rate.losses, last.losses, "F3: the pool sent a lower rate without a loss");
            assertTrue(taken, "F4: a loss was refused");
        } else if (worth == worthBefore) {
            assertTrue(taken, "F4: the same rate was refused");
        } else if (worthBefore == 0) {
            assertFalse(taken, "F2: nothing became something");
        } else {
            uint256 grown = (worth - worthBefore) * YEAR;
            uint256 time = rate.time - last.time;
            if (taken) assertLe(grown, worthBefore * (time + 12 hours), "F2: a rate that grew too fast was taken");
            else assertGt(grown, worthBefore * time, "F4: a rate that grew slowly was refused");
        }
    }

    // ---------------------------------------------------------------- internals

    function _least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @dev Shares from 1 on: all of them in one of four cases, a few wei in another.
    function _part(uint256 seed, uint256 highest) internal pure returns (uint256 amount) {
        vm.assume(highest != 0);
        uint256 kind = _mix(seed) % 4;
        if (kind == 0) return highest;
        if (kind == 1) return bound(seed, 1, _least(highest, 3));
        return _amount(seed, 1, highest);
    }

    /// @dev For a choice of one in a few: seeds themselves are round numbers more often than not.
    function _mix(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    /// @dev What is emitted while a message from Ethereum is taken could be proven on Ethereum.
    function _checkNoMessageUp() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            assertTrue(logs[i].topics[0] != MESSAGE_SENT, "X7: a delivery sent a message up");
        }
    }

    /// @dev The same logs, of another contract.
    function _copied(Vm.Log[] memory logs) private view returns (Vm.Log[] memory copy) {
        copy = new Vm.Log[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            copy[i] = VmSafe.Log({topics: logs[i].topics, data: logs[i].data, emitter: STRANGER});
        }
    }
}
