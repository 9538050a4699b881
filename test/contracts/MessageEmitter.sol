// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Something that sends messages from Polygon
/// @notice Emits FxPortal's event, as often as it is told, among others that are none.
contract MessageEmitter {
    /// @notice A message, as FxPortal's tunnels emit it.
    event MessageSent(bytes message);

    /// @notice Another event, of the same arguments.
    event Noise(bytes message);

    /// @notice What was asked for.
    error Refused();

    /// @notice Emits a message for each of the arguments, and something else for an empty one.
    function emitAll(bytes[] calldata messages) external {
        for (uint256 i = 0; i < messages.length; ++i) {
            if (messages[i].length == 0) emit Noise(messages[i]);
            else emit MessageSent(messages[i]);
        }
    }

    /// @notice Messages of this emitter around those of another.
    function emitAround(MessageEmitter other, bytes[] calldata messages) external {
        emit MessageSent("before");
        other.emitAll(messages);
        emit MessageSent("after");
    }

    /// @notice Emits a log without a topic.
    function emitAnonymous() external {
        assembly ("memory-safe") {
            log0(0, 0)
        }
    }

    /// @notice Fails.
    function refuse() external pure {
        revert Refused();
    }
}
