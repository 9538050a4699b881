// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Many calls in one transaction
/// @notice Makes calls of other contracts one after the other; if one fails, all fail, with its error.
contract CallBundle {
    using Address for address;

    /// @notice A call.
    struct Call {
        address target;
        bytes data;
    }

    /// @notice Makes all calls.
    /// @param calls The calls, in their order.
    function all(Call[] calldata calls) external {
        for (uint256 i; i < calls.length; ++i) calls[i].target.functionCall(calls[i].data);
    }
}
