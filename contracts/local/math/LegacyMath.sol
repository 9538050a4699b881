// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Arithmetic that fails the way Polygon's contracts do
/// @notice Checked arithmetic whose failures revert without any data, as OpenZeppelin's SafeMath of the Solidity
/// 0.5 era did.
/// @dev Solidity 0.8's own checks revert with `Panic(uint256)`, which a caller could tell apart.
library LegacyMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        unchecked {
            c = a + b; // the check follows
        }
        require(c >= a);
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        unchecked {
            return a - b; // checked above
        }
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) return 0;
        unchecked {
            c = a * b; // the check follows
            require(c / a == b);
        }
    }

    /// @dev Rounds down; a divisor of 0 reverts without data.
    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        unchecked {
            return a / b; // checked above
        }
    }
}
