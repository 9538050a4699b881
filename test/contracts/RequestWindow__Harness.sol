// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RequestWindow} from "../../contracts/shared/state/RequestWindow.sol";

/// @title One controller's window, many operations at a time
contract RequestWindow__Harness {
    using RequestWindow for RequestWindow.Window;

    /// @notice A batch to add, or to remove.
    struct Operation {
        bool isRemoval;
        uint256 batch;
    }

    RequestWindow.Window private _window;

    /// @notice Applies the operations in order.
    /// @return words The newest word after each.
    /// @return batches The set after the last.
    function replay(
        Operation[] calldata operations
    ) external returns (uint256[] memory words, uint256[] memory batches) {
        words = new uint256[](operations.length);
        for (uint256 i = 0; i < operations.length; ++i) {
            _apply(operations[i]);
            words[i] = _window.word;
        }
        batches = _window.list();
    }

    /// @notice Applies the operations in order.
    /// @return lists The set after each.
    function replayListing(Operation[] calldata operations) external returns (uint256[][] memory lists) {
        lists = new uint256[][](operations.length);
        for (uint256 i = 0; i < operations.length; ++i) {
            _apply(operations[i]);
            lists[i] = _window.list();
        }
    }

    function _apply(Operation calldata operation) private {
        if (operation.isRemoval) _window.remove(operation.batch);
        else _window.add(operation.batch);
    }
}
