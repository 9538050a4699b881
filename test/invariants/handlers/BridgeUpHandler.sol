// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {ExitProof} from "contracts/ethereum/bridge/ExitProof.sol";
import {IBridgeAdapter} from "contracts/interfaces/IBridgeAdapter.sol";
import {IChildBridgeAdapter} from "contracts/interfaces/IChildBridgeAdapter.sol";
import {ICommonErrors} from "contracts/interfaces/ICommonErrors.sol";
import {IERC7281} from "contracts/interfaces/standards/IERC7281.sol";
import {BridgeGhosts} from "../support/BridgeGhosts.sol";
import {BridgeProofs} from "../support/BridgeProofs.sol";
import {BridgeHandler} from "./BridgeHandler.sol";

/// @title Users who send shares back, and those who prove it
/// @notice Each withdrawal is proven once, however it is written down; nothing else can be proven.
contract BridgeUpHandler is BridgeHandler {
    constructor(Stage memory stage) BridgeHandler(stage) {}

    // ---------------------------------------------------------------- sent

    /// @dev In one of four cases two withdrawals in one transaction.
    function withdraw(uint256 userSeed, uint256 receiverSeed, uint256 sharesSeed, uint256 shape) external sameBlock {
        address user = _childHolder(userSeed);
        address receiver = BRIDGED.receiverAt(receiverSeed);
        uint256 shares = _part(sharesSeed, _least(CHILD_TOKEN.balanceOf(user), CHILD.remainingWithdrawal()));
        vm.recordLogs();
        if (shares > 1 && _mix(shape) % 4 == 0) {
            _withdraw(user, receiver, shares / 2);
            shares -= shares / 2;
        }
        _withdraw(user, receiver, shares);
        _noteSentUp(vm.getRecordedLogs(), receiver, _mix(shape) >> 8);
    }

    /// @dev A share more than the bridge minted, or than the limit leaves.
    function withdrawTooMuch(uint256 userSeed, uint256 moreSeed) external sameBlock {
        address user = WORLD.userAt(userSeed);
        (uint256 most, uint256 minted) = (CHILD.remainingWithdrawal(), CHILD.minted());
        uint256 shares = most + _amount(moreSeed, 1, 1e30);
        if (shares > minted) {
            vm.expectRevert(abi.encodeWithSelector(IChildBridgeAdapter.AboveMinted.selector, shares, minted));
        } else {
            vm.expectRevert(IERC7281.IXERC20_NotHighEnoughLimits.selector);
        }
        vm.prank(user);
        CHILD.withdraw(shares, user);
    }

    // ---------------------------------------------------------------- checkpoints

    function submitCheckpoint(uint256 blocksSeed) external sameBlock {
        uint256 left = CHAIN.height() - CHAIN.covered();
        vm.assume(left != 0);
        CHAIN.checkpoint(bound(blocksSeed, 1, _least(left, 4)));
    }

    /// @dev In one of eight cases, as RootChain's owner can: the same blocks will be under another id, or in another
    /// tree.
    function dropCheckpoints(uint256 seed) external sameBlock {
        uint256 count = CHAIN.checkpoints();
        vm.assume(count != 0 && _mix(seed) % 8 == 0);
        CHAIN.dropCheckpoints(bound(seed, 1, _least(count, 3)));
    }

    // ---------------------------------------------------------------- proven

    function prove(uint256 seed) external sameBlock {
        _prove(_unproven(seed));
    }

    /// @dev The same payload again, perhaps under another header; with other forms of its numbers or of its path; with
    /// something behind it.
    function proveAgain(uint256 seed, uint256 kind) external sameBlock {
        BridgeGhosts.Up memory up = BOOK.upAt(_proven(seed));
        kind = _mix(kind) % 7;
        bytes[] memory fields = CHAIN.fieldsOf(up.number, up.index, up.position);
        bytes32 exitId = BridgeProofs.exitIdOf(up.number, up.index, up.position);
        bytes memory reason = abi.encodeWithSelector(IBridgeAdapter.ExitConsumed.selector, exitId);
        bytes memory tail;
        if (kind == 1) fields[0] = _padded(fields[0]);
        if (kind == 2) fields[9] = _padded(fields[9]);
        if (kind == 3 || kind == 4) {
            bytes memory path = kind == 3 ? BridgeProofs.pathTo(up.index) : bytes(hex"008100");
            if (kind == 3) path[0] = bytes1(uint8(1 + (seed % 255)));
            fields[8] = RLP.encode(path);
            reason = abi.encodeWithSelector(ExitProof.MalformedPath.selector, path);
        }
        if (kind == 5) {
            tail = hex"00";
            reason = abi.encodeWithSelector(ExitProof.MalformedPayload.selector, 0);
        }
        if (kind == 6) {
            fields = _longer(fields);
            reason = abi.encodeWithSelector(ExitProof.MalformedPayload.selector, 11);
        }
        _refuse(bytes.concat(RLP.encode(fields), tail), reason);
    }

    /// @dev The same transaction in another block, as after a reorganisation that a checkpoint did not see.
    function proveInAnotherBlock(uint256 seed) external sameBlock {
        uint256 nonce = _proven(seed);
        BridgeGhosts.Up memory up = BOOK.upAt(nonce);
        up.number = CHAIN.repeat(up.number);
        CHAIN.checkpoint(CHAIN.height() - CHAIN.covered());
        bytes memory payload = RLP.encode(CHAIN.fieldsOf(up.number, up.index, up.position));
        _refuse(payload, abi.encodeWithSelector(ICommonErrors.MessageConsumed.selector, nonce));
    }

    /// @dev What no withdrawal is: the copy of its logs by another contract, the log before it, a receipt with another
    /// sum, a block that is in no checkpoint.
    function proveForeign(uint256 seed, uint256 kind) external sameBlock {
        uint256 count = BOOK.ups();
        vm.assume(count != 0);
        BridgeGhosts.Up memory up = BOOK.upAt(1 + (seed % count));
        bytes[] memory fields = CHAIN.fieldsOf(up.number, up.index, up.position);
        uint256 covered = CHAIN.covered();
        kind = _mix(kind) % 3;
        bytes memory reason;
        if (up.number >= covered) {
            uint256 header = CHAIN.headerOf(up.number);
            (, uint256 start, uint256 end, , ) = CHAIN.ROOT_CHAIN().headerBlocks(header);
            reason = abi.encodeWithSelector(ExitProof.BlockOutsideHeader.selector, up.number, start, end);
            if (header == 0) reason = abi.encodeWithSelector(ExitProof.UnknownHeader.selector, 0);
        } else if (kind == 0) {
            vm.assume(CHAIN.receiptsIn(up.number).length == 2);
            fields = CHAIN.fieldsOf(up.number, 1 - up.index, up.position);
            reason = abi.encodeWithSelector(IBridgeAdapter.ForeignEmitter.selector, STRANGER);
        } else if (kind == 1) {
            fields = CHAIN.fieldsOf(up.number, up.index, up.position - 1);
            bytes32 topic = IChildBridgeAdapter.WithdrawalSent.selector;
            reason = abi.encodeWithSelector(ExitProof.WrongTopic.selector, topic);
        } else {
            bytes[] memory receipts = CHAIN.receiptsIn(up.number);
            bytes32 root = BridgeProofs.receiptsRoot(receipts);
            bytes memory receipt = receipts[up.index];
            // Some byte of the receipt behind its header.
            uint256 place = bound(seed, 8, receipt.length - 1);
            receipt[place] = ~receipt[place];
            fields[6] = RLP.encode(receipt);
            reason = abi.encodeWithSelector(ExitProof.ReceiptNotInBlock.selector, root, up.index);
        }
        _refuse(RLP.encode(fields), reason);
    }

    // ---------------------------------------------------------------- internals

    function _refuse(bytes memory payload, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(STRANGER);
        BRIDGE.receiveMessage(payload);
    }

    /// @dev The same number with a zero in front. It is below 128, or a string already.
    function _padded(bytes memory number) private pure returns (bytes memory) {
        if (number.length == 1) return bytes.concat(hex"8200", number);
        bytes memory padded = bytes.concat(number[0], hex"00");
        padded[0] = bytes1(uint8(padded[0]) + 1);
        for (uint256 i = 1; i < number.length; ++i) padded = bytes.concat(padded, number[i]);
        return padded;
    }

    function _longer(bytes[] memory fields) private pure returns (bytes[] memory more) {
        more = new bytes[](fields.length + 1);
        for (uint256 i = 0; i < fields.length; ++i) more[i] = fields[i];
        more[fields.length] = hex"80";
    }

    /// @dev A withdrawal that was proven, now if none was; none at all: then the action is discarded.
    function _proven(uint256 seed) private returns (uint256 nonce) {
        nonce = _some(seed, true);
        if (nonce != 0) return nonce;
        nonce = _unproven(seed);
        _prove(nonce);
    }

    /// @dev A withdrawal that was not proven, after a checkpoint if none has one; none: then the action is discarded.
    function _unproven(uint256 seed) private returns (uint256 nonce) {
        nonce = _some(seed, false);
        if (nonce != 0) return nonce;
        uint256 left = CHAIN.height() - CHAIN.covered();
        vm.assume(left != 0);
        CHAIN.checkpoint(left);
        nonce = _some(seed, false);
        vm.assume(nonce != 0);
    }

    /// @dev A withdrawal in a checkpoint that was proven, or one that was not; 0 if there is none.
    function _some(uint256 seed, bool proven) private view returns (uint256 nonce) {
        uint256 count = BOOK.ups();
        uint256 covered = CHAIN.covered();
        for (uint256 i = 0; i < count; ++i) {
            nonce = 1 + (((seed % count) + i) % count);
            BridgeGhosts.Up memory up = BOOK.upAt(nonce);
            if (up.proven == proven && up.number < covered) return nonce;
        }
        return 0;
    }

    function _childHolder(uint256 seed) private view returns (address user) {
        for (uint256 i = 0; i < WORLD.USERS(); ++i) {
            user = WORLD.userAt((seed % WORLD.USERS()) + i);
            if (CHILD_TOKEN.balanceOf(user) != 0) return user;
        }
        vm.assume(false);
    }
}
