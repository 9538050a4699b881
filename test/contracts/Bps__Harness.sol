// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Bps} from "../../contracts/shared/math/Bps.sol";

/// @title Basis points, many at a time
contract Bps__Harness {
    /// @notice `bps[i]` parts of `amounts[i]`, rounded down.
    function floor(uint256[] calldata amounts, uint256[] calldata bps) external pure returns (uint256[] memory parts) {
        parts = new uint256[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) parts[i] = Bps.floor(amounts[i], bps[i]);
    }

    /// @notice `bps[i]` parts of `amounts[i]`, rounded up.
    function ceil(uint256[] calldata amounts, uint256[] calldata bps) external pure returns (uint256[] memory parts) {
        parts = new uint256[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) parts[i] = Bps.ceil(amounts[i], bps[i]);
    }

    /// @notice The whole, in basis points.
    function one() external pure returns (uint256) {
        return Bps.ONE;
    }
}
