// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IBridgeAdapter} from "contracts/interfaces/IBridgeAdapter.sol";
import {IChildBridgeAdapter} from "contracts/interfaces/IChildBridgeAdapter.sol";
import {ICommonErrors} from "contracts/interfaces/ICommonErrors.sol";
import {TokenPermit} from "contracts/shared/access/TokenPermit.sol";
import {BridgeHandler} from "./BridgeHandler.sol";

/// @title Users who send shares to Polygon, and those who deliver
/// @notice Messages come late, in any order, and once: what is delivered again or forged is refused.
contract BridgeDownHandler is BridgeHandler {
    constructor(Stage memory stage) BridgeHandler(stage) {}

    // ---------------------------------------------------------------- sent

    /// @dev In one of four cases with a permit that is worth nothing, as one is that a stranger has used before.
    function bridge(uint256 userSeed, uint256 receiverSeed, uint256 sharesSeed) external sameBlock {
        address user = _shareholder(userSeed);
        address receiver = BRIDGED.receiverAt(receiverSeed);
        (uint256 balance, uint256 locked) = (TOKEN.balanceOf(user), BRIDGE.locked());
        uint256 shares = _part(sharesSeed, _least(balance, BRIDGE.remainingLock()));
        TokenPermit.Permit memory used;
        vm.recordLogs();
        vm.prank(user);
        uint64 nonce =
            _mix(receiverSeed) % 4 == 0
                ? BRIDGE.bridgeWithPermit(shares, receiver, used)
                : BRIDGE.bridge(shares, receiver);
        _noteSentDown(nonce, receiver, shares);
        assertEq(TOKEN.balanceOf(user), balance - shares, "X6: a deposit cost something else");
        assertEq(BRIDGE.locked(), locked + shares, "X6: a deposit was not locked");
    }

    function syncRate() external sameBlock {
        vm.recordLogs();
        vm.prank(STRANGER);
        _noteSentDown(BRIDGE.syncRate(), address(0), 0);
    }

    /// @dev A share more than the cap leaves, or any in a pause.
    function bridgeTooMuch(uint256 userSeed, uint256 moreSeed) external sameBlock {
        address user = _shareholder(userSeed);
        (uint256 cap, , uint256 pausedUntil) = BRIDGE.parameters();
        (uint256 locked, bool paused) = (BRIDGE.locked(), block.timestamp < pausedUntil);
        uint256 left = cap > locked ? cap - locked : 0;
        uint256 shares = left + _amount(moreSeed, 1, 1e30);
        if (paused) {
            assertEq(BRIDGE.remainingLock(), 0, "X9: something can be locked in a pause");
            vm.expectRevert(abi.encodeWithSelector(IBridgeAdapter.BridgingIsPaused.selector, pausedUntil));
        } else {
            assertEq(BRIDGE.remainingLock(), left, "X9: what can be locked is not what the cap leaves");
            vm.expectRevert(abi.encodeWithSelector(IBridgeAdapter.AboveLockCap.selector, shares, left));
        }
        vm.prank(user);
        BRIDGE.bridge(shares, user);
    }

    // ---------------------------------------------------------------- delivered

    function deliverNext() external sameBlock {
        _deliver(_undelivered(0));
    }

    function deliverLast() external sameBlock {
        for (uint256 nonce = BOOK.downs(); nonce != 0; --nonce) {
            if (BOOK.isDelivered(nonce)) continue;
            return _deliver(nonce);
        }
        vm.assume(false);
    }

    function deliverAny(uint256 seed) external sameBlock {
        _deliver(_undelivered(seed));
    }

    function deliverAgain(uint256 seed) external sameBlock {
        uint256 nonce = _some(seed, true);
        (uint256 stateId, bytes memory data) = (BOOK.downAt(nonce).stateId, BOOK.downAt(nonce).data);
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.MessageConsumed.selector, nonce));
        vm.prank(STATE_RECEIVER);
        FX_CHILD.onStateReceive(stateId, data);
    }

    /// @dev A stranger sends what the bridge sent or might send, over FxPortal or past it.
    function forge(uint256 nonceSeed, uint256 sharesSeed, bool direct) external sameBlock {
        uint256 nonce = bound(nonceSeed, 1, BOOK.downs() + 3);
        bytes memory message = abi.encodePacked(
            abi.encode(1, 1, nonce, STRANGER, _amount(sharesSeed, 1, 1e27)),
            abi.encode(POOL.totalAssets(), TOKEN.totalSupply(), 0, block.timestamp)
        );
        if (direct) {
            vm.expectRevert(abi.encodeWithSelector(IChildBridgeAdapter.NotFxChild.selector, STRANGER));
            vm.prank(STRANGER);
            CHILD.processMessageFromRoot(nonce, address(BRIDGE), message);
            return;
        }
        vm.recordLogs();
        BRIDGED.fxRoot().sendMessageToChild(address(CHILD), message);
        (uint256 stateId, bytes memory data) = _stateSynced(vm.getRecordedLogs());
        vm.expectRevert(abi.encodeWithSelector(IChildBridgeAdapter.ForeignSender.selector, address(this)));
        vm.prank(STATE_RECEIVER);
        FX_CHILD.onStateReceive(stateId, data);
    }

    // ---------------------------------------------------------------- internals

    function _undelivered(uint256 seed) private view returns (uint256 nonce) {
        return _some(seed, false);
    }

    /// @dev A message that was delivered, or one that was not; none: then the action is discarded.
    function _some(uint256 seed, bool delivered) private view returns (uint256 nonce) {
        uint256 count = BOOK.downs();
        for (uint256 i = 0; i < count; ++i) {
            nonce = 1 + (((seed % count) + i) % count);
            if (BOOK.isDelivered(nonce) == delivered) return nonce;
        }
        vm.assume(false);
    }

    function _shareholder(uint256 seed) private view returns (address user) {
        for (uint256 i = 0; i < WORLD.USERS(); ++i) {
            user = WORLD.userAt((seed % WORLD.USERS()) + i);
            if (TOKEN.balanceOf(user) != 0) return user;
        }
        vm.assume(false);
    }
}
