// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {RewardStream} from "contracts/shared/state/RewardStream.sol";

/// @title RewardStream, for all amounts and times
/// @notice Nothing vests early, a merge moves nothing within its second, and the end stays between those of its parts.
contract RewardStreamTest is Test {
    using RewardStream for RewardStream.Stream;

    uint256 private constant MAX_ASSETS = 1e30;
    uint256 private constant MAX_PERIOD = 7 days;
    uint256 private constant START = 1_700_000_000;
    uint256 private constant TICK = 1 << 24;

    /// @dev A stream some way into its life, as two merges make it.
    function _stream(
        uint256 first,
        uint256 second,
        uint256 period,
        uint256 pause
    ) private pure returns (RewardStream.Stream memory stream, uint256 time) {
        stream = stream.merge(bound(first, 1, MAX_ASSETS), bound(period, 1 days, MAX_PERIOD), START);
        time = START + bound(pause, 0, 9 days);
        stream = stream.merge(bound(second, 0, MAX_ASSETS), bound(period >> 128, 1 days, MAX_PERIOD), time);
    }

    function testFuzz_vestsOnlyForward(
        uint256 first,
        uint256 second,
        uint256 period,
        uint256 pause,
        uint256 step
    ) public pure {
        (RewardStream.Stream memory stream, uint256 time) = _stream(first, second, period, pause);
        uint256 sooner = time + bound(step, 0, MAX_PERIOD);
        uint256 later = sooner + bound(step >> 128, 0, MAX_PERIOD);
        assertEq(stream.unvestedAt(time), stream.unvested, "V1: something vested in no time");
        assertGe(stream.unvestedAt(sooner), stream.unvestedAt(later), "V2: something was taken back");
        uint256 left = stream.end > sooner * TICK ? stream.end - sooner * TICK : 0;
        uint256 exact = stream.unvested * left;
        assertGe(stream.unvestedAt(sooner) * (stream.end - time * TICK), exact, "V8: a wei vested early");
        assertEq(stream.unvestedAt(time + MAX_PERIOD), 0, "V3: something is left after the longest period");
    }

    function testFuzz_mergeMovesNothingAtOnce(
        uint256 first,
        uint256 second,
        uint256 period,
        uint256 pause,
        uint256 step,
        uint256 assets
    ) public pure {
        (RewardStream.Stream memory stream, uint256 time) = _stream(first, second, period, pause);
        uint256 at = time + bound(step, 0, MAX_PERIOD);
        assets = bound(assets, 0, MAX_ASSETS);
        uint256 left = stream.unvestedAt(at);
        RewardStream.Stream memory merged = stream.merge(assets, bound(step >> 128, 1 days, MAX_PERIOD), at);
        assertEq(merged.unvestedAt(at), left + assets, "V4: a merge vested something, or took something back");
    }

    function testFuzz_endStaysBetweenTheParts(
        uint256 first,
        uint256 second,
        uint256 period,
        uint256 pause,
        uint256 step,
        uint256 assets
    ) public pure {
        (RewardStream.Stream memory stream, uint256 time) = _stream(first, second, period, pause);
        uint256 at = time + bound(step, 0, MAX_PERIOD);
        uint256 length = bound(step >> 128, 1 days, MAX_PERIOD);
        RewardStream.Stream memory merged = stream.merge(bound(assets, 0, MAX_ASSETS), length, at);
        uint256 left = stream.end > at * TICK ? stream.end - at * TICK : 0;
        uint256 mergedLeft = merged.end - at * TICK;
        assertLe(mergedLeft, left > length * TICK ? left : length * TICK, "V5: a merge ends after both of its parts");
        if (stream.unvestedAt(at) != 0) {
            assertGe(mergedLeft, left < length * TICK ? left : length * TICK, "V5: a merge ends before both parts");
        }
    }

    /// @dev With u and a vesting over r and d alone, the merge releases (u + a) / r' a tick: never more than u / r + a
    /// / d.
    function testFuzz_mergeReleasesNoFaster(
        uint256 first,
        uint256 second,
        uint256 period,
        uint256 pause,
        uint256 step,
        uint256 assets
    ) public pure {
        (RewardStream.Stream memory stream, uint256 time) = _stream(first, second, period, pause);
        uint256 at = time + bound(step, 0, 2 days);
        uint256 length = bound(step >> 128, 1 days, MAX_PERIOD);
        assets = bound(assets, 1, MAX_ASSETS);
        uint256 left = stream.unvestedAt(at);
        vm.assume(left != 0);
        RewardStream.Stream memory merged = stream.merge(assets, length, at);
        (uint256 r, uint256 d) = (stream.end - at * TICK, length * TICK);
        uint256 whole = (left + assets) * r;
        uint256 parts = ((left * d + assets * r) / d) * (merged.end - at * TICK);
        // The division above lost less than one, times the merged length.
        assertLe(whole, parts + (merged.end - at * TICK), "V6: a merge releases faster than its parts");
    }

    function testFuzz_absorbTakesNoMoreThanThereIs(
        uint256 first,
        uint256 second,
        uint256 period,
        uint256 pause,
        uint256 step,
        uint256 loss
    ) public pure {
        (RewardStream.Stream memory stream, uint256 time) = _stream(first, second, period, pause);
        uint256 at = time + bound(step, 0, 9 days);
        loss = bound(loss, 0, 3 * MAX_ASSETS);
        uint256 left = stream.unvestedAt(at);
        (RewardStream.Stream memory reduced, uint256 absorbed) = stream.absorb(loss, at);
        assertEq(absorbed, loss < left ? loss : left, "V7: a stream bore more or less than it can");
        assertEq(reduced.unvestedAt(at), left - absorbed, "V7: what was borne is not what is missing");
        assertEq(reduced.unvestedAt(at + MAX_PERIOD), 0, "V3: something is left after the longest period");
    }
}
