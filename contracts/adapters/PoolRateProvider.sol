// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPolygonPool} from "../interfaces/IPolygonPool.sol";
import {IPoolRateProvider} from "../interfaces/IPoolRateProvider.sol";
import {IRateSource} from "../interfaces/IRateSource.sol";
import {RateProvider} from "./RateProvider.sol";

/// @title PoolRateProvider
/// @custom:security-contact SECURITY.md
/// @notice The rate on Ethereum. Called by anyone; calls two views of the pool.
contract PoolRateProvider is IPoolRateProvider, RateProvider {
    /// @inheritdoc IPoolRateProvider
    IPolygonPool public immutable POOL;

    /// @param pool The pool.
    constructor(IPolygonPool pool) {
        POOL = pool;
    }

    /// @inheritdoc IRateSource
    function latest()
        public
        view
        override(IRateSource, RateProvider)
        returns (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 round)
    {
        (totalAssets, totalSupply) = _totals();
        (time, round) = (block.timestamp, block.timestamp);
    }

    /// @dev The pool writes both at once, before it calls anyone: no reader sees one without the other.
    function _totals() internal view override returns (uint256 totalAssets, uint256 totalSupply) {
        return (POOL.totalAssets(), POOL.totalShares());
    }
}
