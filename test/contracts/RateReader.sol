// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAnkrMATIC} from "../../contracts/interfaces/IAnkrMATIC.sol";
import {IERC7575} from "../../contracts/interfaces/standards/IERC7575.sol";

/// @title Gas of reading the rate, as another contract pays it
/// @notice For measurements alone. Asked in a transaction of its own, everything that the read touches is cold; the
/// gas is what the call takes, without the transaction's base cost.
contract RateReader {
    /// @notice The rate of the pool.
    /// @param pool The pool.
    /// @return rate Assets for one share, wei.
    /// @return used Gas of the read.
    function rateOf(IERC7575 pool) external view returns (uint256 rate, uint256 used) {
        uint256 before = gasleft();
        rate = pool.convertToAssets(1e18);
        used = before - gasleft();
    }

    /// @notice The rate, asked of the share token.
    /// @param token The share token.
    /// @return rate Assets for one share, wei.
    /// @return used Gas of the read.
    function bondsOf(IAnkrMATIC token) external view returns (uint256 rate, uint256 used) {
        uint256 before = gasleft();
        rate = token.sharesToBonds(1e18);
        used = before - gasleft();
    }

    /// @notice The live `ratio` of the share token.
    /// @param token The share token.
    /// @return ratio Shares for one asset, wei.
    /// @return used Gas of the read.
    function ratioOf(IAnkrMATIC token) external view returns (uint256 ratio, uint256 used) {
        uint256 before = gasleft();
        ratio = token.ratio();
        used = before - gasleft();
    }
}
