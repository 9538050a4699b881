// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IStateReceiver} from "@maticnetwork/fx-portal/contracts/FxChild.sol";
import {RLPReader} from "@maticnetwork/fx-portal/contracts/lib/RLPReader.sol";

/// @title Where messages from Ethereum arrive on Polygon
/// @notice Model of Polygon's StateReceiver at 0x…1001: a message whose receiver fails is kept, and anyone may deliver
/// it again, in any order and at any time. One whose receiver has no code is lost.
/// @dev Has neither constructor nor immutables: its code is put at the address that FxChild knows.
contract StateReceiver {
    using RLPReader for bytes;
    using RLPReader for RLPReader.RLPItem;

    /// Sender of what Polygon's nodes execute on their own.
    address private constant SYSTEM = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE;

    /// Gas that a receiver gets.
    uint256 private constant STIPEND = 5_000_000;

    /// Number of the last message.
    uint256 public lastStateId;

    /// Messages that failed: receiver and data.
    mapping(uint256 stateId => bytes record) public failedStateSyncs;

    event StateCommitted(uint256 indexed stateId, bool success);
    event StateSyncReplay(uint256 indexed stateId);

    /// @notice Delivers the next message.
    /// @param record RLP list that begins with id, receiver and data.
    /// @return success Whether the receiver took it.
    function commitState(uint256, bytes calldata record) external returns (bool success) {
        require(msg.sender == SYSTEM, "Not System Addess!");
        RLPReader.RLPItem[] memory fields = bytes(record).toRlpItem().toList();
        uint256 stateId = fields[0].toUint();
        require(lastStateId + 1 == stateId, "StateIds are not sequential");
        lastStateId = stateId;
        address receiver = fields[1].toAddress();
        bytes memory data = fields[2].toBytes();
        if (receiver.code.length == 0) return false;

        bytes memory message = abi.encodeCall(IStateReceiver.onStateReceive, (stateId, data));
        // What the receiver returns is not copied, as in the original.
        assembly ("memory-safe") {
            success := call(STIPEND, receiver, 0, add(message, 0x20), mload(message), 0, 0)
        }
        emit StateCommitted(stateId, success);
        if (!success) failedStateSyncs[stateId] = abi.encode(receiver, data);
    }

    /// @notice Delivers a message that failed once more; fails if its receiver does.
    function replayFailedStateSync(uint256 stateId) external {
        bytes memory record = failedStateSyncs[stateId];
        require(record.length != 0, "!found");
        delete failedStateSyncs[stateId];
        (address receiver, bytes memory data) = abi.decode(record, (address, bytes));
        emit StateSyncReplay(stateId);
        IStateReceiver(receiver).onStateReceive(stateId, data);
    }
}
