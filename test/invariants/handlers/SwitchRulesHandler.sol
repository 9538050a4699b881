// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SelfEndingPause} from "contracts/shared/access/SelfEndingPause.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {LegacyGhosts} from "../support/LegacyGhosts.sol";
import {LegacyWorld} from "../support/LegacyWorld.sol";
import {LegacyHandler} from "./LegacyHandler.sol";

/// @title What governance changes at the switcher
/// @notice Every power of MANAGER and GUARDIAN over it, within its bounds.
contract SwitchRulesHandler is LegacyHandler {
    uint256 private constant MAX_FEE_BPS = 100;

    constructor(LegacyWorld world, Ghosts ghosts, LegacyGhosts book) LegacyHandler(world, ghosts, book) {}

    function setSwitchFee(uint256 feeBps) external sameBlock {
        vm.prank(WORLD.MANAGER());
        SWITCHER.setFee(bound(feeBps, 0, MAX_FEE_BPS));
    }

    /// @dev In one of eight cases at most what was switched already.
    function setCap(uint256 seed) external sameBlock {
        (, , uint256 used, , ) = SWITCHER.parameters();
        uint256 cap = _mix(seed) % 8 == 0 ? bound(seed, 0, used) : used + _amount(_mix(seed), 1, 1_000_000e18);
        vm.prank(WORLD.MANAGER());
        SWITCHER.setCap(cap);
        assertEq(SWITCHER.remaining(), cap > used ? cap - used : 0, "K2: the remainder is not what is left of the cap");
    }

    /// @dev None in one of six cases.
    function setDailyLimit(uint256 seed) external sameBlock {
        uint256 limit = _mix(seed) % 6 == 0 ? 0 : _amount(_mix(seed), 1, 200_000e18);
        uint256 available = SWITCHER.available();
        vm.prank(WORLD.MANAGER());
        SWITCHER.setDailyLimit(limit);
        BOOK.noteLimit(limit);
        if (limit == 0) return;
        uint256 expected = available < limit ? available : limit;
        assertEq(SWITCHER.available(), expected, "K6: a new limit changed what is available by something else");
    }

    /// @dev Pauses switches, or ends a pause that runs.
    function pauseOrResumeSwitches(uint256 duration, bool early) external sameBlock {
        (, , , , uint256 until) = SWITCHER.parameters();
        if (block.timestamp < until) {
            vm.assume(early);
            vm.prank(WORLD.MANAGER());
            SWITCHER.resumeSwitches();
            return;
        }
        vm.assume(until == 0 || block.timestamp >= until + SelfEndingPause.COOLDOWN);
        vm.prank(WORLD.GUARDIAN());
        SWITCHER.pauseSwitches(_amount(_mix(duration), 1, SelfEndingPause.MAX_PAUSE));
    }

    /// @dev Hours, in which a daily limit refills in part.
    function waitHours(uint256 time) external neverDown {
        vm.warp(block.timestamp + bound(time, 1, 1 days));
    }
}
