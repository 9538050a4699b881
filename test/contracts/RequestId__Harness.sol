// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RequestId} from "../../contracts/shared/math/RequestId.sol";

/// @title Ids of requests
contract RequestId__Harness {
    /// @notice Id of the controller's request in a batch.
    function encode(uint256 batch, address controller) external pure returns (uint256 id) {
        return RequestId.encode(batch, controller);
    }

    /// @notice Batch and controller of an id.
    function decode(uint256 id) external pure returns (uint256 batch, address controller) {
        return RequestId.decode(id);
    }
}
