// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SwapPool} from "../../../contracts/polygon/swap/SwapPool.sol";
import {IChildAnkrMATIC} from "../../../contracts/interfaces/IChildAnkrMATIC.sol";
import {IRatioFeed} from "../../../contracts/interfaces/IRatioFeed.sol";
import {IWrappedNative} from "../../../contracts/interfaces/external/polygon/IWrappedNative.sol";
import {NextVersion} from "./NextVersion.sol";

/// @title A next version of the swap pool
contract SwapPool__Next is SwapPool, NextVersion {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IChildAnkrMATIC token, IRatioFeed feed, IWrappedNative wrapped) SwapPool(token, feed, wrapped) {}
}
