// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Functions that only Polygon's governance may call
/// @notice Anyone else fails with "Only governance contract is authorized".
abstract contract Governable {
    /// @notice Account that governs; in local rigs any account.
    address public governance;

    modifier onlyGovernance() {
        _assertGovernance();
        _;
    }

    function _assertGovernance() private view {
        require(msg.sender == governance, "Only governance contract is authorized");
    }
}
