// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title FxPortal's receiver of messages on Polygon
/// @notice What FxChild calls.
interface IFxMessageProcessor {
    /// @notice Takes a message from Ethereum. If it reverts, the message is kept by Polygon's StateReceiver, and anyone
    /// may deliver it again.
    /// @param stateId Number of the message among all that go to Polygon.
    /// @param rootMessageSender Contract on Ethereum that sent it.
    /// @param data What it sent.
    function processMessageFromRoot(uint256 stateId, address rootMessageSender, bytes calldata data) external;
}
