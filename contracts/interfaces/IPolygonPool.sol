// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC7575} from "./standards/IERC7575.sol";
import {ILiveNames} from "./ILiveNames.sol";
import {IPoolDeposits} from "./IPoolDeposits.sol";
import {IPoolLedger} from "./IPoolLedger.sol";
import {IPoolRedeems} from "./IPoolRedeems.sol";
import {IPoolUpkeep} from "./IPoolUpkeep.sol";

/// @title PolygonPool, the counter
/// @notice Where MATIC and POL are staked and unstaked on Ethereum.
interface IPolygonPool is ILiveNames, IPoolUpkeep, IPoolDeposits, IPoolRedeems, IERC7575, IPoolLedger, IERC165 {}
