// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title An implementation that names another slot than ERC-1967's
contract WrongUuid {
    /// @notice ERC-1822's own slot, which no proxy here reads.
    function proxiableUUID() external pure returns (bytes32) {
        return keccak256("PROXIABLE");
    }
}
