// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IFxMessageProcessor} from "@maticnetwork/fx-portal/contracts/FxChild.sol";

/// @title Something that gets messages from Ethereum
/// @notice Writes down what it gets, or refuses it.
contract MessageProcessor is IFxMessageProcessor {
    bool private _refusing;

    /// @notice Gas that was left when the last message came.
    uint256 public gasAtEntry;

    /// @notice A message came.
    event Processed(uint256 stateId, address sender, bytes data);

    /// @notice What was asked for.
    error Refused();

    /// @notice Whether messages are refused from now on.
    function refuse(bool refusing) external {
        _refusing = refusing;
    }

    /// @notice A message from `sender` on Ethereum.
    function processMessageFromRoot(uint256 stateId, address sender, bytes calldata data) external {
        gasAtEntry = gasleft();
        if (_refusing) revert Refused();
        emit Processed(stateId, sender, data);
    }
}
