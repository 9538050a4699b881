// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";

import {DailyLimit} from "contracts/shared/state/DailyLimit.sol";

import {Lemmas} from "./support/Lemmas.sol";

/// @title DailyLimit, for all limits below 2^104 and all times below 2^40 seconds
contract DailyLimitProof is Test {
    using DailyLimit for RateLimiter.RefillingBucket;

    /// @dev A limit as it is kept, and the present time.
    struct State {
        uint104 limit;
        uint104 used;
        uint40 touched;
        uint40 time;
    }

    uint256 private constant DAY = 1 days;

    RateLimiter.RefillingBucket private _bucket;

    /// @notice J1: no more is available than the limit.
    function check_neverAboveTheLimit(State calldata state) public {
        _start(state);
        assert(_bucket.available() <= state.limit);
        assert(_bucket.limitOf() == state.limit);
    }

    /// @notice J3: what was used is available again at the rate of a limit a day, rounded down, and no sooner.
    function check_refillsAtItsRate(State calldata state) public {
        _start(state);
        uint256 refilled = _product(state.time - state.touched, state.limit) / DAY;
        uint256 open = refilled < state.used ? state.used - refilled : 0;
        assert(_bucket.available() == state.limit - open);
    }

    /// @notice J3: after a day without use all of it is available.
    function check_fullAfterADay(State calldata state) public {
        _start(state);
        uint256 passed = state.time - state.touched;
        vm.assume(passed >= DAY);
        vm.assume(Lemmas.grows(DAY, passed, state.limit));
        vm.assume(Lemmas.atLeast(_product(passed, state.limit), state.limit, DAY));
        assert(_bucket.available() == state.limit);
    }

    /// @notice K4: what is available can be taken, and is then missing, to the wei; a wei more cannot.
    function check_takesWhatIsAvailable(State calldata state, uint256 amount) public {
        _start(state);
        uint256 before = _bucket.available();
        bool taken = _bucket.tryUse(amount);
        assert(taken == (amount <= before));
        _assumeProduct(0, state.limit);
        assert(_bucket.available() == (taken ? before - amount : before));
    }

    /// @notice J4: a new limit frees nothing: what is available is what was, or the new limit if that is less.
    function check_changeFreesNothing(State calldata state, uint104 limit) public {
        _start(state);
        uint256 before = _bucket.available();
        _assumeProduct(0, limit);
        _bucket.change(limit);
        assert(_bucket.available() == (before < limit ? before : limit));
        assert(_bucket.limitOf() == limit);
    }

    /// @notice J1: a limit starts full.
    function check_startsFull(uint104 limit, uint40 time) public {
        vm.warp(time);
        _assumeProduct(time, limit);
        _bucket.start(limit);
        assert(_bucket.available() == limit && _bucket.limitOf() == limit);
    }

    /// @dev Any state in which no more is used than the limit, which every use and change leaves.
    function _start(State calldata state) private {
        vm.assume(state.used <= state.limit);
        vm.assume(state.touched <= state.time);
        vm.warp(state.time);
        (_bucket._capacity, _bucket._window) = (state.limit, uint48(DAY));
        _bucket._items[0] = RateLimiter.RefillingBucketItem({_lastUsed: state.used, _lastTimepoint: state.touched});
        _assumeProduct(state.time - state.touched, state.limit);
    }

    /// @dev What is refilled is a product without a high word.
    function _assumeProduct(uint256 passed, uint256 limit) private pure {
        vm.assume(Lemmas.product(uint128(passed), uint128(limit)));
    }

    function _product(uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            return x * y;
        }
    }
}
