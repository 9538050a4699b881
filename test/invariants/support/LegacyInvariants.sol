// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AMATICb} from "contracts/ethereum/legacy/AMATICb.sol";
import {BondSwitcher} from "contracts/ethereum/legacy/BondSwitcher.sol";
import {LegacyGhosts} from "./LegacyGhosts.sol";
import {LegacyWorld} from "./LegacyWorld.sol";
import {Liveness} from "./Liveness.sol";

/// @title What must hold of aMATICb and its switcher after every call
/// @notice W: shares of aMATICb and what they are worth. K: cap, daily limit and fee of the switcher. N: the genesis.
/// Handlers check what must hold across a call: T (transfers), E (requests to unstake), K and N.
abstract contract LegacyInvariants is Liveness {
    LegacyWorld internal legacy;
    LegacyGhosts internal bondBook;
    AMATICb internal bond;
    BondSwitcher internal switcher;

    /// @param minted Batches of the genesis that are minted from the start.
    function _buildLegacy(uint256 minted) internal {
        LegacyWorld world_ = new LegacyWorld(minted);
        _buildOn(world_);
        _useLegacy(world_, minted);
    }

    /// @dev On a world that is built: opens the books.
    function _useLegacy(LegacyWorld world_, uint256 minted) internal {
        (legacy, bondBook) = (world_, new LegacyGhosts());
        (bond, switcher) = (legacy.bond(), legacy.switcher());
        for (uint256 batch = 0; batch < minted; ++batch) bondBook.noteMinted(legacy.sharesIn(batch));
    }

    /// @dev Holders unstake everything that is worth anything.
    function _leaveBonds() internal {
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            uint256 shares = bond.sharesOf(user);
            if (bond.balanceOf(user) == 0) continue;
            uint256 pooled = pool.totalPooled();
            vm.prank(user);
            uint256 id = bond.unstakeShares(shares);
            ghosts.noteRequest(user, id, pooled - pool.totalPooled());
            bondBook.noteUnstaked(shares);
        }
    }

    function _checkLegacy() internal view {
        _checkBonds();
        _checkGenesis();
        _checkSwitcher();
    }

    // ---------------------------------------------------------------- W: shares

    function _checkBonds() internal view {
        uint256 total = bond.totalSharesSupply();
        (uint256 assets, uint256 supply) = (pool.totalAssets(), token.totalSupply());
        address[] memory holders = legacy.holders();
        (uint256 shares, uint256 bonds, uint256 count) = (0, 0, 0);
        for (uint256 i = 0; i < holders.length; ++i) {
            (uint256 held, uint256 balance) = (bond.sharesOf(holders[i]), bond.balanceOf(holders[i]));
            if (held != 0) ++count;
            (shares, bonds) = (shares + held, bonds + balance);
            assertEq(balance, (held * assets) / supply, "W4: a balance is not its part of the pool");
            assertEq(balance, token.sharesToBonds(held), "W4: as many ankrMATIC earn something else");
        }
        assertEq(shares, total, "W1: the shares are not the total");
        assertEq(
            token.balanceOf(address(bond)),
            total + bondBook.donated(),
            "W2: the shares are not ankrMATIC that is held"
        );
        assertLe(bonds, bond.totalSupply(), "W3: the balances are more than the supply");
        if (count == 0) assertEq(bond.totalSupply(), 0, "W3: a supply without holders");
        else assertLt(bond.totalSupply() - bonds, count, "W3: more than a wei of each holder is missing");
        assertEq(
            total,
            bondBook.minted() - bondBook.unstaked() - bondBook.switched(),
            "W5: shares came or left some other way"
        );
        assertEq(pool.requestsOf(address(bond)).length, 0, "E2: aMATICb itself has a request");
    }

    // ---------------------------------------------------------------- N: the genesis

    function _checkGenesis() internal view {
        (, uint256 batches, uint256 minted) = bond.genesis();
        assertEq(minted, bondBook.batches(), "N1: the minted batches are not those that were minted");
        assertEq(bond.genesisSealed(), minted == batches, "N2: sealed too early or too late");
    }

    // ---------------------------------------------------------------- K: the switcher

    function _checkSwitcher() internal view {
        address at = address(switcher);
        assertEq(pol.balanceOf(at) + matic.balanceOf(at), 0, "K1: the switcher holds coins");
        assertEq(token.balanceOf(at) + bond.sharesOf(at), 0, "K1: the switcher holds shares");
        (, uint256 cap, uint256 used, uint256 limit, uint256 until) = switcher.parameters();
        assertEq(used, bondBook.switched(), "K2: the count is not what was switched");
        uint256 left = used < cap ? cap - used : 0;
        assertEq(switcher.remaining(), left, "K2: the remainder is not what is left of the cap");
        assertEq(limit, bondBook.limit(), "K6: the daily limit is not the one that was set");
        uint256 free = bondBook.dailyFree();
        if (free > left) free = left;
        if (block.timestamp < until) {
            assertEq(switcher.available(), 0, "K4: something can be switched in a pause");
        } else {
            assertLe(switcher.available(), free, "K5: more is free than the daily limit allows");
            assertGe(switcher.available() + bondBook.roundings() + 1, free, "K5: the daily limit refills too slowly");
            if (limit == 0) assertEq(switcher.available(), left, "K4: less is free although there is no limit");
        }
        (uint256 shares, uint256 highest) = bondBook.lastDay();
        assertLe(shares, 2 * highest, "K5: more than twice the limit left within a day");
    }
}
