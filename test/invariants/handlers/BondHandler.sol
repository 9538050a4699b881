// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAMATICb} from "contracts/interfaces/IAMATICb.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {LegacyGhosts} from "../support/LegacyGhosts.sol";
import {LegacyWorld} from "../support/LegacyWorld.sol";
import {LegacyHandler} from "./LegacyHandler.sol";

/// @title Holders who move aMATICb
/// @notice What one gets the other gives, to the share, and no way of moving it moves less.
contract BondHandler is LegacyHandler {
    uint256 private constant PIECES = 5;

    struct Pair {
        address from;
        address to;
        uint256 fromShares;
        uint256 toShares;
        uint256 fromBonds;
        uint256 toBonds;
        Price at;
    }

    constructor(LegacyWorld world, Ghosts ghosts, LegacyGhosts book) LegacyHandler(world, ghosts, book) {}

    // ---------------------------------------------------------------- transfers

    function transfer(uint256 fromSeed, uint256 toSeed, uint256 bondsSeed) external sameBlock {
        Pair memory pair = _pair(fromSeed, toSeed);
        uint256 bonds = _part(bondsSeed, pair.fromBonds);
        vm.prank(pair.from);
        assertTrue(BOND.transfer(pair.to, bonds), "T1: a transfer failed");
        _checkBondsMoved(pair, bonds);
    }

    /// @dev By a spender with an allowance of just the bonds, of more, or without limit.
    function transferFrom(uint256 fromSeed, uint256 toSeed, uint256 bondsSeed, uint256 moreSeed) external sameBlock {
        Pair memory pair = _pair(fromSeed, toSeed);
        uint256 bonds = _part(bondsSeed, pair.fromBonds);
        (address spender, uint256 allowance) = _approve(pair.from, bonds, moreSeed);
        vm.prank(spender);
        assertTrue(BOND.transferFrom(pair.from, pair.to, bonds), "T1: a transfer failed");
        _checkBondsMoved(pair, bonds);
        _checkCharged(pair.from, allowance, bonds);
    }

    function transferShares(uint256 fromSeed, uint256 toSeed, uint256 sharesSeed) external sameBlock {
        Pair memory pair = _pair(fromSeed, toSeed);
        uint256 shares = _part(sharesSeed, pair.fromShares);
        vm.prank(pair.from);
        uint256 bonds = BOND.transferShares(pair.to, shares);
        _checkSharesMoved(pair, shares, bonds);
    }

    function transferSharesFrom(
        uint256 fromSeed,
        uint256 toSeed,
        uint256 sharesSeed,
        uint256 moreSeed
    ) external sameBlock {
        Pair memory pair = _pair(fromSeed, toSeed);
        uint256 shares = _part(sharesSeed, pair.fromShares);
        uint256 charge = _chargeOf(shares, pair.at);
        (address spender, uint256 allowance) = _approve(pair.from, charge, moreSeed);
        vm.prank(spender);
        uint256 bonds = BOND.transferSharesFrom(pair.from, pair.to, shares);
        _checkSharesMoved(pair, shares, bonds);
        _checkCharged(pair.from, allowance, charge);
    }

    /// @dev In pieces, and back in one: neither side ends with more than it began with.
    function split(uint256 fromSeed, uint256 bondsSeed, uint256 countSeed) external sameBlock {
        address from = _bondHolder(fromSeed);
        Pair memory pair = _pairOf(from, WORLD.operatorOf(from));
        uint256 left = _part(bondsSeed, pair.fromBonds);
        uint256 sent = 0;
        vm.startPrank(from);
        for (uint256 count = bound(countSeed, 2, PIECES); count != 0; --count) {
            // Each piece may move a wei more than it is.
            uint256 most = left < BOND.balanceOf(from) ? left : BOND.balanceOf(from);
            uint256 piece = count == 1 ? most : bound(uint256(keccak256(abi.encode(countSeed, count))), 0, most);
            BOND.transfer(pair.to, piece);
            (left, sent) = (left - piece, sent + piece);
        }
        vm.stopPrank();
        uint256 moved = pair.fromShares - BOND.sharesOf(from);
        assertEq(BOND.sharesOf(pair.to), pair.toShares + moved, "T1: what one gave the other did not get");
        assertGe(moved * pair.at.assets, sent * pair.at.shares, "T5: pieces move less than the whole");
        if (sent != 0 && sent == pair.fromBonds) assertEq(moved, pair.fromShares, "T5: pieces of all left something");
    }

    // ---------------------------------------------------------------- more than there is

    function beyondBalance(uint256 fromSeed, uint256 toSeed, uint256 moreSeed) external sameBlock {
        Pair memory pair = _pair(fromSeed, toSeed);
        uint256 bonds = bound(moreSeed, pair.fromBonds + 1, type(uint128).max);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, pair.from, pair.fromBonds, bonds)
        );
        vm.prank(pair.from);
        BOND.transfer(pair.to, bonds);
        uint256 shares = bound(moreSeed, pair.fromShares + 1, type(uint128).max);
        vm.expectRevert(
            abi.encodeWithSelector(IAMATICb.InsufficientShares.selector, pair.from, pair.fromShares, shares)
        );
        vm.prank(pair.from);
        BOND.transferShares(pair.to, shares);
    }

    /// @dev A wei less than what is charged moves nothing.
    function beyondAllowance(uint256 fromSeed, uint256 toSeed, uint256 sharesSeed) external sameBlock {
        Pair memory pair = _pair(fromSeed, toSeed);
        uint256 shares = _amount(sharesSeed, 1, pair.fromShares);
        uint256 charge = _chargeOf(shares, pair.at);
        (address spender, ) = _approve(pair.from, charge - 1, 0);
        bytes memory short = abi.encodeWithSelector(
            IERC20Errors.ERC20InsufficientAllowance.selector,
            spender,
            charge - 1,
            charge
        );
        vm.expectRevert(short);
        vm.prank(spender);
        BOND.transferSharesFrom(pair.from, pair.to, shares);
        vm.expectRevert(short);
        vm.prank(spender);
        BOND.transferFrom(pair.from, pair.to, charge);
    }

    // ---------------------------------------------------------------- gifts

    /// @dev ankrMATIC for nothing: it makes nobody's balance.
    function donate(uint256 userSeed, uint256 sharesSeed) external sameBlock {
        address user = WORLD.userAt(userSeed);
        uint256 shares = _amount(sharesSeed, 0, TOKEN.balanceOf(user));
        vm.assume(shares != 0);
        vm.prank(user);
        TOKEN.transfer(address(BOND), shares);
        BOOK.noteDonated(shares);
    }

    // ---------------------------------------------------------------- internals

    /// @dev A holder and any receiver: another user, itself, the stranger, or the treasury.
    function _pair(uint256 fromSeed, uint256 toSeed) private view returns (Pair memory) {
        address from = _bondHolder(fromSeed);
        address to = WORLD.userAt(toSeed);
        uint256 kind = _mix(toSeed) % 16;
        if (kind == 0) to = from;
        else if (kind == 1) to = WORLD.STRANGER();
        else if (kind == 2) to = WORLD.TREASURY();
        return _pairOf(from, to);
    }

    function _pairOf(address from, address to) private view returns (Pair memory pair) {
        (pair.from, pair.to, pair.at) = (from, to, _price());
        (pair.fromShares, pair.toShares) = (BOND.sharesOf(from), BOND.sharesOf(to));
        (pair.fromBonds, pair.toBonds) = (BOND.balanceOf(from), BOND.balanceOf(to));
    }

    /// @return spender Another user, whom `from` allowed to spend.
    /// @return allowance At least the bonds; it is what it was set to, whatever was left of another.
    function _approve(
        address from,
        uint256 bonds,
        uint256 moreSeed
    ) private returns (address spender, uint256 allowance) {
        spender = WORLD.operatorOf(from);
        allowance = bonds;
        if (moreSeed % 3 == 1) allowance += _amount(moreSeed, 1, 1e27);
        else if (moreSeed % 3 == 2) allowance = type(uint256).max;
        vm.prank(from);
        BOND.approve(spender, allowance);
    }

    function _checkCharged(address from, uint256 allowance, uint256 charge) private view {
        uint256 left = allowance == type(uint256).max ? allowance : allowance - charge;
        assertEq(BOND.allowance(from, WORLD.operatorOf(from)), left, "T4: an allowance was charged something else");
    }

    function _checkBondsMoved(Pair memory pair, uint256 bonds) private view {
        if (pair.from == pair.to) {
            assertEq(BOND.sharesOf(pair.from), pair.fromShares, "T1: a transfer to oneself changed something");
            return;
        }
        uint256 moved = pair.fromShares - BOND.sharesOf(pair.from);
        assertEq(BOND.sharesOf(pair.to), pair.toShares + moved, "T1: what one gave the other did not get");
        _checkMoved({bonds: bonds, moved: moved, held: pair.fromShares, at: pair.at});
        uint256 gain = BOND.balanceOf(pair.to) - pair.toBonds;
        uint256 off = gain < bonds ? bonds - gain : gain - bonds;
        assertLe(
            off * pair.at.shares,
            pair.at.assets + pair.at.shares,
            "T3: the gain is off by more than a share and a wei"
        );
    }

    function _checkSharesMoved(Pair memory pair, uint256 shares, uint256 bonds) private view {
        uint256 moved = pair.from == pair.to ? 0 : shares;
        assertEq(BOND.sharesOf(pair.from), pair.fromShares - moved, "T1: another number of shares was taken");
        assertEq(
            BOND.sharesOf(pair.to),
            pair.from == pair.to ? pair.toShares : pair.toShares + shares,
            "T1: another number of shares came"
        );
        assertEq(bonds, (shares * pair.at.assets) / pair.at.shares, "T1: the bonds are not the worth of the shares");
    }
}
