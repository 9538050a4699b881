// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";

/// @title What a share contract calls on the StakeManager
/// @notice Settlement and payments: everything a share contract does with other contracts but logging.
interface IDelegationDesk is IStakeManager {
    /// @notice Adds `amount` (or takes it off, if negative) to what is delegated to the caller's validator.
    function updateValidatorState(uint256 validatorId, int256 amount) external;

    /// @notice Settles the validator and hands the delegators' reward over to the caller's books. No token moves.
    function withdrawDelegatorsReward(uint256 validatorId) external returns (uint256 reward);

    /// @notice Pulls MATIC from the delegator and converts it.
    function delegationDeposit(uint256 validatorId, uint256 amount, address delegator) external returns (bool);

    /// @notice Pulls POL from the delegator.
    function delegationDepositPOL(uint256 validatorId, uint256 amount, address delegator) external returns (bool);

    /// @notice Pays the delegator in MATIC, converted from POL.
    function transferFunds(uint256 validatorId, uint256 amount, address delegator) external returns (bool);

    /// @notice Pays the delegator in POL.
    function transferFundsPOL(uint256 validatorId, uint256 amount, address delegator) external returns (bool);
}
