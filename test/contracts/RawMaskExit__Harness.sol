// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ExitPayloadReader} from "@maticnetwork/fx-portal/contracts/lib/ExitPayloadReader.sol";
import {MerklePatriciaProof} from "@maticnetwork/fx-portal/contracts/lib/MerklePatriciaProof.sol";

/// @title Exits by the rule that could be fooled
/// @notice The control of the replay tests: the same walk by the same library, but the exit id is the hash of the path
/// as it came, and nobody asks whether that is the path of a transaction.
contract RawMaskExit__Harness {
    using ExitPayloadReader for bytes;
    using ExitPayloadReader for ExitPayloadReader.ExitPayload;
    using ExitPayloadReader for ExitPayloadReader.Receipt;

    mapping(bytes32 exitId => bool used) public used;

    /// @notice A message arrived.
    event Consumed(bytes32 exitId);

    /// @notice The exit was consumed before.
    error RawExitUsed(bytes32 exitId);

    /// @notice The walk does not end at the receipt.
    error WalkFailed(bytes32 root);

    /// @notice Reads a payload and uses up its exit.
    function consume(bytes calldata payload) external {
        ExitPayloadReader.ExitPayload memory exit = bytes(payload).toExitPayload();
        bytes memory mask = exit.getBranchMaskAsBytes();
        bytes32 exitId = keccak256(abi.encodePacked(exit.getBlockNumber(), mask, exit.getReceiptLogIndex()));
        if (used[exitId]) revert RawExitUsed(exitId);
        used[exitId] = true;
        bytes32 root = exit.getReceiptRoot();
        if (!walk(exit.getReceipt().toBytes(), mask, exit.getReceiptProof(), root)) revert WalkFailed(root);
        emit Consumed(exitId);
    }

    /// @notice FxPortal's verdict on a proof in a trie.
    function walk(
        bytes memory value,
        bytes memory path,
        bytes memory nodes,
        bytes32 root
    ) public pure returns (bool proven) {
        return MerklePatriciaProof.verify({value: value, encodedPath: path, rlpParentNodes: nodes, root: root});
    }
}
