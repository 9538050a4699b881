// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Code of an account that refuses every signature and every call
contract RefusingWallet {
    /// @notice The account was asked.
    error NoSignatureIsValid();

    fallback() external payable {
        revert NoSignatureIsValid();
    }
}
