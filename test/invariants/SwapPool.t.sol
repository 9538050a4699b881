// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {SwapPool} from "contracts/polygon/swap/SwapPool.sol";
import {SwapPoolHandler} from "./handlers/SwapPoolHandler.sol";
import {SwapWorld} from "./support/SwapWorld.sol";

/// @title The swap pool, whoever does what
/// @notice Y1: reserves are what came in less what went out. Y2: they are there. Y3: liquidity loses no worth but by a
/// loss on Ethereum. Y4: quotes are kept. Y5: payouts stay within the daily limit. Y6: liquidity is what was minted.
contract SwapPoolTest is Test {
    SwapWorld private world;
    SwapPool private swap;
    SwapPoolHandler private handler;

    function setUp() public {
        world = new SwapWorld();
        swap = world.SWAP();
        address first = world.userAt(0);
        vm.prank(first);
        swap.addLiquidity{value: 20_000e18}({
            shares: 15_000e18,
            minLiquidity: 0,
            receiver: first,
            deadline: block.timestamp
        });
        handler = new SwapPoolHandler({
            world: world,
            assets_: 20_000e18,
            shares_: 15_000e18,
            liquidity_: swap.balanceOf(first) + world.LOCKED()
        });
        targetContract(address(handler));
    }

    function invariant_swapPool() public view {
        (uint256 assets, uint256 shares) = swap.reserves();
        assertEq(assets, handler.assets(), "Y1: native tokens came or went some other way");
        assertEq(shares, handler.shares(), "Y1: shares came or went some other way");
        assertEq(address(swap).balance, assets + handler.givenAssets(), "Y2: native tokens are missing");
        assertEq(world.TOKEN().balanceOf(address(swap)), shares + handler.givenShares(), "Y2: shares are missing");
        assertEq(world.WRAPPED().balanceOf(address(swap)), 0, "Y2: wrapped tokens stay");

        (, uint256 limit, ) = swap.parameters();
        assertLe(handler.lastDay(), 2 * limit, "Y5: more than twice the limit was paid out in a day");
        (uint256 payable_, uint256 buyable) = swap.available();
        assertLe(payable_, assets < limit ? assets : limit, "Y5: more is available than there is");
        assertEq(buyable, shares, "Y5: shares that are there cannot be bought");

        uint256 sum = swap.balanceOf(world.DEAD());
        assertEq(sum, world.LOCKED(), "Y6: locked liquidity moved");
        for (uint256 i = 0; i < world.USERS(); ++i) sum += swap.balanceOf(world.userAt(i));
        assertEq(sum, swap.totalSupply(), "Y6: balances are not the supply");
        assertEq(sum, handler.liquidity(), "Y6: liquidity came or went some other way");
    }

    /// @dev Everyone takes out what is theirs.
    function afterInvariant() public {
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            uint256 held = swap.balanceOf(user);
            (uint256 assets, uint256 shares) = swap.previewRemove(held);
            if (assets == 0 && shares == 0) continue;
            vm.prank(user);
            swap.removeLiquidity(held, user, assets, shares);
        }
        (uint256 left, uint256 rest) = swap.reserves();
        assertGt(left + rest, 0, "Y6: the locked liquidity is worth nothing");
    }
}
