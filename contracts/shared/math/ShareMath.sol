// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Conversions between assets and shares
/// @notice Every conversion is one multiplication and one division of the two totals, never of a rounded ratio. The
/// direction of the rounding is in the name.
/// @dev Defined for all totals: with no shares or no assets the result is 0. Reverts only when the result does not fit
/// 256 bits.
library ShareMath {
    /// @notice Shares that `assets` buy, rounded down (against who brings the assets).
    function sharesForAssetsFloor(
        uint256 assets,
        uint256 totalAssets,
        uint256 totalShares
    ) internal pure returns (uint256 shares) {
        return totalAssets == 0 ? 0 : Math.mulDiv(assets, totalShares, totalAssets);
    }

    /// @notice Assets that `shares` are worth, rounded down (against who brings the shares).
    function assetsForSharesFloor(
        uint256 shares,
        uint256 totalAssets,
        uint256 totalShares
    ) internal pure returns (uint256 assets) {
        return totalShares == 0 ? 0 : Math.mulDiv(shares, totalAssets, totalShares);
    }

    /// @notice Shares that are worth at least `assets`, rounded up (against who gives the shares).
    function sharesForAssetsCeil(
        uint256 assets,
        uint256 totalAssets,
        uint256 totalShares
    ) internal pure returns (uint256 shares) {
        return totalAssets == 0 ? 0 : Math.mulDiv(assets, totalShares, totalAssets, Math.Rounding.Ceil);
    }

    /// @notice Assets that buy `shares`, rounded up (against who wants the shares).
    function assetsForSharesCeil(
        uint256 shares,
        uint256 totalAssets,
        uint256 totalShares
    ) internal pure returns (uint256 assets) {
        if (totalShares == 0) return 0;
        // What `Math.mulDiv` does with a rounding argument, in 100 bytes less, which the pool does not have.
        assets = Math.mulDiv(shares, totalAssets, totalShares);
        if (mulmod(shares, totalAssets, totalShares) != 0) ++assets;
    }
}
