// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";
import {StdUtils} from "forge-std/StdUtils.sol";

import {SelfEndingPause} from "contracts/shared/access/SelfEndingPause.sol";
import {SwapStage} from "../support/SwapStage.sol";

/// @title What governance changes at the swap pool
contract SwapRulesHandler is CommonBase, StdUtils {
    uint256 private constant LOWEST_FEE_BPS = 42;
    uint256 private constant HIGHEST_FEE_BPS = 100;

    SwapStage private immutable STAGE;

    constructor(SwapStage stage) {
        STAGE = stage;
    }

    /// @dev A pause is seldom: next to nothing can be tried in it.
    function pauseOrResume(uint256 duration) external {
        (, , uint256 until) = STAGE.SWAP().parameters();
        if (block.timestamp >= until) {
            vm.assume(duration % 4 == 0 && (until == 0 || block.timestamp >= until + SelfEndingPause.COOLDOWN));
        }
        STAGE.pauseOrResume(bound(duration, 1, SelfEndingPause.MAX_PAUSE));
    }

    function setFee(uint256 bps) external {
        STAGE.setFee(bound(bps, LOWEST_FEE_BPS, HIGHEST_FEE_BPS));
    }
}
