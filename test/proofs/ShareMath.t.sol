// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {ShareMath} from "contracts/shared/math/ShareMath.sol";

import {Lemmas} from "./support/Lemmas.sol";

/// @title ShareMath, for all amounts and totals below 2^104, the width of the pool's words
/// @notice What a conversion gives is below 2^104 too, where it is used again. Ethereum's whole supply of POL is below
/// 2^94.
contract ShareMathProof is Test {
    // ---------------------------------------------------------------- there and back

    /// @notice M1: shares that are bought are worth no more than was paid for them.
    function check_assetsThereAndBack(uint104 amount, uint104 assets, uint104 shares) public pure {
        uint256 bought = _floor(amount, shares, assets);
        _known(bought, assets, shares);
        vm.assume(Lemmas.atMost(_product(bought, assets), amount, shares));
        assert(bought == ShareMath.sharesForAssetsFloor(amount, assets, shares));
        assert(ShareMath.assetsForSharesFloor(bought, assets, shares) <= amount);
    }

    /// @notice M1: assets that are paid for shares buy no more shares than were given.
    function check_sharesThereAndBack(uint104 amount, uint104 assets, uint104 shares) public pure {
        uint256 worth = _floor(amount, assets, shares);
        _known(worth, shares, assets);
        vm.assume(Lemmas.atMost(_product(worth, shares), amount, assets));
        assert(worth == ShareMath.assetsForSharesFloor(amount, assets, shares));
        assert(ShareMath.sharesForAssetsFloor(worth, assets, shares) <= amount);
    }

    /// @notice M1: the shares that a deposit buys cost no more as a mint.
    function check_mintCostsNoMoreThanDeposit(uint104 amount, uint104 assets, uint104 shares) public pure {
        uint256 bought = _floor(amount, shares, assets);
        _known(bought, assets, shares);
        _knownRest(bought, assets, shares);
        vm.assume(Lemmas.atMost(_product(bought, assets), amount, shares));
        vm.assume(Lemmas.exactly(_product(bought, assets), amount, shares));
        assert(ShareMath.assetsForSharesCeil(bought, assets, shares) <= amount);
    }

    /// @notice M2: a share more than a deposit buys costs more than the deposit.
    function check_depositBuysAll(uint104 amount, uint104 assets, uint104 shares) public pure {
        vm.assume(assets != 0 && shares != 0);
        uint256 more = _floor(amount, shares, assets) + 1;
        vm.assume(more <= type(uint104).max);
        vm.assume(Lemmas.sum(more - 1, 1, assets));
        _known(more, assets, shares);
        _knownRest(more, assets, shares);
        vm.assume(Lemmas.small(amount, shares));
        vm.assume(Lemmas.above(_product(more, assets), amount, shares));
        assert(ShareMath.assetsForSharesCeil(more, assets, shares) > amount);
    }

    /// @notice M3: what shares cost buys them.
    function check_costBuysShares(uint104 amount, uint104 assets, uint104 shares) public pure {
        vm.assume(assets != 0 && shares != 0);
        uint256 cost = _ceil(amount, assets, shares);
        vm.assume(cost <= type(uint104).max);
        _known(cost, shares, assets);
        vm.assume(Lemmas.atLeast(_product(cost, shares), amount, assets));
        assert(ShareMath.sharesForAssetsFloor(cost, assets, shares) >= amount);
    }

    /// @notice M3: the cost of shares is their worth, or a wei more.
    function check_roundingsAreAWeiApart(uint104 amount, uint104 assets, uint104 shares) public pure {
        _known(amount, assets, shares);
        uint256 cost = ShareMath.assetsForSharesCeil(amount, assets, shares);
        uint256 worth = ShareMath.assetsForSharesFloor(amount, assets, shares);
        assert(cost == worth || cost == worth + 1);
    }

    /// @notice M3: the shares that are worth assets, rounded up, are those rounded down, or one more.
    function check_shareRoundingsAreOneApart(uint104 amount, uint104 assets, uint104 shares) public pure {
        _known(amount, shares, assets);
        uint256 most = ShareMath.sharesForAssetsCeil(amount, assets, shares);
        uint256 least = ShareMath.sharesForAssetsFloor(amount, assets, shares);
        assert(most == least || most == least + 1);
    }

    // ---------------------------------------------------------------- those who stay

    /// @notice M4: a deposit does not lower the price: (A + a) · S ≥ A · (S + shares(a)).
    function check_depositKeepsPrice(uint104 amount, uint104 assets, uint104 shares) public pure {
        uint256 bought = _floor(amount, shares, assets);
        _knownSums(assets, amount, shares, bought);
        assert(_product(uint256(assets) + amount, shares) >= _product(shares + bought, assets));
    }

    /// @notice M4: a mint does not lower the price: (A + cost(s)) · S ≥ A · (S + s).
    function check_mintKeepsPrice(uint104 amount, uint104 assets, uint104 shares) public pure {
        vm.assume(shares != 0);
        uint256 cost = _ceil(amount, assets, shares);
        vm.assume(cost <= type(uint104).max);
        _knownSums(assets, cost, shares, amount);
        assert(_product(assets + cost, shares) >= _product(uint256(shares) + amount, assets));
    }

    /// @notice M4: a redemption does not lower the price: (A - worth(s)) · S ≥ A · (S - s).
    function check_redeemKeepsPrice(uint104 amount, uint104 assets, uint104 shares) public pure {
        vm.assume(amount <= shares);
        uint256 worth = _floor(amount, assets, shares);
        vm.assume(Lemmas.atMost(_product(amount, assets), assets, shares));
        vm.assume(Lemmas.grows(amount, shares, assets));
        assert(worth <= assets);
        _knownSums(assets - worth, worth, shares, 0);
        _knownSums(shares - amount, amount, assets, 0);
        assert(_product(assets - worth, shares) >= _product(shares - amount, assets));
    }

    // ---------------------------------------------------------------- empty totals

    /// @notice M5: without assets nothing buys shares, and without shares nothing is worth assets; for all 256 bits.
    function check_emptyTotals(uint256 amount, uint256 other) public pure {
        assert(ShareMath.sharesForAssetsFloor(amount, 0, other) == 0);
        assert(ShareMath.sharesForAssetsCeil(amount, 0, other) == 0);
        assert(ShareMath.assetsForSharesFloor(amount, other, 0) == 0);
        assert(ShareMath.assetsForSharesCeil(amount, other, 0) == 0);
    }

    // ---------------------------------------------------------------- what is assumed

    /// @dev `x · y / d` as the library has it, which names its arguments the other way round for assets and shares.
    function _floor(uint256 x, uint256 y, uint256 d) private pure returns (uint256 result) {
        _known(x, y, d);
        result = ShareMath.sharesForAssetsFloor(x, d, y);
        vm.assume(result <= type(uint104).max);
    }

    function _ceil(uint256 x, uint256 y, uint256 d) private pure returns (uint256) {
        _known(x, y, d);
        _knownRest(x, y, d);
        uint256 whole = ShareMath.assetsForSharesFloor(x, y, d);
        vm.assume(Lemmas.sum(whole, 1, d));
        return ShareMath.assetsForSharesCeil(x, y, d);
    }

    function _known(uint256 x, uint256 y, uint256 d) private pure {
        vm.assume(Lemmas.product(uint128(x), uint128(y)));
        vm.assume(Lemmas.small(x, y));
        vm.assume(Lemmas.quotient(_product(x, y), d));
    }

    function _knownRest(uint256 x, uint256 y, uint256 d) private pure {
        vm.assume(Lemmas.remainder(uint128(x), uint128(y), d));
        vm.assume(Lemmas.rest(_product(x, y), d));
    }

    function _knownSums(uint256 assets, uint256 moreAssets, uint256 shares, uint256 moreShares) private pure {
        vm.assume(Lemmas.sum(assets, moreAssets, shares));
        vm.assume(Lemmas.sum(shares, moreShares, assets));
        vm.assume(Lemmas.small(assets, shares));
        vm.assume(Lemmas.small(moreAssets, shares));
        vm.assume(Lemmas.small(moreShares, assets));
    }

    function _product(uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            return x * y;
        }
    }
}
