// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPolygonPool} from "./IPolygonPool.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title The rate on Ethereum
/// @notice Of this second: computed in the call, from the pool's totals.
interface IPoolRateProvider is IRateSource {
    /// @notice The pool.
    function POOL() external view returns (IPolygonPool);
}
