// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The open requests of one controller
/// @notice A set of batch numbers, added in rising order and removed in any. It serves a controller who has requests in
/// many batches without a loop that anyone else could lengthen.
/// @dev One word holds a base batch and a bit for each of the next 208. It never returns to zero, so that a later
/// request costs 5,000 gas and not 22,100. Only when a controller leaves a request unclaimed for more than 208 batches
/// do older words come into use, at his own cost.
///
/// Layout of a word: bits 0 to 207 batch `base + i` is open; bits 208 to 215 number of older words; bits 216 to 255
/// base.
library RequestWindow {
    /// @notice Set of batches.
    struct Window {
        /// The newest word.
        uint256 word;
        /// Words that were full before it, from 1, oldest first.
        mapping(uint256 index => uint256 word) older;
    }

    uint256 private constant SPAN = 208;
    uint256 private constant BITS = (1 << SPAN) - 1;
    uint256 private constant ONE_OLDER = 1 << SPAN;
    uint256 private constant MOST_OLDER = 255;
    uint256 private constant BASE_SHIFT = 216;

    /// @notice More requests lie open, further apart, than can be counted.
    error TooManyOpenRequests(uint256 oldestWords);

    /// @notice Adds a batch, not below any that was added before. Adding again changes nothing.
    function add(Window storage self, uint256 batch) internal {
        uint256 word = self.word;
        uint256 bits = word & BITS;
        uint256 base = word >> BASE_SHIFT;
        uint256 count = _olderCount(word);
        if (bits == 0) {
            base = batch;
        } else if (batch - base >= SPAN) {
            uint256 gap = Math.log2(bits & (~bits + 1));
            base += gap;
            bits >>= gap;
            if (batch - base >= SPAN) {
                if (count == MOST_OLDER) revert TooManyOpenRequests(count);
                self.older[++count] = (base << BASE_SHIFT) | bits;
                (base, bits) = (batch, 0);
            }
        }
        uint256 updated = (base << BASE_SHIFT) | (count << SPAN) | bits | (1 << (batch - base));
        if (updated != word) self.word = updated;
    }

    /// @notice Removes a batch that is in the set.
    function remove(Window storage self, uint256 batch) internal {
        uint256 word = self.word;
        if (_has(word, batch)) {
            self.word = word ^ _bit(word, batch);
            return;
        }
        uint256 count = _olderCount(word);
        uint256 i = count;
        uint256 older = self.older[i];
        while (!_has(older, batch)) older = self.older[--i];
        self.older[i] = older ^ _bit(older, batch);
        // Words that became empty go once all newer ones have.
        for (; count != 0 && self.older[count] & BITS == 0; --count) word -= ONE_OLDER;
        self.word = word;
    }

    /// @notice All batches in the set, in rising order.
    function list(Window storage self) internal view returns (uint256[] memory batches) {
        uint256 word = self.word;
        uint256 olderWords = _olderCount(word);
        uint256 count = _count(word);
        for (uint256 i = 1; i <= olderWords; ++i) count += _count(self.older[i]);
        batches = new uint256[](count);
        count = 0;
        for (uint256 i = 1; i <= olderWords; ++i) count = _append(batches, count, self.older[i]);
        _append(batches, count, word);
    }

    function _olderCount(uint256 word) private pure returns (uint256) {
        return (word >> SPAN) & MOST_OLDER;
    }

    function _count(uint256 word) private pure returns (uint256 count) {
        for (uint256 bits = word & BITS; bits != 0; bits &= bits - 1) ++count;
    }

    function _append(uint256[] memory batches, uint256 count, uint256 word) private pure returns (uint256) {
        uint256 base = word >> BASE_SHIFT;
        for (uint256 bits = word & BITS; bits != 0; bits &= bits - 1) {
            batches[count++] = base + Math.log2(bits & (~bits + 1));
        }
        return count;
    }

    function _bit(uint256 word, uint256 batch) private pure returns (uint256) {
        return 1 << (batch - (word >> BASE_SHIFT));
    }

    function _has(uint256 word, uint256 batch) private pure returns (bool) {
        uint256 base = word >> BASE_SHIFT;
        return batch >= base && batch - base < SPAN && word & _bit(word, batch) != 0;
    }
}
