// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {Lemmas} from "./support/Lemmas.sol";

/// @title The facts that the other proofs assume
contract LemmasProof is Test {
    function check_product(uint128 x, uint128 y) public pure {
        assert(Lemmas.product(x, y));
    }

    function check_remainder(uint128 x, uint128 y, uint256 d) public pure {
        assert(Lemmas.remainder(x, y, d));
    }

    function check_quotient(uint256 n, uint256 d) public pure {
        assert(Lemmas.quotient(n, d));
    }

    function check_atMost(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.atMost(n, a, d));
    }

    function check_atLeast(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.atLeast(n, a, d));
    }

    function check_above(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.above(n, a, d));
    }

    function check_rest(uint256 n, uint256 d) public pure {
        assert(Lemmas.rest(n, d));
    }

    function check_exactly(uint256 n, uint256 a, uint256 d) public pure {
        assert(Lemmas.exactly(n, a, d));
    }

    function check_grows(uint256 x, uint256 y, uint256 z) public pure {
        assert(Lemmas.grows(x, y, z));
    }

    function check_sum(uint256 x, uint256 y, uint256 z) public pure {
        assert(Lemmas.sum(x, y, z));
    }

    function check_small(uint256 x, uint256 y) public pure {
        assert(Lemmas.small(x, y));
    }
}
