// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {HostileReceiver} from "../support/HostileReceiver.sol";
import {SwapStage} from "../support/SwapStage.sol";
import {SwapPoolHandler} from "./SwapPoolHandler.sol";

/// @title Everyone at the swap pool, and a receiver that does not behave
/// @notice It refuses what it is paid, burns the gas, or calls the pool from within the payment. Whoever named it as
/// the receiver keeps what he had, or is paid once.
contract SwapHostileHandler is SwapPoolHandler {
    uint256 private constant MODES = uint256(type(HostileReceiver.Mode).max) + 1;
    /// Gas of a payment: a receiver that burns it gets no more.
    uint256 private constant GAS = 10_000_000;

    HostileReceiver private immutable HOSTILE;

    constructor(
        SwapStage stage,
        uint256 assets_,
        uint256 shares_,
        uint256 liquidity_
    ) SwapPoolHandler(stage, assets_, shares_, liquidity_) {
        HOSTILE = stage.HOSTILE();
    }

    function unstakeToHostile(uint256 userSeed, uint256 amountSeed, uint256 modeSeed) external fair {
        address user = _holder(userSeed, TOKEN);
        uint256 amount = _amount(amountSeed, 1, 10_000e18);
        vm.assume(amount <= TOKEN.balanceOf(user));
        uint256 quoted = _quote(abi.encodeCall(SWAP.quoteUnstake, (amount)));
        uint256 had = address(HOSTILE).balance;
        (bool refuses, bool enters) = _prepare(modeSeed);
        vm.prank(user);
        if (refuses) {
            vm.expectRevert();
            SWAP.unstakeFor{gas: GAS}(amount, address(HOSTILE), quoted, block.timestamp);
            return;
        }
        SWAP.unstakeFor(amount, address(HOSTILE), quoted, block.timestamp);
        assertEq(address(HOSTILE).balance - had, quoted, "Z1: a hostile receiver was paid something else");
        _checkHeld(enters);
        _noteUnstaked(amount, quoted);
    }

    function removeToHostile(uint256 userSeed, uint256 amountSeed, uint256 modeSeed) external fair {
        address user = _holder(userSeed, SWAP);
        uint256 held = SWAP.balanceOf(user);
        uint256 amount = bound(amountSeed, 1, held);
        (uint256 outAssets, uint256 outShares) = SWAP.previewRemove(amount);
        vm.assume(outAssets != 0);
        (uint256 hadAssets, uint256 hadShares) = (address(HOSTILE).balance, TOKEN.balanceOf(address(HOSTILE)));
        (bool refuses, bool enters) = _prepare(modeSeed);
        vm.prank(user);
        if (refuses) {
            vm.expectRevert();
            SWAP.removeLiquidity{gas: GAS}(amount, address(HOSTILE), outAssets, outShares);
            return;
        }
        SWAP.removeLiquidity(amount, address(HOSTILE), outAssets, outShares);
        assertEq(address(HOSTILE).balance - hadAssets, outAssets, "Z1: a hostile receiver was paid something else");
        assertEq(TOKEN.balanceOf(address(HOSTILE)) - hadShares, outShares, "Z1: a hostile receiver got other shares");
        _checkHeld(enters);
        _noteRemoved(amount, outAssets, outShares);
    }

    // ---------------------------------------------------------------- internals

    function _prepare(uint256 modeSeed) private returns (bool refuses, bool enters) {
        HostileReceiver.Mode mode = HostileReceiver.Mode(modeSeed % MODES);
        HOSTILE.prepare(mode, _attack(modeSeed / MODES));
        refuses = mode == HostileReceiver.Mode.Refuse || mode == HostileReceiver.Mode.Burn;
        enters = mode == HostileReceiver.Mode.Enter;
    }

    /// @dev Any call that moves something.
    function _attack(uint256 seed) private view returns (bytes memory) {
        address at = address(HOSTILE);
        uint256 kind = seed % 7;
        if (kind == 0) return abi.encodeCall(SWAP.stake, (0));
        if (kind == 1) return abi.encodeCall(SWAP.stakeWrapped, (1e18, at, 0, block.timestamp));
        if (kind == 2) return abi.encodeCall(SWAP.unstake, (1e18, 0));
        if (kind == 3) return abi.encodeCall(SWAP.unstakeWrapped, (1e18, at, 0, block.timestamp));
        if (kind == 4) return abi.encodeCall(SWAP.addLiquidity, (1e18, 0, at, block.timestamp));
        if (kind == 5) return abi.encodeCall(SWAP.removeLiquidity, (1e18, at, 0, 0));
        return abi.encodeCall(SWAP.removeLiquidityWrapped, (1e18, at, 0, 0));
    }

    function _checkHeld(bool enters) private view {
        assertFalse(HOSTILE.wasShort(), "Z1: the pool had less than its books said while it paid");
        if (!enters) return;
        assertFalse(HOSTILE.entered(), "Z1: a call went through in the midst of a payment");
        bytes4 reason = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        assertEq(HOSTILE.answer(), reason, "Z1: a call failed for another reason than the guard");
    }
}
