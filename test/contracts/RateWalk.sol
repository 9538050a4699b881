// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRateProvider} from "../../contracts/interfaces/standards/IRateProvider.sol";
import {ShareMath} from "../../contracts/shared/math/ShareMath.sol";

/// @title A pool of two totals that walks at random
/// @notice Stakes, unstakes, rewards and fees with the pool's own rounding, many steps in one call. The provider, which
/// reads this contract as its pool, is asked after each.
contract RateWalk {
    /// @dev Shares that stay for ever.
    uint256 private constant SEED = 1e18;

    /// @notice As the pool's.
    uint256 public totalAssets;

    /// @notice As the pool's.
    uint256 public totalShares;

    /// @notice The rate fell.
    error Fell(uint256 step, uint256 before, uint256 afterwards);

    /// @notice Walks from totals of choice. Made to be called without a transaction.
    function walk(
        IRateProvider provider,
        uint256 startAssets,
        uint256 startShares,
        uint256 seed,
        uint256 steps
    ) external returns (uint256 rate, uint256 assets, uint256 shares) {
        (totalAssets, totalShares) = (startAssets, startShares);
        rate = provider.getRate();
        for (uint256 i = 0; i < steps; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _step(seed % 8, (seed >> 128) >> (seed % 40));
            uint256 next = provider.getRate();
            if (next < rate) revert Fell(i, rate, next);
            rate = next;
        }
        (assets, shares) = (totalAssets, totalShares);
    }

    function _step(uint256 kind, uint256 random) private {
        (uint256 assets, uint256 shares) = (totalAssets, totalShares);
        if (kind < 3) {
            uint256 stake = random % 1e27;
            (totalAssets, totalShares) = (
                assets + stake,
                shares + ShareMath.sharesForAssetsFloor(stake, assets, shares)
            );
        } else if (kind < 6) {
            uint256 burnt = random % (shares - SEED + 1);
            (totalAssets, totalShares) = (
                assets - ShareMath.assetsForSharesFloor(burnt, assets, shares),
                shares - burnt
            );
        } else {
            // Vested rewards of up to a ten-thousandth; a fee of a twentieth of them if it is the last kind.
            uint256 reward = random % (assets / 10_000);
            uint256 fee = kind == 7 ? reward / 20 : 0;
            (totalAssets, totalShares) = (
                assets + reward,
                shares + ShareMath.sharesForAssetsFloor(fee, assets + reward - fee, shares)
            );
        }
    }
}
