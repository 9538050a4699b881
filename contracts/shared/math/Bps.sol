// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Basis points
/// @notice Parts of 10,000.
library Bps {
    /// @notice The whole.
    uint256 internal constant ONE = 10_000;

    /// @notice `bps` parts of `amount`, rounded down.
    /// @dev Overflows only for amounts that no token has.
    function floor(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return (amount * bps) / ONE;
    }

    /// @notice `bps` parts of `amount`, rounded up.
    /// @dev Overflows only for amounts that no token has.
    function ceil(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return Math.ceilDiv(amount * bps, ONE);
    }
}
