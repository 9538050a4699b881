// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Many calls in one transaction
/// @notice Calls what it is told to, one after the other.
contract Caller {
    /// @notice Calls were made.
    /// @param count How many.
    event Called(uint256 count);

    /// @notice What a call failed with.
    error CallFailed(bytes reason);

    /// @notice Calls the targets, each with its data.
    function callAll(address[] calldata targets, bytes[] calldata data) external {
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool success, bytes memory reason) = targets[i].call(data[i]);
            if (!success) revert CallFailed(reason);
        }
        emit Called(targets.length);
    }
}
