// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";
import {StdUtils} from "forge-std/StdUtils.sol";

import {SwapWorld} from "../support/SwapWorld.sol";

/// @title Time, growth and losses at the swap pool
contract SwapRateHandler is CommonBase, StdUtils {
    uint256 private constant HALF_DAY = 12 hours;
    /// @dev Half of the feed's highest pace, over 12 hours.
    uint256 private constant GROWTH = uint256(1e18) / 1_460;

    SwapWorld private immutable WORLD;

    constructor(SwapWorld world) {
        WORLD = world;
    }

    /// @dev The worth of liquidity rises with that of shares.
    function wait(uint256 time, uint256 part) external {
        time = bound(time, 1, HALF_DAY);
        WORLD.grow(time, (GROWTH * time * bound(part, 0, 1e6)) / (HALF_DAY * 1e6));
    }

    /// @dev In one of eight cases, up to a fifth.
    function lose(uint256 chance, uint256 part) external {
        vm.assume(chance % 8 == 0);
        WORLD.lose(bound(part, 1, 2e17));
    }
}
