// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {RequestWindow} from "contracts/shared/state/RequestWindow.sol";

/// @title RequestWindow, for all batches below 2^40 and every word, with none, one or two older ones
/// @notice What is in the set is told from the words themselves, by their layout, and not by the library.
/// @dev What is assumed and asserted is free of branches, so that there are no more cases than the library has.
contract RequestWindowProof is Test {
    using RequestWindow for RequestWindow.Window;

    /// @dev A state of the library.
    struct State {
        uint40 base;
        uint208 bits;
        uint8 older;
        uint256 first;
        uint256 second;
    }

    uint256 private constant SPAN = 208;

    RequestWindow.Window private _window;

    /// @notice H1: a batch that is added is in the set, and no other comes in or goes out.
    function check_addChangesOne(State calldata state, uint40 batch, uint40 other) public {
        _start(state);
        _assumeNewest(batch);
        bool had = _contains(other);
        _window.add(batch);
        assert(_contains(batch));
        assert(_either(other == batch, _contains(other) == had));
    }

    /// @notice H1: to add a batch again changes nothing.
    function check_addAgain(State calldata state, uint40 batch) public {
        _start(state);
        _assumeNewest(batch);
        _window.add(batch);
        uint256 word = _window.word;
        _window.add(batch);
        assert(_window.word == word);
    }

    /// @notice H2: a batch that is removed is not in the set, and no other comes in or goes out.
    function check_removeChangesOne(State calldata state, uint40 batch, uint40 other) public {
        _start(state);
        vm.assume(_contains(batch));
        bool had = _contains(other);
        _window.remove(batch);
        assert(!_contains(batch));
        assert(_either(other == batch, _contains(other) == had));
    }

    /// @notice H3: after an addition words are in order, each beginning behind the one before it.
    function check_addKeepsOrder(State calldata state, uint40 batch) public {
        _start(state);
        _assumeNewest(batch);
        _window.add(batch);
        assert(_inOrder());
    }

    /// @notice H3: after a removal words are in order, each beginning behind the one before it.
    function check_removeKeepsOrder(State calldata state, uint40 batch) public {
        _start(state);
        vm.assume(_contains(batch));
        _window.remove(batch);
        assert(_inOrder());
    }

    /// @notice H4: the newest word is never 0 again, whatever is removed.
    function check_neverZeroAgain(State calldata state, uint40 batch) public {
        _start(state);
        // A base is the number of a batch, and those begin with 1.
        vm.assume(state.base != 0);
        vm.assume(_contains(batch));
        _window.remove(batch);
        assert(_window.word != 0);
    }

    /// @notice H5: the list has each batch of the set, in rising order; for one or two batches in one word.
    /// @custom:halmos --solver-timeout-branching 10s
    function check_listsAll(uint40 base, uint8 a, uint8 b) public {
        vm.assume(a <= b && b < SPAN && base <= type(uint40).max - SPAN);
        _window.word = (uint256(base) << 216) | (1 << uint256(a)) | (1 << uint256(b));
        uint256[] memory listed = _window.list();
        assert(listed.length == (a == b ? 1 : 2));
        assert(listed[0] == uint256(base) + a);
        assert(listed[listed.length - 1] == uint256(base) + b);
    }

    // ---------------------------------------------------------------- states

    /// @dev Any state whose words are in order.
    function _start(State calldata state) private {
        vm.assume(state.older <= 2);
        // A case of its own for each number of older words.
        uint256 count =
            state.older == 0
                ? 0
                : state.older == 1
                    ? 1
                    : 2;
        _window.word = (uint256(state.base) << 216) | (count << SPAN) | state.bits;
        if (count >= 1) _window.older[1] = state.first;
        if (count == 2) _window.older[2] = state.second;
        vm.assume(_inOrder());
    }

    /// @dev Batches are added in rising order: none in the set is above this one.
    function _assumeNewest(uint256 batch) private view {
        uint256 word = _window.word;
        uint256 count = _older();
        vm.assume(batch != 0);
        bool top = _both(batch >= _baseOf(word), (_bitsOf(word) >> _distance(word, batch)) >> 1 == 0);
        vm.assume(_either(_bitsOf(word) == 0, top));
        if (count >= 1) vm.assume(batch > _lastOf(_window.older[1]));
        if (count >= 2) vm.assume(batch > _lastOf(_window.older[2]));
    }

    /// @dev Each word that has a batch begins behind the span of the one before it.
    function _inOrder() private view returns (bool ordered) {
        uint256 word = _window.word;
        uint256 count = _older();
        bool empty = _bitsOf(word) == 0;
        ordered = true;
        if (count != 0) ordered = _either(empty, _baseOf(word) > _lastOf(_window.older[count]));
        for (uint256 i = 2; i <= count; ++i) {
            ordered = _both(ordered, _baseOf(_window.older[i]) > _lastOf(_window.older[i - 1]));
        }
    }

    function _contains(uint256 batch) private view returns (bool found) {
        found = _has(_window.word, batch);
        uint256 count = _older();
        for (uint256 i = 1; i <= count; ++i) found = _either(found, _has(_window.older[i], batch));
    }

    function _has(uint256 word, uint256 batch) private pure returns (bool) {
        // Out of the window, on either side, all bits are shifted out.
        return (_bitsOf(word) >> _distance(word, batch)) & 1 == 1;
    }

    function _distance(uint256 word, uint256 batch) private pure returns (uint256) {
        unchecked {
            return batch - _baseOf(word);
        }
    }

    function _lastOf(uint256 word) private pure returns (uint256) {
        return _baseOf(word) + SPAN - 1;
    }

    function _older() private view returns (uint256) {
        return (_window.word >> SPAN) & 255;
    }

    function _bitsOf(uint256 word) private pure returns (uint256) {
        return word & ((1 << SPAN) - 1);
    }

    function _baseOf(uint256 word) private pure returns (uint256) {
        return word >> 216;
    }

    function _both(bool a, bool b) private pure returns (bool c) {
        assembly {
            c := and(a, b)
        }
    }

    function _either(bool a, bool b) private pure returns (bool c) {
        assembly {
            c := or(a, b)
        }
    }
}
