// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {SwapPool} from "contracts/polygon/swap/SwapPool.sol";
import {SwapHostileHandler} from "../handlers/SwapHostileHandler.sol";
import {SwapStage} from "./SwapStage.sol";

/// @title What must hold of the swap pool after every call
/// @notice Y1: reserves are what came in less what went out. Y2: they are there. Y5: payouts stay within the daily
/// limit. Y6: liquidity is what was minted. Handlers check what must hold across a call.
abstract contract SwapInvariants is Test {
    uint256 private constant MAX_AGE = 24 hours;
    uint256 private constant CONFIRMATION = 1 hours;

    SwapStage internal swaps;
    SwapPool internal swap;
    SwapHostileHandler internal swapper;

    /// @dev A pool with one provider.
    function _buildSwaps(SwapStage stage, uint256 assets, uint256 shares) internal {
        (swaps, swap) = (stage, stage.SWAP());
        address first = stage.userAt(0);
        vm.prank(first);
        swap.addLiquidity{value: assets}({shares: shares, minLiquidity: 0, receiver: first, deadline: block.timestamp});
        swapper = new SwapHostileHandler({
            stage: stage,
            assets_: assets,
            shares_: shares,
            liquidity_: swap.balanceOf(first) + stage.LOCKED()
        });
    }

    function _checkSwaps() internal view {
        (uint256 assets, uint256 shares) = swap.reserves();
        assertEq(assets, swapper.assets(), "Y1: native tokens came or went some other way");
        assertEq(shares, swapper.shares(), "Y1: shares came or went some other way");
        assertEq(address(swap).balance, assets + swapper.givenAssets(), "Y2: native tokens are missing");
        assertEq(swaps.TOKEN().balanceOf(address(swap)), shares + swapper.givenShares(), "Y2: shares are missing");
        assertEq(swaps.WRAPPED().balanceOf(address(swap)), 0, "Y2: wrapped tokens stay");

        (, uint256 limit, ) = swap.parameters();
        assertLe(swapper.lastDay(), 2 * limit, "Y5: more than twice the limit was paid out in a day");
        _checkAvailable(assets, shares);

        uint256 sum = swap.balanceOf(swaps.DEAD());
        assertEq(sum, swaps.LOCKED(), "Y6: locked liquidity moved");
        for (uint256 i = 0; i < swaps.USERS(); ++i) sum += swap.balanceOf(swaps.userAt(i));
        assertEq(sum, swap.totalSupply(), "Y6: balances are not the supply");
        assertEq(sum, swapper.liquidity(), "Y6: liquidity came or went some other way");
    }

    function _checkAvailable(uint256 assets, uint256 shares) private view {
        (uint256 sellable, uint256 buyable) = swap.available();
        (uint256 free, uint256 roundings) = swapper.leftToday();
        if (!_isOpen()) (assets, shares) = (0, 0);
        if (free > assets) free = assets;
        assertEq(buyable, shares, "Y5: what can be bought is not what there is");
        assertLe(sellable, free, "Y5: more is available than there is, or than the limit leaves");
        assertGe(sellable + roundings + 1, free, "Y5: the daily limit refills too slowly");
    }

    /// @dev Everyone takes out what is theirs, whatever is paused and however old the rate is.
    function _leaveSwaps() internal {
        for (uint256 i = 0; i < swaps.USERS(); ++i) {
            uint256 held = swap.balanceOf(swaps.userAt(i));
            (uint256 assets, uint256 shares) = swap.previewRemove(held);
            // A seed of 0: all of it.
            if (assets != 0 || shares != 0) swapper.removeLiquidity({userSeed: i, amountSeed: 0, wrapped: true});
        }
        (uint256 left, uint256 rest) = swap.reserves();
        assertGt(left + rest, 0, "Y6: the locked liquidity is worth nothing");
        _checkSwaps();
    }

    /// @dev True while the pool has a rate that it may rely on, and nobody paused it.
    function _isOpen() private view returns (bool) {
        (uint256 worth, , uint256 time, uint256 lossTime) = swaps.FEED().latest();
        (, , uint256 until) = swap.parameters();
        if (worth == 0 || block.timestamp < until || block.timestamp > time + MAX_AGE) return false;
        return lossTime == 0 || time >= lossTime + CONFIRMATION;
    }
}
