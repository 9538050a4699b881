// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SwapRateHandler} from "./handlers/SwapRateHandler.sol";
import {SwapRulesHandler} from "./handlers/SwapRulesHandler.sol";
import {SwapInvariants} from "./support/SwapInvariants.sol";
import {SwapWorld} from "./support/SwapWorld.sol";

/// @title The swap pool, whoever does what
contract SwapPoolTest is SwapInvariants {
    function setUp() public {
        SwapWorld world = new SwapWorld();
        _buildSwaps({stage: world.STAGE(), assets: 20_000e18, shares: 15_000e18});
        targetContract(address(swapper));
        targetContract(address(new SwapRateHandler(world)));
        targetContract(address(new SwapRulesHandler(swaps)));
    }

    function invariant_swapPool() public view {
        _checkSwaps();
    }

    function afterInvariant() public {
        _leaveSwaps();
    }
}
