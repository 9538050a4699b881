// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ExitPayloadReader} from "@maticnetwork/fx-portal/contracts/lib/ExitPayloadReader.sol";
import {Merkle} from "@maticnetwork/fx-portal/contracts/lib/Merkle.sol";
import {MerklePatriciaProof} from "@maticnetwork/fx-portal/contracts/lib/MerklePatriciaProof.sol";
import {RLPReader} from "@maticnetwork/fx-portal/contracts/lib/RLPReader.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {IRootChain} from "../../interfaces/external/fx/IRootChain.sol";

/// @title Proof that a message was sent on Polygon
/// @notice Reads an exit payload: from a checkpoint to a block in it, to a receipt of that block, to a log of that
/// receipt, which must be FxPortal's `MessageSent(bytes)`. Who emitted it, and whether its exit id was used before, is
/// for the caller to check, and both must be.
/// @dev The payload is the RLP list of header id, block proof, block number, block time, transactions root, receipts
/// root, receipt, proof of the receipt, path of the receipt, position of the log in the receipt. The walk is done by
/// FxPortal's libraries. They take what they are given for well formed, so what they leave open is closed here: a path
/// must be the one encoding of a transaction's index, or one receipt could be proven along several, and a node of the
/// trie taken for a receipt. The receipt is parsed only once it has been proven. Bytes that are not RLP at all where a
/// number or a node of the trie should be make the libraries revert without data, or with a panic.
library ExitProof {
    using ExitPayloadReader for bytes;
    using ExitPayloadReader for ExitPayloadReader.ExitPayload;
    using ExitPayloadReader for ExitPayloadReader.Log;
    using Merkle for bytes32;
    using RLPReader for bytes;
    using RLPReader for RLPReader.Iterator;
    using RLPReader for RLPReader.RLPItem;

    /// @notice Topic of the one event that is a message.
    bytes32 internal constant MESSAGE_SENT = keccak256("MessageSent(bytes)");

    /// @dev Fields of a payload.
    uint256 private constant FIELDS = 10;

    /// @dev Place of the receipt in a payload, and of the logs in a receipt.
    uint256 private constant RECEIPT = 6;
    uint256 private constant LOGS = 3;

    /// @dev The deepest tree whose number of leaves fits into a word.
    uint256 private constant MAX_DEPTH = 255;

    /// @notice The payload is not one list of ten fields, of exactly its own length.
    /// @param fields Fields that were found; 0 if the length of the list is not that of the payload.
    error MalformedPayload(uint256 fields);

    /// @notice The proof of the block is not a sequence of words.
    /// @param length Its length, bytes.
    error MalformedBlockProof(uint256 length);

    /// @notice The path is not a zero byte and the RLP of a number.
    /// @param path The path as it came.
    error MalformedPath(bytes path);

    /// @notice RootChain has no checkpoint of that id.
    /// @param headerId The id.
    error UnknownHeader(uint256 headerId);

    /// @notice The checkpoint has no root, so nothing can be in it.
    /// @param headerId Its id.
    error CheckpointRootZero(uint256 headerId);

    /// @notice The checkpoint is one of other blocks.
    /// @param number Number of the block.
    /// @param start First block of the checkpoint.
    /// @param end Last block of the checkpoint.
    error BlockOutsideHeader(uint256 number, uint256 start, uint256 end);

    /// @notice No block with that number, time and roots is at its place in the checkpoint.
    /// @param headerId Id of the checkpoint.
    /// @param number Number of the block.
    error BlockNotInCheckpoint(uint256 headerId, uint256 number);

    /// @notice The receipt is not that of the transaction which the path names.
    /// @param receiptsRoot Root of the block's receipts.
    /// @param index Index of the transaction in the block.
    error ReceiptNotInBlock(bytes32 receiptsRoot, uint256 index);

    /// @notice The receipt has no such log.
    /// @param position Position of the log in the receipt, from 0.
    /// @param count Logs of the receipt.
    error LogIndexBeyondList(uint256 position, uint256 count);

    /// @notice The log is another event.
    /// @param topic Its first topic; zero if it has none.
    error WrongTopic(bytes32 topic);

    /// @notice What the payload proves.
    /// @dev Errors: all of this library.
    /// @param rootChain Where the checkpoints are; trusted.
    /// @param payload The exit payload.
    /// @return exitId Id of the exit: hash of the block's number, the nibbles of the path and the log's position, and
    /// so the same for every payload that proves this log, whichever checkpoint it names.
    /// @return emitter Contract that emitted the log.
    /// @return message What it sent.
    function read(
        IRootChain rootChain,
        bytes memory payload
    ) internal view returns (bytes32 exitId, address emitter, bytes memory message) {
        ExitPayloadReader.ExitPayload memory exit = _open(payload);
        bytes memory path = exit.getBranchMaskAsBytes();
        uint256 index = _indexOf(path);
        uint256 number = _proveBlock(rootChain, exit);
        _proveReceipt(exit, path, index);

        uint256 position = exit.getReceiptLogIndex();
        exitId = keccak256(abi.encodePacked(number, MerklePatriciaProof._getNibbleArray(path), position));
        (emitter, message) = _messageOf(exit, position);
    }

    /// @dev The libraries count fields until the end of the payload or beyond it, and never compare the two lengths.
    function _open(bytes memory payload) private pure returns (ExitPayloadReader.ExitPayload memory exit) {
        RLPReader.RLPItem memory item = payload.toRlpItem();
        if (!item.isList() || RLPReader.Iterator({item: item, nextPtr: item.memPtr}).next().len != item.len) {
            revert MalformedPayload(0);
        }
        exit = payload.toExitPayload();
        uint256 fields = exit.data.length;
        if (fields != FIELDS) revert MalformedPayload(fields);
        RLPReader.RLPItem memory last = exit.data[FIELDS - 1];
        if (last.memPtr + last.len != item.memPtr + item.len) revert MalformedPayload(fields);
    }

    /// @dev A first byte with other flags, a number with leading zeros and a path to an inner node of the trie all fail
    /// the comparison.
    function _indexOf(bytes memory path) private pure returns (uint256 index) {
        if (path.length == 2 && path[1] < 0x80) index = uint8(path[1]);
        for (uint256 i = 2; i < path.length; ++i) index = (index << 8) | uint8(path[i]);
        if (keccak256(path) != keccak256(abi.encodePacked(bytes1(0), RLP.encode(index)))) revert MalformedPath(path);
    }

    /// @dev Every block from `start` to `end` is a leaf, in their order; the tree is filled up with zeros.
    function _proveBlock(
        IRootChain rootChain,
        ExitPayloadReader.ExitPayload memory exit
    ) private view returns (uint256 number) {
        uint256 headerId = exit.getHeaderNumber();
        (bytes32 root, uint256 start, uint256 end, uint256 createdAt, ) = rootChain.headerBlocks(headerId);
        if (createdAt == 0) revert UnknownHeader(headerId);
        if (root == bytes32(0)) revert CheckpointRootZero(headerId);
        number = exit.getBlockNumber();
        if (number < start || number > end) revert BlockOutsideHeader(number, start, end);

        bytes memory proof = exit.getBlockProof();
        if (proof.length % 32 != 0) revert MalformedBlockProof(proof.length);
        uint256 depth = proof.length / 32;
        bytes32 leaf = keccak256(abi.encode(number, exit.getBlockTime(), exit.getTxRoot(), exit.getReceiptRoot()));
        // The library reverts with a text, or a panic, for a leaf that a tree of this depth does not have.
        bool possible = depth <= MAX_DEPTH && (number - start) >> depth == 0;
        if (!possible || !leaf.checkMembership(number - start, root, proof)) {
            revert BlockNotInCheckpoint(headerId, number);
        }
    }

    function _proveReceipt(ExitPayloadReader.ExitPayload memory exit, bytes memory path, uint256 index) private pure {
        bytes32 receiptsRoot = exit.getReceiptRoot();
        bool proven = MerklePatriciaProof.verify({
            value: exit.data[RECEIPT].toBytes(),
            encodedPath: path,
            rlpParentNodes: exit.getReceiptProof(),
            root: receiptsRoot
        });
        if (!proven) revert ReceiptNotInBlock(receiptsRoot, index);
    }

    function _messageOf(
        ExitPayloadReader.ExitPayload memory exit,
        uint256 position
    ) private pure returns (address emitter, bytes memory message) {
        RLPReader.RLPItem[] memory logs = exit.getReceipt().data[LOGS].toList();
        if (position >= logs.length) revert LogIndexBeyondList(position, logs.length);
        RLPReader.RLPItem memory item = logs[position];
        ExitPayloadReader.Log memory log = ExitPayloadReader.Log({data: item, list: item.toList()});

        RLPReader.RLPItem[] memory topics = log.getTopics().data;
        bytes32 topic = topics.length == 0 ? bytes32(0) : bytes32(topics[0].toUintStrict());
        if (topic != MESSAGE_SENT) revert WrongTopic(topic);
        emitter = log.getEmitter();
        // The data of the log is the encoding of the event's one argument.
        message = abi.decode(log.getData(), (bytes));
    }
}
