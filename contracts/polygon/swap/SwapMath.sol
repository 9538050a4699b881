// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bps} from "../../shared/math/Bps.sol";
import {ShareMath} from "../../shared/math/ShareMath.sol";

/// @title Arithmetic of the swap pool
/// @notice What a swap brings, what is needed for it, and what liquidity is worth. Always against the caller; the
/// direction of the rounding is in the name.
library SwapMath {
    /// @notice What a share is worth: the quotient of Ethereum's totals.
    struct Rate {
        uint256 totalAssets;
        uint256 totalSupply;
    }

    /// @notice What the pool has.
    struct Reserves {
        uint256 assets;
        uint256 shares;
    }

    /// @notice Shares that `assets` buy.
    function sharesOutFloor(Rate memory rate, uint256 assets) internal pure returns (uint256 shares) {
        return ShareMath.sharesForAssetsFloor(assets, rate.totalAssets, rate.totalSupply);
    }

    /// @notice Fewest assets that buy `shares`; 0 if shares are worth nothing.
    function assetsInCeil(Rate memory rate, uint256 shares) internal pure returns (uint256 assets) {
        return ShareMath.assetsForSharesCeil(shares, rate.totalAssets, rate.totalSupply);
    }

    /// @notice Assets that `shares` are sold for, and the fee that was taken off, which is rounded up.
    function assetsOutFloor(
        Rate memory rate,
        uint256 shares,
        uint256 feeBps
    ) internal pure returns (uint256 assets, uint256 fee) {
        uint256 worth = ShareMath.assetsForSharesFloor(shares, rate.totalAssets, rate.totalSupply);
        fee = Bps.ceil(worth, feeBps);
        assets = worth - fee;
    }

    /// @notice Fewest shares that are sold for at least `assets`; 0 if shares are worth nothing.
    /// @dev Worth w leaves floor(w (1 - fee)), which is at least `assets` from w = ceil(assets / (1 - fee)) on.
    function sharesInCeil(Rate memory rate, uint256 assets, uint256 feeBps) internal pure returns (uint256 shares) {
        uint256 worth = Math.mulDiv(assets, Bps.ONE, Bps.ONE - feeBps, Math.Rounding.Ceil);
        return ShareMath.sharesForAssetsCeil(worth, rate.totalAssets, rate.totalSupply);
    }

    /// @notice Value of what a provider adds. Shares beyond the pool's own proportion are worth what they are sold for,
    /// or adding them and removing both would be a sale without the fee.
    /// @return value Assets, after the fee.
    /// @return fee Assets that were taken off.
    function valueAddedFloor(
        Rate memory rate,
        Reserves memory reserves,
        uint256 assets,
        uint256 shares,
        uint256 feeBps
    ) internal pure returns (uint256 value, uint256 fee) {
        uint256 balanced = shares;
        if (reserves.assets != 0) {
            balanced = Math.min(shares, Math.mulDiv(assets, reserves.shares, reserves.assets));
        }
        (value, fee) = assetsOutFloor(rate, shares - balanced, feeBps);
        value += assets + ShareMath.assetsForSharesFloor(balanced, rate.totalAssets, rate.totalSupply);
    }

    /// @notice Value of the reserves, rounded up: against who adds to them.
    function valueCeil(Rate memory rate, Reserves memory reserves) internal pure returns (uint256 value) {
        return reserves.assets + ShareMath.assetsForSharesCeil(reserves.shares, rate.totalAssets, rate.totalSupply);
    }

    /// @notice Assets that could be taken out with new liquidity at once, beyond those that came in with it.
    function assetsTakenCeil(
        Reserves memory reserves,
        uint256 assets,
        uint256 liquidity,
        uint256 supply
    ) internal pure returns (uint256 taken) {
        uint256 owned = Math.mulDiv(reserves.assets + assets, liquidity, supply + liquidity, Math.Rounding.Ceil);
        return Math.saturatingSub(owned, assets);
    }
}
