// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {RewardStream} from "contracts/shared/state/RewardStream.sol";

import {Lemmas} from "./support/Lemmas.sol";

/// @title RewardStream, for all amounts below 2^96 and times below 2^32 seconds, the widths of the pool's words
/// @notice A stream is any that can be kept; a merge is at any time, over a period of 1 to 2^24 seconds, half a year:
/// the pool's are of 1 to 7 days.
/// @custom:halmos --panic-error-codes 0x01
contract RewardStreamProof is Test {
    using RewardStream for RewardStream.Stream;

    /// @dev A stream, as the pool keeps it.
    struct Kept {
        uint96 unvested;
        uint32 since;
        uint56 end;
    }

    uint256 private constant TICK_BITS = 24;

    /// @notice V1: nothing vests in no time.
    function check_nothingVestsAtOnce(Kept calldata kept) public pure {
        RewardStream.Stream memory stream = _stream(kept);
        vm.assume(kept.end > _ticks(kept.since));
        _assumeMultiple(kept.unvested, kept.end - _ticks(kept.since));
        assert(stream.unvestedAt(kept.since) == kept.unvested);
    }

    /// @notice V2: what has vested is not taken back.
    function check_vestsOnlyForward(Kept calldata kept, uint32 sooner, uint32 later) public pure {
        vm.assume(kept.since <= sooner && sooner <= later && _ticks(later) < kept.end);
        (uint256 more, uint256 less) = (kept.end - _ticks(sooner), kept.end - _ticks(later));
        vm.assume(Lemmas.grows(less, more, kept.unvested));
        RewardStream.Stream memory stream = _stream(kept);
        uint256 span = kept.end - _ticks(kept.since);
        vm.assume(Lemmas.ceilGrows(_product(less, kept.unvested), _product(more, kept.unvested), span));
        assert(stream.unvestedAt(later) <= stream.unvestedAt(sooner));
    }

    /// @notice V3: nothing is left from the end on.
    function check_endsAtItsEnd(Kept calldata kept, uint32 time) public pure {
        vm.assume(_ticks(time) >= kept.end);
        assert(_stream(kept).unvestedAt(time) == 0);
    }

    /// @notice V8: no wei vests early: unvestedAt(t) · (end - since) ≥ U · (end - t), and less than a wei late.
    function check_noWeiVestsEarly(Kept calldata kept, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) < kept.end);
        uint256 span = kept.end - _ticks(kept.since);
        uint256 exact = _product(kept.unvested, kept.end - _ticks(time));
        vm.assume(Lemmas.ceiling(exact, span));
        uint256 left = _stream(kept).unvestedAt(time);
        vm.assume(Lemmas.small(left, span));
        assert(_product(left, span) >= exact);
        assert(_product(left, span) - exact < span);
    }

    /// @notice V4: a merge into a stream that runs vests nothing, and takes nothing back.
    function check_mergeMovesNothingAtOnce(Kept calldata kept, uint96 assets, uint24 period, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) < kept.end && period != 0 && assets != 0);
        (RewardStream.Stream memory stream, uint256 left) = _started(kept, time);
        RewardStream.Stream memory merged = stream.merge(assets, period, time);
        // It ends between its parts, by V5, which is proven below for the same numbers.
        uint256 r = merged.end - _ticks(time);
        vm.assume(merged.end > _ticks(time) && r < 1 << 57);
        _assumeMultiple(merged.unvested, r);
        assert(merged.unvestedAt(time) == left + assets);
    }

    /// @notice V4: a merge into a stream that has ended begins with all that is added.
    function check_mergeBeginsAnew(Kept calldata kept, uint96 assets, uint24 period, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) >= kept.end && period != 0 && assets != 0);
        _assumeMultiple(_ticks(period), assets);
        RewardStream.Stream memory merged = _stream(kept).merge(assets, period, time);
        assert(merged.end == _ticks(time) + _ticks(period));
        _assumeMultiple(assets, _ticks(period));
        assert(merged.unvestedAt(time) == assets);
    }

    /// @notice V5: a merge ends no later than the later of its parts: r′ ≤ max(r, D).
    function check_mergeEndsNoLater(Kept calldata kept, uint96 assets, uint24 period, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) < kept.end && period != 0 && assets != 0);
        (RewardStream.Stream memory stream, uint256 left) = _started(kept, time);
        (uint256 r, uint256 d) = (kept.end - _ticks(time), _ticks(period));
        uint256 most = r < d ? d : r;
        vm.assume(Lemmas.grows(r, most, left));
        vm.assume(Lemmas.grows(d, most, assets));
        vm.assume(Lemmas.sum(left, assets, most));
        vm.assume(Lemmas.small(left, most));
        vm.assume(Lemmas.small(assets, most));
        vm.assume(Lemmas.ceilAtMost(_product(left, r) + _product(assets, d), most, left + assets));
        assert(stream.merge(assets, period, time).end <= _ticks(time) + most);
    }

    /// @notice V5: a merge ends no sooner than the sooner of its parts: min(r, D) ≤ r′.
    function check_mergeEndsNoSooner(Kept calldata kept, uint96 assets, uint24 period, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) < kept.end && period != 0 && assets != 0);
        (RewardStream.Stream memory stream, uint256 left) = _started(kept, time);
        (uint256 r, uint256 d) = (kept.end - _ticks(time), _ticks(period));
        uint256 least = r < d ? r : d;
        vm.assume(Lemmas.grows(least, r, left));
        vm.assume(Lemmas.grows(least, d, assets));
        vm.assume(Lemmas.sum(left, assets, least));
        vm.assume(Lemmas.small(left, r));
        vm.assume(Lemmas.small(assets, d));
        vm.assume(Lemmas.ceilAtLeast(_product(left, r) + _product(assets, d), least, left + assets));
        assert(stream.merge(assets, period, time).end >= _ticks(time) + least);
    }

    /// @notice V9: a merge keeps the mean delay of all wei, but for less than a tick more: U · r + A · D ≤ (U + A) · r′
    /// < U · r + A · D + U + A.
    function check_mergeKeepsMeanDelay(Kept calldata kept, uint96 assets, uint24 period, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) < kept.end && period != 0 && assets != 0);
        RewardStream.Stream memory stream = _stream(kept);
        _assumeNoMoreThanUnvested(kept, time);
        uint256 left = stream.unvestedAt(time);
        (uint256 r, uint256 d) = (kept.end - _ticks(time), _ticks(period));
        vm.assume(Lemmas.small(left, r));
        vm.assume(Lemmas.small(assets, d));
        uint256 weighted = _product(left, r) + _product(assets, d);
        vm.assume(Lemmas.ceiling(weighted, left + assets));
        uint256 merged = stream.merge(assets, period, time).end - _ticks(time);
        uint256 kept_ = _product(left + assets, merged);
        assert(kept_ >= weighted);
        assert(kept_ - weighted < left + assets);
    }

    /// @notice V7: a loss takes what is left, and no more; the rest vests on to the same end.
    function check_absorbTakesWhatIsLeft(Kept calldata kept, uint104 loss, uint32 time) public pure {
        vm.assume(kept.since <= time && _ticks(time) < kept.end);
        RewardStream.Stream memory stream = _stream(kept);
        _assumeNoMoreThanUnvested(kept, time);
        uint256 left = stream.unvestedAt(time);
        (RewardStream.Stream memory reduced, uint256 absorbed) = stream.absorb(loss, time);
        assert(absorbed == (loss < left ? loss : left));
        assert(reduced.end == kept.end);
        _assumeMultiple(reduced.unvested, reduced.end - _ticks(time));
        assert(reduced.unvestedAt(time) == left - absorbed);
    }

    function _stream(Kept calldata kept) private pure returns (RewardStream.Stream memory) {
        return RewardStream.Stream({unvested: kept.unvested, since: kept.since, end: kept.end});
    }

    /// @dev A stream, and what is left of it.
    function _started(
        Kept calldata kept,
        uint256 time
    ) private pure returns (RewardStream.Stream memory stream, uint256 left) {
        stream = _stream(kept);
        _assumeNoMoreThanUnvested(kept, time);
        left = stream.unvestedAt(time);
    }

    function _ticks(uint256 time) private pure returns (uint256) {
        return time << TICK_BITS;
    }

    /// @dev What is left is no more than what there was, by the facts about numbers.
    function _assumeNoMoreThanUnvested(Kept calldata kept, uint256 time) private pure {
        (uint256 left, uint256 span) = (kept.end - _ticks(time), kept.end - _ticks(kept.since));
        vm.assume(Lemmas.grows(left, span, kept.unvested));
        vm.assume(Lemmas.ceilAtMost(_product(left, kept.unvested), kept.unvested, span));
    }

    /// @dev A multiple is its own ceiling.
    function _assumeMultiple(uint256 a, uint256 d) private pure {
        vm.assume(Lemmas.ceilAtMost(_product(a, d), a, d));
        vm.assume(Lemmas.ceilAtLeast(_product(a, d), a, d));
    }

    function _product(uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            return x * y;
        }
    }
}
