// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";

/// @title A limit that refills over a day
/// @notice At most the limit at once, and as much again as refills, evenly over a day: in any 24 hours at most twice
/// the limit. A change of the limit never raises what is available at that moment.
/// @dev OpenZeppelin's bucket with one key, so that its capacity is the limit. A bucket that was never touched has the
/// limit 0.
library DailyLimit {
    using RateLimiter for RateLimiter.RefillingBucket;
    using SafeCast for uint256;

    /// @dev The one key of each bucket.
    bytes32 private constant ALL = 0;

    /// @dev Time in which a limit refills.
    uint48 private constant REFILL_PERIOD = 1 days;

    /// @notice Sets the limit, all of it available.
    /// @dev Error: SafeCast's `SafeCastOverflowedUintDowncast` from 2^208 on.
    function start(RateLimiter.RefillingBucket storage bucket, uint256 limit) internal {
        _fill(bucket, limit, limit);
    }

    /// @notice Sets the limit. What is available is what it was, or the new limit if that is less.
    /// @dev Left to itself the bucket would jump up with a higher limit, and stay shut for days after a lower one.
    /// Error: SafeCast's `SafeCastOverflowedUintDowncast` from 2^208 on.
    function change(RateLimiter.RefillingBucket storage bucket, uint256 limit) internal {
        _fill(bucket, limit, Math.min(available(bucket), limit));
    }

    /// @notice Takes an amount, or nothing if less is available.
    /// @return taken Whether it was taken; of nothing, always.
    function tryUse(RateLimiter.RefillingBucket storage bucket, uint256 amount) internal returns (bool taken) {
        return bucket.tryConsume(ALL, amount);
    }

    /// @notice What can be taken now.
    function available(RateLimiter.RefillingBucket storage bucket) internal view returns (uint256) {
        return bucket.available(ALL);
    }

    /// @notice The limit.
    function limitOf(RateLimiter.RefillingBucket storage bucket) internal view returns (uint256) {
        return bucket._capacity;
    }

    function _fill(RateLimiter.RefillingBucket storage bucket, uint256 limit, uint256 free) private {
        bucket.reset(ALL);
        bucket.updateSettings(REFILL_PERIOD, limit.toUint208());
        bucket.consume(ALL, limit - free);
    }
}
