// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {Lemmas} from "./support/Lemmas.sol";

/// @title The facts that other proofs assume, for all numbers of 256 bits
contract LemmasProof is Test {
    /// @notice A product of two numbers below 2^128 has no high word.
    function check_product(uint128 x, uint128 y) public pure {
        assert(Lemmas.product(x, y));
    }

    /// @notice `mulmod` of two numbers below 2^128 is the remainder of their product.
    function check_remainder(uint128 x, uint128 y, uint256 d) public pure {
        assert(Lemmas.remainder(x, y, d));
    }

    /// @notice `n = (n / d) · d + r` with `r < d`.
    function check_quotient(uint256 n, uint256 d) public pure {
        assert(Lemmas.quotient(n, d));
    }

    /// @notice `r` is `n % d`.
    function check_rest(uint256 n, uint256 d) public pure {
        assert(Lemmas.rest(n, d));
    }

    /// @notice `n ≤ a · d` has `n / d ≤ a`, with `a` and `d` below 2^128.
    function check_atMost(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.atMost(n, a, d));
    }

    /// @notice `n ≤ a · d` with `n / d = a` leaves no remainder, with `a` and `d` below 2^128.
    function check_exactly(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.exactly(n, a, d));
    }

    /// @notice `n ≥ a · d` has `n / d ≥ a`, with `a` and `d` below 2^128.
    function check_atLeast(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.atLeast(n, a, d));
    }

    /// @notice `n > a · d` has `n / d ≥ a`, and a remainder if it is just that, with `a` and `d` below 2^128.
    function check_above(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.above(n, a, d));
    }

    /// @notice `(x + y) · z = x · z + y · z`, modulo 2^256.
    function check_sum(uint256 x, uint256 y, uint256 z) public pure {
        assert(Lemmas.sum(x, y, z));
    }

    /// @notice `x ≤ y` has `x · z ≤ y · z`, with `y` and `z` below 2^128.
    function check_grows(uint256 x, uint256 y, uint256 z) public pure {
        assert(Lemmas.grows(x, y, z));
    }

    /// @notice A product of two numbers below 2^106 is below 2^212.
    function check_small(uint256 x, uint256 y) public pure {
        assert(Lemmas.small(x, y));
    }

    /// @notice A ceiling `c` of `n / d` has `n ≤ c · d < n + d`, with `n` below 2^255 and `d` below 2^128.
    function check_ceiling(uint256 n, uint256 d) public pure {
        assert(Lemmas.ceiling(n, d));
    }

    /// @notice A ceiling does not fall as the number grows.
    function check_ceilGrows(uint256 n, uint256 m, uint256 d) public pure {
        assert(Lemmas.ceilGrows(n, m, d));
    }

    /// @notice `n ≤ a · d` has `⌈n / d⌉ ≤ a`, with `a` and `d` below 2^128.
    function check_ceilAtMost(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.ceilAtMost(n, a, d));
    }

    /// @notice `n ≥ a · d` has `⌈n / d⌉ ≥ a`, with `a` and `d` below 2^128.
    function check_ceilAtLeast(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.ceilAtLeast(n, a, d));
    }
}
