// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ERC-7540: operators
/// @notice Accounts that a controller lets request and claim for it.
/// @dev Source: EIP-7540. `type(IERC7540Operator).interfaceId` is 0xe3bc4e65.
interface IERC7540Operator {
    /// @notice `controller` allowed or stopped an operator.
    /// @param controller Account that decided.
    /// @param operator Account that may, or may no longer, act for it.
    /// @param approved True when allowed.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    /// @notice Lets `operator` act for the caller, or stops it.
    /// @dev Warning: an operator may request with ALL of the caller's shares, and claim all of the caller's requests to
    /// any receiver.
    /// @param operator Account to allow or stop; the caller itself and zero are accepted and change nothing.
    /// @param approved True to allow.
    /// @return success Always true.
    function setOperator(address operator, bool approved) external returns (bool success);

    /// @notice Whether an account may act for a controller. Never reverts.
    /// @param controller Account that decides.
    /// @param operator Account that may act for it, or not.
    /// @return status True if it may.
    function isOperator(address controller, address operator) external view returns (bool status);
}
