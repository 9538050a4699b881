// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ShareMath} from "../../contracts/shared/math/ShareMath.sol";

/// @title Conversions, many at a time
contract ShareMath__Harness {
    /// @notice One question: an amount, and the totals to convert it at.
    struct Case {
        uint256 amount;
        uint256 totalAssets;
        uint256 totalShares;
    }

    /// @notice Every conversion of one case's amount.
    struct Answer {
        uint256 sharesFloor;
        uint256 assetsFloor;
        uint256 sharesCeil;
        uint256 assetsCeil;
    }

    /// @notice Converts the amount of each case in every way.
    function convert(Case[] calldata cases) external pure returns (Answer[] memory answers) {
        answers = new Answer[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            Case calldata c = cases[i];
            answers[i] = Answer({
                sharesFloor: ShareMath.sharesForAssetsFloor(c.amount, c.totalAssets, c.totalShares),
                assetsFloor: ShareMath.assetsForSharesFloor(c.amount, c.totalAssets, c.totalShares),
                sharesCeil: ShareMath.sharesForAssetsCeil(c.amount, c.totalAssets, c.totalShares),
                assetsCeil: ShareMath.assetsForSharesCeil(c.amount, c.totalAssets, c.totalShares)
            });
        }
    }
}
