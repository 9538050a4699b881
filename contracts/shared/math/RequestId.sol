// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Ids of redeem requests
/// @notice A request is named by its batch and its controller, so no two controllers share an id, and one controller's
/// requests of a batch are one.
/// @dev Layout: bits 0 to 159 controller; bits 160 to 255 batch, from 1.
library RequestId {
    /// @notice Id of the controller's request in a batch.
    function encode(uint256 batch, address controller) internal pure returns (uint256 id) {
        return (batch << 160) | uint160(controller);
    }

    /// @notice Batch and controller of an id; any number is accepted.
    function decode(uint256 id) internal pure returns (uint256 batch, address controller) {
        // The cast keeps the low 160 bits, which are the controller.
        return (id >> 160, address(uint160(id)));
    }
}
