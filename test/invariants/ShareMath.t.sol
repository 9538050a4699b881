// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {ShareMath} from "contracts/shared/math/ShareMath.sol";

/// @title ShareMath, for all totals
/// @notice No way there and back brings more than what went in, and the price of those who stay never falls.
contract ShareMathTest is Test {
    uint256 private constant MAX = type(uint104).max;

    /// @dev Totals whose price is between a millionth and a million: beyond it results do not fit the pool's words.
    function _totals(uint256 assetsSeed, uint256 sharesSeed) private pure returns (uint256 assets, uint256 shares) {
        assets = bound(assetsSeed, 1, MAX / 1e6);
        uint256 least = assets / 1e6;
        shares = bound(sharesSeed, least == 0 ? 1 : least, assets * 1e6);
    }

    function testFuzz_assetsThereAndBack(uint256 assetsSeed, uint256 sharesSeed, uint256 amount) public pure {
        (uint256 assets, uint256 shares) = _totals(assetsSeed, sharesSeed);
        amount = bound(amount, 0, MAX);
        uint256 bought = ShareMath.sharesForAssetsFloor(amount, assets, shares);
        uint256 back = ShareMath.assetsForSharesFloor(bought, assets, shares);
        assertLe(back, amount, "M1: shares bought are worth more than was paid");
        assertLe(ShareMath.assetsForSharesCeil(bought, assets, shares), amount, "M1: a mint costs more than a deposit");
        uint256 next = ShareMath.assetsForSharesCeil(bought + 1, assets, shares);
        assertGt(next, amount, "M2: one more share could have been bought");
    }

    function testFuzz_sharesThereAndBack(uint256 assetsSeed, uint256 sharesSeed, uint256 amount) public pure {
        (uint256 assets, uint256 shares) = _totals(assetsSeed, sharesSeed);
        amount = bound(amount, 0, MAX);
        uint256 worth = ShareMath.assetsForSharesFloor(amount, assets, shares);
        uint256 cost = ShareMath.assetsForSharesCeil(amount, assets, shares);
        assertLe(ShareMath.sharesForAssetsFloor(worth, assets, shares), amount, "M1: assets buy back more shares");
        assertGe(
            ShareMath.sharesForAssetsFloor(cost, assets, shares),
            amount,
            "M3: the cost of shares does not buy them"
        );
        assertLe(cost - worth, 1, "M3: the two roundings are more than a wei apart");
    }

    function testFuzz_depositNeverLowersThePrice(uint256 assetsSeed, uint256 sharesSeed, uint256 amount) public pure {
        (uint256 assets, uint256 shares) = _totals(assetsSeed, sharesSeed);
        amount = bound(amount, 0, MAX);
        uint256 bought = ShareMath.sharesForAssetsFloor(amount, assets, shares);
        assertGe((assets + amount) * shares, assets * (shares + bought), "M4: a deposit lowered the price");
    }

    function testFuzz_mintNeverLowersThePrice(uint256 assetsSeed, uint256 sharesSeed, uint256 amount) public pure {
        (uint256 assets, uint256 shares) = _totals(assetsSeed, sharesSeed);
        amount = bound(amount, 0, MAX);
        uint256 cost = ShareMath.assetsForSharesCeil(amount, assets, shares);
        assertGe((assets + cost) * shares, assets * (shares + amount), "M4: a mint lowered the price");
    }

    function testFuzz_redeemNeverLowersThePrice(uint256 assetsSeed, uint256 sharesSeed, uint256 amount) public pure {
        (uint256 assets, uint256 shares) = _totals(assetsSeed, sharesSeed);
        amount = bound(amount, 0, shares);
        uint256 paid = ShareMath.assetsForSharesFloor(amount, assets, shares);
        assertGe((assets - paid) * shares, assets * (shares - amount), "M4: a redemption lowered the price");
    }

    function testFuzz_definedForEmptyTotals(uint256 amount, uint256 other) public pure {
        assertEq(ShareMath.sharesForAssetsFloor(amount, 0, other), 0, "M5: no assets, and still a price");
        assertEq(ShareMath.assetsForSharesFloor(amount, other, 0), 0, "M5: no shares, and still a worth");
        assertEq(ShareMath.assetsForSharesCeil(amount, other, 0), 0, "M5: no shares, and still a cost");
    }
}
