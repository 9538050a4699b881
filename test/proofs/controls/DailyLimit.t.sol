// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";

import {DailyLimit} from "contracts/shared/state/DailyLimit.sol";

/// @title What DailyLimit does not promise
contract DailyLimitControl is Test {
    using DailyLimit for RateLimiter.RefillingBucket;

    RateLimiter.RefillingBucket private _bucket;

    /// @notice After half a day all of a limit is available: wrong, half of what was used is not.
    function refute_fullAfterHalfADay(uint8 limit, uint8 used) public {
        vm.assume(used <= limit);
        vm.warp(1 days);
        _bucket.start(limit);
        _bucket.tryUse(used);
        vm.warp(1.5 days);
        assert(_bucket.available() == limit);
    }
}
