// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title A daily limit in exact numbers
/// @notice The model that the contracts' limits are compared with. It counts shares times seconds of a day, so that
/// nothing of the refill is ever rounded, and keeps every step.
library BridgeLimits {
    /// @dev Something passed, or the limit was changed.
    struct Step {
        uint256 time;
        uint256 shares;
        /// The limit that held; the higher of two when it changed.
        uint256 limit;
    }

    struct Bucket {
        uint256 limit;
        uint256 level;
        uint256 levelAt;
        Step[] steps;
    }

    uint256 private constant DAY = 1 days;

    /// @dev Full.
    function start(Bucket storage bucket, uint256 limit) internal {
        (bucket.limit, bucket.level, bucket.levelAt) = (limit, limit * DAY, block.timestamp);
    }

    /// @dev Reverts if more passed than is free.
    function use(Bucket storage bucket, uint256 shares) internal {
        if (shares == 0) return;
        _step({bucket: bucket, level: _level(bucket) - shares * DAY, shares: shares, highest: bucket.limit});
    }

    /// @dev What is free stays, as far as the new limit allows.
    function change(Bucket storage bucket, uint256 limit) internal {
        (uint256 level, uint256 highest) = (_level(bucket), bucket.limit);
        if (level > limit * DAY) level = limit * DAY;
        if (limit > highest) highest = limit;
        _step({bucket: bucket, level: level, shares: 0, highest: highest});
        bucket.limit = limit;
    }

    /// @dev Shares that can pass, rounded down.
    function free(Bucket storage bucket) internal view returns (uint256 shares) {
        return _level(bucket) / DAY;
    }

    /// @dev What passed within the last day, and the highest limit that held in it.
    function lastDay(Bucket storage bucket) internal view returns (uint256 shares, uint256 highest) {
        highest = bucket.limit;
        for (uint256 i = bucket.steps.length; i != 0; --i) {
            Step memory step = bucket.steps[i - 1];
            if (step.time + DAY <= block.timestamp) break;
            shares += step.shares;
            if (step.limit > highest) highest = step.limit;
        }
    }

    function _step(Bucket storage bucket, uint256 level, uint256 shares, uint256 highest) private {
        (bucket.level, bucket.levelAt) = (level, block.timestamp);
        bucket.steps.push(Step({time: block.timestamp, shares: shares, limit: highest}));
    }

    function _level(Bucket storage bucket) private view returns (uint256 level) {
        level = bucket.level + bucket.limit * (block.timestamp - bucket.levelAt);
        if (level > bucket.limit * DAY) level = bucket.limit * DAY;
    }
}
