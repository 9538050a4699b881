// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Facts about numbers that the proofs are made of
/// @notice Each is proven by itself, in Lemmas.t.sol, for all numbers of 256 bits; a proof that needs one assumes it
/// for its own numbers. So no solver has to find them while it looks at a whole conversion.
/// @dev Free of branches: a proof does not fall into cases by what it assumes. All arithmetic is that of the EVM,
/// modulo 2^256, and a division by 0 is 0.
library Lemmas {
    /// @notice A product of two numbers below 2^128 has no high word: `Math.mulDiv` takes the short way.
    function product(uint128 x, uint128 y) internal pure returns (bool) {
        return mulmod(x, y, type(uint256).max) == _mul(x, y);
    }

    /// @notice Of such a product `mulmod` is the remainder of a division by `d`, if that is not 0.
    function remainder(uint128 x, uint128 y, uint256 d) internal pure returns (bool) {
        uint256 exact;
        uint256 plain;
        assembly {
            exact := mulmod(x, y, d)
            plain := mod(mul(x, y), d)
        }
        return _implies(d != 0, exact == plain);
    }

    /// @notice `n = (n / d) · d + r` with `r < d`.
    function quotient(uint256 n, uint256 d) internal pure returns (bool) {
        uint256 whole = _mul(_div(n, d), d);
        return _implies(d != 0, _both(whole <= n, _sub(n, whole) < d));
    }

    /// @notice `n ≤ a · d` has `n / d ≤ a`.
    function atMost(uint256 n, uint256 a, uint256 d) internal pure returns (bool) {
        return _implies(_both(_both(_fits(a), _fits(d)), _both(d != 0, n <= _mul(a, d))), _div(n, d) <= a);
    }

    /// @notice `n ≤ a · d` with `n / d = a` leaves no remainder.
    function exactly(uint256 n, uint256 a, uint256 d) internal pure returns (bool) {
        uint256 left;
        assembly {
            left := mod(n, d)
        }
        bool known = _both(_both(_fits(a), _fits(d)), _both(d != 0, n <= _mul(a, d)));
        return _implies(_both(known, _div(n, d) == a), left == 0);
    }

    /// @notice `n ≥ a · d` has `n / d ≥ a`.
    function atLeast(uint256 n, uint256 a, uint256 d) internal pure returns (bool) {
        return _implies(_both(_both(_fits(a), _fits(d)), _both(d != 0, n >= _mul(a, d))), _div(n, d) >= a);
    }

    /// @notice `n > a · d` has `n / d ≥ a`, and a remainder if it is just that.
    function above(uint256 n, uint256 a, uint256 d) internal pure returns (bool) {
        uint256 left;
        assembly {
            left := mod(n, d)
        }
        bool known = _both(_both(_fits(a), _fits(d)), _both(d != 0, n > _mul(a, d)));
        return _implies(known, _both(_div(n, d) >= a, _implies(_div(n, d) == a, left != 0)));
    }

    /// @notice `n = (n / d) · d` where nothing is left, else `n < (n / d + 1) · d` by what is left.
    function rest(uint256 n, uint256 d) internal pure returns (bool) {
        uint256 left;
        assembly {
            left := mod(n, d)
        }
        return _implies(d != 0, _sub(n, _mul(_div(n, d), d)) == left);
    }

    /// @notice `(x + y) · z = x · z + y · z`.
    function sum(uint256 x, uint256 y, uint256 z) internal pure returns (bool) {
        return _mul(_add(x, y), z) == _add(_mul(x, z), _mul(y, z));
    }

    /// @notice `x ≤ y` has `x · z ≤ y · z`.
    function grows(uint256 x, uint256 y, uint256 z) internal pure returns (bool) {
        return _implies(_both(_both(_fits(y), _fits(z)), x <= y), _mul(x, z) <= _mul(y, z));
    }

    /// @notice A product of two numbers below 2^106 is below 2^212.
    function small(uint256 x, uint256 y) internal pure returns (bool) {
        return _implies(_both(x < 1 << 106, y < 1 << 106), _mul(x, y) < 1 << 212);
    }

    /// @notice A ceiling `c` of `n / d` has `n ≤ c · d < n + d`; with `n` below 2^255, so that the end is in reach.
    function ceiling(uint256 n, uint256 d) internal pure returns (bool) {
        uint256 over = _sub(_mul(_ceil(n, d), d), n);
        bool known = _both(_both(n < 1 << 255, d < 1 << 128), d != 0);
        return _implies(known, _both(_mul(_ceil(n, d), d) >= n, over < d));
    }

    /// @notice A ceiling does not fall as the number grows.
    function ceilGrows(uint256 n, uint256 m, uint256 d) internal pure returns (bool) {
        return _implies(_both(d != 0, n <= m), _ceil(n, d) <= _ceil(m, d));
    }

    /// @notice `n ≤ a · d` has `⌈n / d⌉ ≤ a`.
    function ceilAtMost(uint256 n, uint256 a, uint256 d) internal pure returns (bool) {
        return _implies(_both(_both(_fits(a), _fits(d)), _both(d != 0, n <= _mul(a, d))), _ceil(n, d) <= a);
    }

    /// @notice `n ≥ a · d` has `⌈n / d⌉ ≥ a`.
    function ceilAtLeast(uint256 n, uint256 a, uint256 d) internal pure returns (bool) {
        return _implies(_both(_both(_fits(a), _fits(d)), _both(d != 0, n >= _mul(a, d))), _ceil(n, d) >= a);
    }

    /// @dev As `Math.ceilDiv` has it.
    function _ceil(uint256 n, uint256 d) private pure returns (uint256 q) {
        assembly {
            q := mul(iszero(iszero(n)), add(div(sub(n, 1), d), 1))
        }
    }

    function _fits(uint256 x) private pure returns (bool) {
        return x < 1 << 128;
    }

    function _implies(bool a, bool b) private pure returns (bool c) {
        assembly {
            c := or(iszero(a), b)
        }
    }

    function _both(bool a, bool b) private pure returns (bool c) {
        assembly {
            c := and(a, b)
        }
    }

    function _add(uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            return x + y;
        }
    }

    function _sub(uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            return x - y;
        }
    }

    function _mul(uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            return x * y;
        }
    }

    function _div(uint256 n, uint256 d) private pure returns (uint256 q) {
        assembly {
            q := div(n, d)
        }
    }
}
