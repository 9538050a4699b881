// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Rewards that vest linearly
/// @notice One stream holds everything that has been earned and is not yet part of the share price. New income is
/// merged into it so that the mean delay of all that it holds is kept, and the release rate never exceeds the sum of
/// the parts' rates.
/// @dev A pure library over a value: the caller keeps the three fields in storage. `since` is in seconds; `end` is in
/// ticks of 2^-24 second, because whole seconds would let a stranger shift the end by many small merges. Amounts below
/// 2^128 and times below 2^64 ticks cannot overflow.
library RewardStream {
    /// @notice State of a stream.
    struct Stream {
        /// Assets (wei) that had not vested at `since`.
        uint256 unvested;
        /// Time of the last change, in seconds.
        uint256 since;
        /// Time at which the last wei vests, in ticks.
        uint256 end;
    }

    /// @notice Ticks in a second, as a shift.
    uint256 internal constant TICK_BITS = 24;

    /// @notice Assets that have not vested at `time` (seconds, not before `since`), rounded up (against the holders of
    /// shares, so that nothing vests early).
    function unvestedAt(Stream memory self, uint256 time) internal pure returns (uint256) {
        return unvestedOf(self.unvested, self.since, self.end, time);
    }

    /// @notice `unvestedAt` of a stream that is not in memory, field by field.
    function unvestedOf(uint256 unvested, uint256 since, uint256 end, uint256 time) internal pure returns (uint256) {
        uint256 nowTicks = time << TICK_BITS;
        if (nowTicks >= end) return 0;
        unchecked {
            // `since` is not after `time`, which is before `end`.
            (end, since) = (end - nowTicks, end - (since << TICK_BITS));
        }
        return Math.ceilDiv(unvested * end, since);
    }

    /// @notice First second at which nothing is unvested.
    function endSecond(Stream memory self) internal pure returns (uint256) {
        return (self.end + (1 << TICK_BITS) - 1) >> TICK_BITS;
    }

    /// @notice Adds `assets` that alone would vest over `period` seconds from `time` on.
    /// @dev With r the time left of the stream, U what is left in it, A the addition and D its period, the new time
    /// left is ceil((U r + A D) / (U + A)): the mean of r and D, weighted by the amounts, and so never outside of the
    /// two.
    function merge(
        Stream memory self,
        uint256 assets,
        uint256 period,
        uint256 time
    ) internal pure returns (Stream memory merged) {
        uint256 left = unvestedAt(self, time);
        uint256 nowTicks = time << TICK_BITS;
        merged = Stream({unvested: left + assets, since: time, end: nowTicks});
        if (merged.unvested == 0) return merged;
        uint256 weighted = assets * (period << TICK_BITS);
        if (left != 0) weighted += left * (self.end - nowTicks);
        merged.end = nowTicks + Math.ceilDiv(weighted, merged.unvested);
    }

    /// @notice Takes up to `loss` out of what has not vested at `time`; the end stays where it is.
    /// @return reduced The stream after it.
    /// @return absorbed The part of the loss that the stream bore.
    function absorb(
        Stream memory self,
        uint256 loss,
        uint256 time
    ) internal pure returns (Stream memory reduced, uint256 absorbed) {
        uint256 left = unvestedAt(self, time);
        absorbed = Math.min(loss, left);
        reduced = Stream({unvested: left - absorbed, since: time, end: Math.max(self.end, time << TICK_BITS)});
    }
}
