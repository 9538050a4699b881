// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PolygonPool} from "../../../contracts/ethereum/pool/PolygonPool.sol";

/// @title A next version of the pool
/// @notice The pool as it is, with a view that tells the two apart: there is room for no more under the limit of size.
contract PolygonPool__Next is PolygonPool {
    /// @notice What tells it from the pool before.
    uint256 public constant VERSION = 2;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring) PolygonPool(wiring) {}
}
