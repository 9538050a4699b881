// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeHandler} from "./BridgeHandler.sol";

/// @title A keeper who sends the rate to Polygon, and a state receiver that is quick
/// @notice Without it the rate is seldom young enough for swaps.
contract RateHandler is BridgeHandler {
    uint256 private constant HOUR = 1 hours;

    constructor(Stage memory stage) BridgeHandler(stage) {}

    /// @dev Twice in one of four cases: the second one confirms a loss.
    function tellRate(uint256 seed) external neverDown {
        _tell();
        if (seed % 4 != 0) return;
        vm.warp(block.timestamp + HOUR);
        _tell();
    }

    function _tell() private {
        vm.recordLogs();
        vm.prank(STRANGER);
        _noteSentDown(BRIDGE.syncRate(), address(0), 0);
        _deliver(BOOK.downs());
    }
}
