// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Many calls in one transaction
/// @notice Calls what it is told to, one after the other.
contract Caller {
    using Address for address;

    /// @notice Calls were made.
    /// @param count How many.
    event Called(uint256 count);

    /// @notice Calls the targets, each with its data.
    function callAll(address[] calldata targets, bytes[] calldata data) external {
        for (uint256 i = 0; i < targets.length; ++i) targets[i].functionCall(data[i]);
        emit Called(targets.length);
    }
}
