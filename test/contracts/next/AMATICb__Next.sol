// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AMATICb} from "../../../contracts/ethereum/legacy/AMATICb.sol";
import {IAnkrMATIC} from "../../../contracts/interfaces/IAnkrMATIC.sol";
import {IPolygonPool} from "../../../contracts/interfaces/IPolygonPool.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the rebasing wrapper
contract AMATICb__Next is AMATICb, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IAnkrMATIC token, IPolygonPool pool, address switcher) AMATICb(token, pool, switcher) {}
}
