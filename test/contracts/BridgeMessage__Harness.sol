// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeMessage} from "../../contracts/shared/messages/BridgeMessage.sol";

/// @title Messages of the bridge
contract BridgeMessage__Harness {
    /// @notice Encoding of a message down.
    function encodeDown(BridgeMessage.Down calldata message) external pure returns (bytes memory encoded) {
        return BridgeMessage.encodeDown(message);
    }

    /// @notice A message down.
    function decodeDown(bytes calldata encoded) external pure returns (BridgeMessage.Down memory message) {
        return BridgeMessage.decodeDown(encoded);
    }

    /// @notice Encoding of a withdrawal.
    function encodeUp(BridgeMessage.Up calldata message) external pure returns (bytes memory encoded) {
        return BridgeMessage.encodeUp(message);
    }

    /// @notice A withdrawal.
    function decodeUp(bytes calldata encoded) external pure returns (BridgeMessage.Up memory message) {
        return BridgeMessage.decodeUp(encoded);
    }
}
