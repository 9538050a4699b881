// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RateProvider} from "../../contracts/adapters/RateProvider.sol";

/// @title A rate provider that says what it is told
contract StubSource is RateProvider {
    uint256 private _assets;
    uint256 private _supply;
    uint256 private _time;
    uint256 private _round;

    /// @notice Sets all of it.
    function set(uint256 assets, uint256 supply, uint256 time, uint256 round) external {
        (_assets, _supply, _time, _round) = (assets, supply, time, round);
    }

    function latest() public view override returns (uint256, uint256, uint256, uint256) {
        return (_assets, _supply, _time, _round);
    }

    function _totals() internal view override returns (uint256, uint256) {
        return (_assets, _supply);
    }
}
