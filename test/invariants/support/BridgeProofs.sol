// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Vm} from "forge-std/Vm.sol";

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// @title Proofs of receipts, as Polygon's blocks and checkpoints have them
/// @notice Small and whole: blocks of one or two transactions, whose trie is a leaf, or a branch with two; checkpoints
/// of a few blocks. Written with OpenZeppelin's encoder, so that it is a second opinion on what reads the proofs.
library BridgeProofs {
    using RLP for RLP.Encoder;

    /// @dev A block, by what a checkpoint says of it.
    struct Block {
        uint256 number;
        uint256 time;
        bytes32 transactionsRoot;
        bytes[] receipts;
    }

    // ---------------------------------------------------------------- receipts

    /// @notice The receipt of a transaction that succeeded.
    /// @dev Its bloom is empty: a proof does not look into it.
    /// @param typed True for a transaction of type 2.
    function receiptOf(Vm.Log[] memory logs, bool typed) internal pure returns (bytes memory receipt) {
        RLP.Encoder memory list = RLP.encoder();
        for (uint256 i = 0; i < logs.length; ++i) {
            RLP.Encoder memory topics = RLP.encoder();
            for (uint256 k = 0; k < logs[i].topics.length; ++k) topics.push(logs[i].topics[k]);
            list.push(RLP.encoder().push(logs[i].emitter).push(topics).push(logs[i].data));
        }
        receipt = RLP.encoder().push(true).push(uint256(100_000)).push(new bytes(256)).push(list).encode();
        return typed ? bytes.concat(hex"02", receipt) : receipt;
    }

    /// @notice Root of the trie of a block's receipts.
    function receiptsRoot(bytes[] memory receipts) internal pure returns (bytes32) {
        return keccak256(nodesTo(receipts, 0)[0]);
    }

    /// @notice Nodes of the trie from its root to a receipt. The key of a transaction is the RLP of its index: 0x80 for
    /// the first, 0x01 for the second. A leaf holds the rest of the key behind a nibble of flags: 2 if the rest is
    /// even, and then a nibble of zeros; 3 if it is odd.
    function nodesTo(bytes[] memory receipts, uint256 index) internal pure returns (bytes[] memory nodes) {
        if (receipts.length == 1) {
            nodes = new bytes[](1);
            nodes[0] = _leaf(hex"2080", receipts[0]);
            return nodes;
        }
        bytes[2] memory leaves = [_leaf(hex"30", receipts[0]), _leaf(hex"31", receipts[1])];
        RLP.Encoder memory branch = RLP.encoder();
        for (uint256 nibble = 0; nibble <= 16; ++nibble) {
            if (nibble == 8) branch.push(keccak256(leaves[0]));
            else if (nibble == 0) branch.push(keccak256(leaves[1]));
            else branch.push(new bytes(0));
        }
        nodes = new bytes[](2);
        (nodes[0], nodes[1]) = (branch.encode(), leaves[index]);
    }

    /// @notice The path to a receipt, as a payload has it: a zero byte and the key.
    function pathTo(uint256 index) internal pure returns (bytes memory) {
        return index == 0 ? bytes(hex"0080") : bytes(hex"0001");
    }

    /// @notice Id of the exit that a log is.
    function exitIdOf(uint256 number, uint256 index, uint256 position) internal pure returns (bytes32) {
        // The nibbles of the key, a byte each.
        bytes memory nibbles = index == 0 ? bytes(hex"0800") : bytes(hex"0001");
        return keccak256(bytes.concat(bytes32(number), nibbles, bytes32(position)));
    }

    // ---------------------------------------------------------------- checkpoints

    /// @notice Leaf of a block in the tree of its checkpoint.
    function leafOf(Block memory b) internal pure returns (bytes32) {
        return keccak256(abi.encode(b.number, b.time, b.transactionsRoot, receiptsRoot(b.receipts)));
    }

    /// @notice Root of a checkpoint's tree, which is filled up with zeros, and the siblings on the way from a leaf.
    function treeOf(
        bytes32[] memory leaves,
        uint256 place
    ) internal pure returns (bytes32 root, bytes memory siblings) {
        uint256 width = 1;
        while (width < leaves.length) width *= 2;
        bytes32[] memory level = new bytes32[](width);
        for (uint256 i = 0; i < leaves.length; ++i) level[i] = leaves[i];
        for (; width != 1; width /= 2) {
            siblings = bytes.concat(siblings, level[place ^ 1]);
            for (uint256 i = 0; i < width / 2; ++i) level[i] = keccak256(bytes.concat(level[2 * i], level[2 * i + 1]));
            place /= 2;
        }
        return (level[0], siblings);
    }

    /// @notice The ten fields of an exit payload, each encoded.
    function fieldsOf(
        uint256 headerId,
        bytes memory siblings,
        Block memory b,
        uint256 index,
        uint256 position
    ) internal pure returns (bytes[] memory fields) {
        fields = new bytes[](10);
        (fields[0], fields[1]) = (RLP.encode(headerId), RLP.encode(siblings));
        (fields[2], fields[3]) = (RLP.encode(b.number), RLP.encode(b.time));
        (fields[4], fields[5]) = (RLP.encode(b.transactionsRoot), RLP.encode(receiptsRoot(b.receipts)));
        // A string that holds the list of nodes.
        (fields[6], fields[7]) = (RLP.encode(b.receipts[index]), RLP.encode(RLP.encode(nodesTo(b.receipts, index))));
        (fields[8], fields[9]) = (RLP.encode(pathTo(index)), RLP.encode(position));
    }

    function _leaf(bytes memory path, bytes memory receipt) private pure returns (bytes memory) {
        return RLP.encoder().push(path).push(receipt).encode();
    }
}
