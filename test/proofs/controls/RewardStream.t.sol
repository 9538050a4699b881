// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {RewardStream} from "contracts/shared/state/RewardStream.sol";

/// @title What RewardStream does not promise
contract RewardStreamControl is Test {
    using RewardStream for RewardStream.Stream;

    /// @notice A merge never ends later than the stream did: wrong, a longer period draws it out.
    function refute_mergeNeverDelays(uint8 unvested, uint8 left, uint8 assets, uint8 period) public pure {
        vm.assume(unvested != 0 && left != 0 && assets != 0 && period != 0);
        RewardStream.Stream memory stream = RewardStream.Stream({
            unvested: unvested,
            since: 0,
            end: uint256(left) << RewardStream.TICK_BITS
        });
        assert(stream.merge(assets, period, 0).end <= stream.end);
    }

    /// @notice Nothing is rounded: wrong, what is left is rounded up.
    function refute_vestsWithoutRounding(uint8 unvested, uint8 end, uint8 time) public pure {
        vm.assume(time < end);
        RewardStream.Stream memory stream = RewardStream.Stream({
            unvested: unvested,
            since: 0,
            end: uint256(end) << RewardStream.TICK_BITS
        });
        assert(stream.unvestedAt(time) * end == uint256(unvested) * (end - time));
    }
}
