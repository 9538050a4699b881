// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ShareMath} from "../../contracts/shared/math/ShareMath.sol";

/// @title A pool that is nothing but two totals
contract StubPool {
    /// @notice MATIC wei that the shares are worth.
    uint256 public totalAssets;

    /// @notice All shares.
    uint256 public totalShares;

    /// @notice Shares of the last request.
    uint256 public requested;

    /// @notice Controller of the last request.
    address public controller;

    /// @notice Sets both totals, and forgets the last request.
    function set(uint256 assets, uint256 shares) external {
        (totalAssets, totalShares) = (assets, shares);
        delete requested;
        delete controller;
    }

    /// @notice Takes any request, and does nothing about it.
    function requestRedeem(uint256 shares, address by, address) external returns (uint256 requestId) {
        (requested, controller) = (shares, by);
        return 1;
    }

    /// @notice As the pool: rounded down.
    function convertToAssets(uint256 shares) external view returns (uint256 assets) {
        return ShareMath.assetsForSharesFloor(shares, totalAssets, totalShares);
    }

    /// @notice As the pool: rounded down.
    function convertToShares(uint256 assets) external view returns (uint256 shares) {
        return ShareMath.sharesForAssetsFloor(assets, totalAssets, totalShares);
    }
}
