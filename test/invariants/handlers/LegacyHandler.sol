// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AMATICb} from "contracts/ethereum/legacy/AMATICb.sol";
import {BondSwitcher} from "contracts/ethereum/legacy/BondSwitcher.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {LegacyGhosts} from "../support/LegacyGhosts.sol";
import {LegacyWorld} from "../support/LegacyWorld.sol";
import {Handler} from "./Handler.sol";

/// @title What the handlers of aMATICb and its switcher share
/// @notice What bonds must move and what shares must cost, as inequalities of whole products.
abstract contract LegacyHandler is Handler {
    LegacyWorld internal immutable LEGACY;
    LegacyGhosts internal immutable BOOK;
    AMATICb internal immutable BOND;
    BondSwitcher internal immutable SWITCHER;

    constructor(LegacyWorld world, Ghosts ghosts, LegacyGhosts book) Handler(world, ghosts) {
        LEGACY = world;
        BOOK = book;
        BOND = world.bond();
        SWITCHER = world.switcher();
    }

    /// @dev A user with shares of aMATICb, or none: then the action is discarded.
    function _bondHolder(uint256 seed) internal view returns (address holder) {
        for (uint256 i = 0; i < WORLD.USERS(); ++i) {
            holder = WORLD.userAt((seed % WORLD.USERS()) + i);
            if (BOND.sharesOf(holder) != 0) return holder;
        }
        vm.assume(false);
    }

    /// @dev Bonds or shares up to a highest amount: all of it in one of four cases, a few wei in another.
    function _part(uint256 seed, uint256 highest) internal pure returns (uint256 amount) {
        uint256 kind = _mix(seed) % 4;
        if (kind == 0) return highest;
        if (kind == 1) return bound(seed, 0, highest < 3 ? highest : 3);
        return _amount(seed, 0, highest);
    }

    /// @dev For a choice of one in a few: seeds themselves are round numbers more often than not.
    function _mix(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    /// @dev What the allowance for shares is charged: their worth, rounded up, and something for any share.
    function _chargeOf(uint256 shares, Price memory at) internal pure returns (uint256 bonds) {
        bonds = (shares * at.assets + at.shares - 1) / at.shares;
        if (shares != 0 && bonds == 0) bonds = 1;
    }

    /// @dev Bonds move the fewest shares that are worth them, and everything if they are the whole balance.
    function _checkMoved(uint256 bonds, uint256 moved, uint256 held, Price memory at) internal pure {
        if (bonds == 0) {
            assertEq(moved, 0, "T2: no bonds moved shares");
        } else if (bonds == (held * at.assets) / at.shares) {
            assertEq(moved, held, "T2: a whole balance left something behind");
        } else {
            assertGe(moved * at.assets, bonds * at.shares, "T2: the shares are not worth the bonds");
            assertLt((moved - 1) * at.assets, bonds * at.shares, "T2: fewer shares would be worth the bonds");
        }
    }
}
