// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Ghosts} from "../support/Ghosts.sol";
import {LegacyGhosts} from "../support/LegacyGhosts.sol";
import {LegacyWorld} from "../support/LegacyWorld.sol";
import {LegacyHandler} from "./LegacyHandler.sol";

/// @title Holders of aMATICb who unstake
contract UnstakeHandler is LegacyHandler {
    struct Before {
        address user;
        uint256 batch;
        uint256 shares;
        uint256 tokens;
        uint256 backing;
        uint256 pooled;
        uint256 requested;
        Price at;
    }

    constructor(LegacyWorld world, Ghosts ghosts, LegacyGhosts book) LegacyHandler(world, ghosts, book) {}

    function unstakeBonds(uint256 userSeed, uint256 bondsSeed) external sameBlock {
        address user = _bondHolder(userSeed);
        uint256 bonds = _part(bondsSeed, BOND.balanceOf(user));
        _assumeRequestable(BOND.sharesToMove(user, bonds));
        Before memory before = _before(user);
        vm.prank(user);
        uint256 id = BOND.unstakeBonds(bonds);
        uint256 moved = before.shares - BOND.sharesOf(user);
        _checkMoved({bonds: bonds, moved: moved, held: before.shares, at: before.at});
        _checkRequest(before, moved, id);
    }

    function unstakeShares(uint256 userSeed, uint256 sharesSeed) external sameBlock {
        address user = _bondHolder(userSeed);
        uint256 shares = _part(sharesSeed, BOND.sharesOf(user));
        _assumeRequestable(shares);
        Before memory before = _before(user);
        vm.prank(user);
        uint256 id = BOND.unstakeShares(shares);
        assertEq(BOND.sharesOf(user), before.shares - shares, "E1: another number of shares was burnt");
        _checkRequest(before, shares, id);
    }

    // ---------------------------------------------------------------- internals

    /// @dev E3: nothing here asks whether anything is paused, because it must not matter.
    function _assumeRequestable(uint256 shares) private view {
        (bool open, uint256 value) = _requestable(shares);
        vm.assume(open && value != 0);
    }

    function _before(address user) private view returns (Before memory before) {
        (before.batch, , , , , ) = POOL.queue();
        (before.user, before.shares, before.tokens) = (user, BOND.sharesOf(user), TOKEN.balanceOf(user));
        (before.backing, before.pooled) = (TOKEN.balanceOf(address(BOND)), POOL.totalPooled());
        (before.requested, , ) = POOL.requestOf((before.batch << 160) | uint160(user));
        before.at = _price();
    }

    /// @dev The request fixed what the shares were worth, rounded down, for the caller and for nobody else.
    function _checkRequest(Before memory before, uint256 shares, uint256 id) private {
        uint256 fixedAssets = before.pooled - POOL.totalPooled();
        assertEq(fixedAssets, (shares * before.at.assets) / before.at.shares, "E1: a request fixed something else");
        assertEq(
            TOKEN.balanceOf(address(BOND)),
            before.backing - shares,
            "E1: other shares were burnt than the holder's"
        );
        assertEq(TOKEN.balanceOf(before.user), before.tokens, "E1: unstaking paid shares");
        assertEq(TOKEN.totalSupply(), before.at.shares - shares, "E1: a fee was taken");
        assertEq(id, (before.batch << 160) | uint160(before.user), "E2: the controller is not the caller");
        (uint256 requested, , ) = POOL.requestOf(id);
        assertEq(requested, before.requested + shares, "E2: the request has other shares");
        GHOSTS.noteRequest(before.user, id, fixedAssets);
        BOOK.noteUnstaked(shares);
    }
}
