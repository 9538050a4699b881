// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "../../interfaces/IDelegator.sol";
import {IPoolUpkeep} from "../../interfaces/IPoolUpkeep.sol";
import {ExitLedger} from "./ExitLedger.sol";

/// @title Upkeep that moves both ledgers
/// @notice Open to anyone: the pool is the door, the delegator acts and returns what it found.
abstract contract UpkeepDesk is IPoolUpkeep, ExitLedger {
    /// @inheritdoc IPoolUpkeep
    function harvest(uint256[] calldata positions) external nonReentrant returns (uint256 rewards) {
        return _harvest(positions);
    }

    /// @inheritdoc IPoolUpkeep
    function delegate(uint256 maxAssets) external nonReentrant returns (uint256 delegated) {
        ExitStorage storage $ = _exits();
        return DELEGATOR.delegate(maxAssets, uint256($.openAssets) + $.unsold);
    }

    /// @inheritdoc IPoolUpkeep
    function sync(uint256 position) external nonReentrant {
        _book(DELEGATOR.sync(position));
    }

    /// @inheritdoc IPoolUpkeep
    function skim() external nonReentrant returns (uint256 rewards) {
        uint256 loose = POL.balanceOf(address(this)) - reserved();
        _payPol(address(DELEGATOR), loose);
        IDelegator.Income memory income = DELEGATOR.skim();
        _book(income);
        return income.rewards;
    }
}
