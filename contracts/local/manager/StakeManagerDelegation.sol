// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {IShareHooks} from "../share/IShareHooks.sol";
import {StakeManagerState} from "./StakeManagerState.sol";

/// @title What delegation changes in the StakeManager
/// @notice Keeps totals in step with the share contracts, moves delegation between validators, and switches it.
abstract contract StakeManagerDelegation is StakeManagerState {
    using LegacyMath for uint256;

    /// Ids up to this one cannot be migrated to.
    uint256 private constant LAST_FOUNDATION_ID = 7;

    function migrateDelegation(uint256 fromValidatorId, uint256 toValidatorId, uint256 amount) external {
        require(toValidatorId > LAST_FOUNDATION_ID, "Invalid migration");
        IShareHooks(_validators[fromValidatorId].contractAddress).migrateOut(msg.sender, amount);
        IShareHooks(_validators[toValidatorId].contractAddress).migrateIn(msg.sender, amount);
    }

    function updateValidatorState(uint256 validatorId, int256 amount) external onlyDelegation(validatorId) {
        if (amount > 0) require(delegationEnabled, "Delegation is disabled");
        Validator storage record = _validators[validatorId];
        uint256 deactivationEpoch = record.deactivationEpoch;
        require(deactivationEpoch <= epoch, "unstaking");

        bool counts = deactivationEpoch == 0;
        if (amount < 0) {
            uint256 decrease = uint256(-amount);
            if (counts) _takeFromTotals(decrease, 0);
            record.delegatedAmount = record.delegatedAmount.sub(decrease);
        } else {
            uint256 increase = uint256(amount);
            if (counts) _addToTotals(increase, 0);
            record.delegatedAmount = record.delegatedAmount.add(increase);
        }
    }

    /// @notice Switches delegation to the caller's validator on or off. Called by the signer key, while it is a
    /// validator.
    function updateValidatorDelegation(bool enabled) external {
        uint256 validatorId = signerToValidator[msg.sender];
        require(isValidator(validatorId), "not validator");
        address share = _validators[validatorId].contractAddress;
        require(share != address(0), "Delegation is disabled");
        IShareHooks(share).updateDelegation(enabled);
    }
}
