// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ICommonErrors} from "contracts/interfaces/ICommonErrors.sol";
import {BridgeHandler} from "./BridgeHandler.sol";

/// @title Holders on Polygon, and those for whom shares wait
contract BridgeHolderHandler is BridgeHandler {
    constructor(Stage memory stage) BridgeHandler(stage) {}

    function transferOnPolygon(uint256 fromSeed, uint256 toSeed, uint256 sharesSeed) external sameBlock {
        address from = WORLD.userAt(fromSeed);
        uint256 shares = _part(sharesSeed, CHILD_TOKEN.balanceOf(from));
        address to = WORLD.userAt(toSeed);
        vm.prank(from);
        assertTrue(CHILD_TOKEN.transfer(to, shares), "X6: a transfer failed");
    }

    /// @dev In one of four cases: what the two ends are given belongs to nobody, and unlocks nothing.
    function donate(uint256 fromSeed, uint256 sharesSeed, bool onPolygon) external sameBlock {
        vm.assume(_mix(fromSeed) % 4 == 0);
        address from = WORLD.userAt(fromSeed);
        uint256 shares = _part(sharesSeed, (onPolygon ? CHILD_TOKEN.balanceOf(from) : TOKEN.balanceOf(from)) / 100);
        vm.prank(from);
        if (onPolygon) CHILD_TOKEN.transfer(address(CHILD), shares);
        else TOKEN.transfer(address(BRIDGE), shares);
        BOOK.noteDonated(onPolygon ? 0 : shares, onPolygon ? shares : 0);
    }

    function payPendingOnPolygon(uint256 seed) external sameBlock {
        for (uint256 i = 0; i < BRIDGED.receivers(); ++i) {
            address receiver = BRIDGED.receiverAt((seed % BRIDGED.receivers()) + i);
            if (CHILD.pendingOf(receiver) == 0) continue;
            if (CHILD.remainingMint() != 0) return _payDown(receiver);
            vm.expectRevert(abi.encodeWithSelector(ICommonErrors.NothingToPay.selector, receiver));
            CHILD.payPending(receiver);
            return;
        }
        vm.assume(false);
    }

    function payPendingOnEthereum(uint256 seed) external sameBlock {
        for (uint256 i = 0; i < BRIDGED.receivers(); ++i) {
            address receiver = BRIDGED.receiverAt((seed % BRIDGED.receivers()) + i);
            if (BRIDGE.pendingOf(receiver) == 0) continue;
            if (BRIDGE.remainingRelease() != 0) return _payUp(receiver);
            vm.expectRevert(abi.encodeWithSelector(ICommonErrors.NothingToPay.selector, receiver));
            BRIDGE.payPending(receiver);
            return;
        }
        vm.assume(false);
    }

    /// @dev Who has nothing waiting gets nothing, whatever the limits leave.
    function payNothing(uint256 seed, bool onPolygon) external sameBlock {
        address receiver = BRIDGED.receiverAt(seed);
        vm.assume((onPolygon ? CHILD.pendingOf(receiver) : BRIDGE.pendingOf(receiver)) == 0);
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.NothingToPay.selector, receiver));
        if (onPolygon) CHILD.payPending(receiver);
        else BRIDGE.payPending(receiver);
    }

    /// @dev Hours, in which a daily limit refills in part.
    function waitHours(uint256 time) external neverDown {
        vm.warp(block.timestamp + bound(time, 1, 1 days));
    }
}
