// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {RewardStream} from "../../contracts/shared/state/RewardStream.sol";

/// @title Reward streams, many steps at a time
contract RewardStream__Harness {
    using RewardStream for RewardStream.Stream;

    /// @notice One change of a stream, at a time in seconds: a loss to absorb, then assets to merge over a period.
    struct Step {
        uint256 time;
        uint256 loss;
        uint256 assets;
        uint256 period;
    }

    /// @notice Applies the steps in order.
    /// @param start The stream before the first.
    /// @param steps What happens to it. Only a loss other than 0 is absorbed, and only assets other than 0 are merged.
    /// @return streams The stream after each step.
    /// @return absorbed What the stream bore of each step's loss.
    function replay(
        RewardStream.Stream memory start,
        Step[] calldata steps
    ) external pure returns (RewardStream.Stream[] memory streams, uint256[] memory absorbed) {
        streams = new RewardStream.Stream[](steps.length);
        absorbed = new uint256[](steps.length);
        RewardStream.Stream memory current = start;
        for (uint256 i = 0; i < steps.length; ++i) {
            Step calldata step = steps[i];
            if (step.loss != 0) (current, absorbed[i]) = current.absorb(step.loss, step.time);
            if (step.assets != 0) current = current.merge(step.assets, step.period, step.time);
            streams[i] = current;
        }
    }

    /// @notice A merge, whatever its amounts.
    function merge(
        RewardStream.Stream memory start,
        uint256 assets,
        uint256 period,
        uint256 time
    ) external pure returns (RewardStream.Stream memory merged) {
        return start.merge(assets, period, time);
    }

    /// @notice What a stream holds at each of the times, in seconds.
    function unvestedAt(
        RewardStream.Stream memory stream,
        uint256[] calldata times
    ) external pure returns (uint256[] memory unvested) {
        unvested = new uint256[](times.length);
        for (uint256 i = 0; i < times.length; ++i) unvested[i] = stream.unvestedAt(times[i]);
    }
}
