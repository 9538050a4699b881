// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IBondSwitcher} from "contracts/interfaces/IBondSwitcher.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {LegacyGhosts} from "../support/LegacyGhosts.sol";
import {LegacyWorld} from "../support/LegacyWorld.sol";
import {LegacyHandler} from "./LegacyHandler.sol";

/// @title Holders who switch aMATICb to ankrMATIC
/// @notice What is available can be switched, a share more cannot, and the fee is all that is lost by it.
contract SwitchHandler is LegacyHandler {
    uint256 private constant BPS = 10_000;

    struct Before {
        address holder;
        address receiver;
        uint256 shares;
        uint256 receiverTokens;
        uint256 treasuryTokens;
        uint256 backing;
        uint256 available;
        uint256 used;
        uint256 feeBps;
        Price at;
    }

    constructor(LegacyWorld world, Ghosts ghosts, LegacyGhosts book) LegacyHandler(world, ghosts, book) {}

    // ---------------------------------------------------------------- switches

    /// @dev A part of the balance that is available.
    function switchBonds(uint256 userSeed, uint256 receiverSeed, uint256 bondsSeed) external sameBlock {
        Before memory before = _before(userSeed, receiverSeed);
        uint256 bonds = _part(bondsSeed, BOND.balanceOf(before.holder));
        uint256 shares = BOND.sharesToMove(before.holder, bonds);
        if (shares > before.available) {
            // Rounded down, so that no more shares are worth it.
            bonds = BOND.sharesToBonds(before.available);
            shares = BOND.sharesToMove(before.holder, bonds);
        }
        _assumeSwitchable(before, shares);
        _approve(before.holder, bonds);
        vm.prank(before.holder);
        uint256 received = SWITCHER.switchBonds(bonds, before.receiver);
        _checkMoved({bonds: bonds, moved: shares, held: before.shares, at: before.at});
        _checkSwitched(before, shares, received);
    }

    function switchShares(uint256 userSeed, uint256 receiverSeed, uint256 sharesSeed) external sameBlock {
        Before memory before = _before(userSeed, receiverSeed);
        uint256 most = before.shares < before.available ? before.shares : before.available;
        uint256 shares = _part(sharesSeed, most);
        _assumeSwitchable(before, shares);
        _approve(before.holder, _chargeOf(shares, before.at));
        vm.prank(before.holder);
        uint256 received = SWITCHER.switchShares(shares, before.receiver);
        _checkSwitched(before, shares, received);
    }

    /// @dev Asks for a part of what it has, or for more than there is.
    function switchUpTo(uint256 userSeed, uint256 receiverSeed, uint256 sharesSeed) external sameBlock {
        Before memory before = _before(userSeed, receiverSeed);
        uint256 asked = _part(sharesSeed, before.shares);
        if (_mix(sharesSeed) % 4 == 0) asked = bound(sharesSeed, asked, type(uint256).max);
        uint256 most = before.shares < before.available ? before.shares : before.available;
        uint256 shares = asked < most ? asked : most;
        _assumeSwitchable(before, shares);
        _approve(before.holder, _chargeOf(shares, before.at));
        vm.prank(before.holder);
        (uint256 switched, uint256 received) = SWITCHER.switchUpTo(asked, before.receiver);
        assertEq(switched, shares, "K4: what is available was not switched");
        _checkSwitched(before, shares, received);
    }

    // ---------------------------------------------------------------- refusals

    /// @dev A share more than is available; the cap is looked at before the daily limit. In a pause nothing is.
    function beyondAvailable(uint256 userSeed, uint256 moreSeed) external sameBlock {
        address holder = _bondHolder(userSeed);
        (uint256 feeBps, uint256 cap, uint256 used, , uint256 until) = SWITCHER.parameters();
        uint256 available = SWITCHER.available();
        uint256 shares = available + _amount(moreSeed, 1, 1e27);
        uint256 left = cap > used ? cap - used : 0;
        bytes memory reason;
        if (block.timestamp < until) reason = abi.encodeWithSelector(IBondSwitcher.SwitchesArePaused.selector, until);
        else if (shares > left) reason = abi.encodeWithSelector(IBondSwitcher.AboveRemaining.selector, shares, left);
        else if (shares == 1 && feeBps != 0)
            reason = abi.encodeWithSelector(IBondSwitcher.NothingAfterFee.selector, 1, 1);
        else reason = abi.encodeWithSelector(IBondSwitcher.AboveDailyLimit.selector, shares, available);
        vm.prank(holder);
        BOND.approve(address(SWITCHER), type(uint256).max);
        vm.expectRevert(reason);
        vm.prank(holder);
        SWITCHER.switchShares(shares, holder);
        _approve(holder, 0);
    }

    // ---------------------------------------------------------------- internals

    /// @dev The receiver is another user, the holder, or the treasury.
    function _before(uint256 userSeed, uint256 receiverSeed) private view returns (Before memory before) {
        before.holder = _bondHolder(userSeed);
        before.receiver = WORLD.userAt(receiverSeed);
        uint256 kind = _mix(receiverSeed) % 16;
        if (kind == 0) before.receiver = WORLD.TREASURY();
        else if (kind < 6) before.receiver = before.holder;
        before.shares = BOND.sharesOf(before.holder);
        before.receiverTokens = TOKEN.balanceOf(before.receiver);
        before.treasuryTokens = TOKEN.balanceOf(WORLD.TREASURY());
        before.backing = TOKEN.balanceOf(address(BOND));
        before.available = SWITCHER.available();
        (before.feeBps, , before.used, , ) = SWITCHER.parameters();
        before.at = _price();
    }

    /// @dev Something is left after the fee, and all of it is available: a balance that is worth no more than what is
    /// available can still be more shares, where a loss made them worth less than a wei.
    function _assumeSwitchable(Before memory before, uint256 shares) private pure {
        vm.assume(shares <= before.available && shares > _feeOf(before, shares));
    }

    function _feeOf(Before memory before, uint256 shares) private pure returns (uint256 fee) {
        return (shares * before.feeBps + BPS - 1) / BPS;
    }

    function _approve(address holder, uint256 bonds) private {
        vm.prank(holder);
        BOND.approve(address(SWITCHER), bonds);
    }

    function _checkSwitched(Before memory before, uint256 shares, uint256 received) private {
        assertEq(BOND.sharesOf(before.holder), before.shares - shares, "K2: another number of shares left the holder");
        assertEq(BOND.allowance(before.holder, address(SWITCHER)), 0, "T4: a switch was charged something else");
        _checkPaid(before, shares, received);

        (, uint256 cap, uint256 used, , ) = SWITCHER.parameters();
        assertEq(used, before.used + shares, "K2: a switch was not counted");
        assertLe(used, cap, "K2: the cap was passed");
        assertLe(shares, BOOK.dailyFree(), "K5: a switch passed the daily limit");
        assertEq(SWITCHER.available(), before.available - shares, "K4: less or more is available than is left");
        BOOK.noteSwitched(shares);
    }

    /// @dev The receiver may be the treasury.
    function _checkPaid(Before memory before, uint256 shares, uint256 received) private {
        uint256 fee = _feeOf(before, shares);
        assertEq(received, shares - fee, "K3: another fee was taken");
        address treasury = WORLD.TREASURY();
        bool toTreasury = before.receiver == treasury;
        uint256 expected = before.treasuryTokens + (toTreasury ? shares : fee);
        assertEq(TOKEN.balanceOf(treasury), expected, "K3: the treasury did not get the fee");
        assertEq(TOKEN.balanceOf(address(BOND)), before.backing - shares, "K3: aMATICb did not pay the shares");
        if (toTreasury) return;
        assertEq(TOKEN.balanceOf(before.receiver), before.receiverTokens + received, "K3: the receiver was not paid");
    }
}
