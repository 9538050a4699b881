// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";

import {DailyLimit} from "../../contracts/shared/state/DailyLimit.sol";

/// @title A flow with a daily limit
contract DailyLimit__Harness {
    using DailyLimit for RateLimiter.RefillingBucket;

    RateLimiter.RefillingBucket private _bucket;

    /// @notice The limit was set.
    event LimitSet(uint256 limit);

    /// @notice An amount was asked for.
    event Used(uint256 amount, bool taken);

    /// @notice Sets the limit, all of it available.
    function start(uint256 limit) external {
        _bucket.start(limit);
        emit LimitSet(limit);
    }

    /// @notice Sets the limit, and makes no more available.
    function change(uint256 limit) external {
        _bucket.change(limit);
        emit LimitSet(limit);
    }

    /// @notice Takes an amount, or nothing.
    function tryUse(uint256 amount) external {
        emit Used(amount, _bucket.tryUse(amount));
    }

    /// @notice What can be taken now.
    function available() external view returns (uint256) {
        return _bucket.available();
    }

    /// @notice The limit.
    function limitOf() external view returns (uint256) {
        return _bucket.limitOf();
    }
}
