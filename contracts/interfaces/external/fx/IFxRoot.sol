// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title FxPortal's FxRoot, as a sender sees it
/// @notice Where messages from Ethereum to Polygon start. Polygon's validators carry them, in about half an hour.
interface IFxRoot {
    /// @notice Sends a message; the receiver gets it from FxChild, with the caller's address.
    /// @param receiver Contract on Polygon.
    /// @param data What `processMessageFromRoot` of the receiver gets.
    function sendMessageToChild(address receiver, bytes calldata data) external;
}
