// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRateSource} from "../interfaces/IRateSource.sol";
import {IRateProvider} from "../interfaces/standards/IRateProvider.sol";
import {ShareMath} from "../shared/math/ShareMath.sol";

/// @title RateProvider
/// @notice What both chains have in common: the one place where the rate is computed for others.
abstract contract RateProvider is IRateSource {
    /// @inheritdoc IRateProvider
    function getRate() external view returns (uint256 rate) {
        (uint256 totalAssets, uint256 totalSupply) = _totals();
        return ShareMath.assetsForSharesFloor(1e18, totalAssets, totalSupply);
    }

    /// @inheritdoc IRateSource
    function lastUpdated() external view returns (uint256) {
        (, , uint256 time, ) = latest();
        return time;
    }

    /// @inheritdoc IRateSource
    function latest()
        public
        view
        virtual
        returns (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 round);

    /// @dev The totals alone, for the price of fewer calls.
    function _totals() internal view virtual returns (uint256 totalAssets, uint256 totalSupply);
}
