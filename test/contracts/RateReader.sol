// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Gas of a read, as another contract pays it
/// @notice For measurements alone. Asked in a transaction of its own, everything that the read touches is cold.
contract RateReader {
    /// @notice The read reverted.
    error ReadFailed(address target, bytes data);

    /// @notice Gas that a static call costs its caller, without the transaction's base cost and without the copying of `data`.
    /// @dev Error: `ReadFailed`.
    /// @param target Contract that is read.
    /// @param data Encoded call.
    /// @return used Gas.
    function gasOf(address target, bytes memory data) external view returns (uint256 used) {
        uint256 before = gasleft();
        (bool ok, ) = target.staticcall(data);
        used = before - gasleft();
        if (!ok) revert ReadFailed(target, data);
    }
}
