// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Polygon's StakeManager, as a delegator sees it
/// @notice The one contract that holds every POL staked on Polygon: validators' own stakes, delegations, amounts that
/// are unbonding, and reward money, all in a single balance. It is the spender that delegators approve; the
/// ValidatorShare contracts hold no tokens.
/// @dev Units: amounts are POL wei (18 decimals), an epoch is one accepted checkpoint (no fixed duration),
/// commission is in whole percent. The contracts behind this interface are compiled with Solidity 0.5: they revert
/// with `Error(string)` or without any data, never with custom errors of their own.
///
/// Warning: everything here can be changed by Polygon's governance: delay, epoch, rewards, code, and the share contract
/// of a validator. Read values at the time of use.
interface IStakeManager {
    /// @notice Life cycle of a validator.
    /// @dev `Locked` is left over from slashing and is not entered any more. A validator that has announced to unstake
    /// stays `Active` (with `deactivationEpoch` set) until it has claimed its own stake, then becomes `Unstaked`.
    enum Status {
        Inactive,
        Active,
        Locked,
        Unstaked
    }

    /// @notice A validator's record, in the order of the 13 words that `validators(id)` returns.
    struct Validator {
        /// Own stake of the validator.
        uint256 amount;
        /// Own reward, stored PLUS ONE wei and without what is still pending: use `validatorReward(id)`.
        uint256 reward;
        /// Epoch in which the validator joined.
        uint256 activationEpoch;
        /// First epoch in which the validator is out of the set; 0 while it has not announced to leave.
        uint256 deactivationEpoch;
        /// Left over from slashing.
        uint256 jailTime;
        /// Key that signs checkpoints and switches delegation on and off; zero once the validator claimed its stake.
        address signer;
        /// ValidatorShare contract, or zero if the validator accepts no delegation.
        address contractAddress;
        /// See `Status`.
        Status status;
        /// Percent of the delegators' rewards that the validator keeps, 0 to 100.
        uint256 commissionRate;
        /// Epoch of the last change of the commission; 0 if it never changed.
        uint256 lastCommissionUpdate;
        /// Delegators' reward, stored PLUS ONE wei and without what is still pending: use `delegatorsReward(id)`.
        uint256 delegatorsReward;
        /// All POL delegated to the validator.
        uint256 delegatedAmount;
        /// Value of the global reward accumulator (10^25 = 1 POL per POL) up to which the validator was settled.
        uint256 initialRewardPerStake;
    }

    /// @notice Moves `amount` of the caller's delegation from one validator to another at once: no unbonding, no delay,
    /// no token movement.
    /// @dev Pays the caller's outstanding rewards on BOTH validators to it, in POL. Emits the events of an exit and
    /// a buy (ShareBurned, DelegatorUnstaked, ShareMinted), from StakingInfo.
    ///
    /// Reverts with "Invalid migration" if `toValidatorId` <= 7, "Migrating too much" above the caller's stake,
    /// "unstaking" while the source leaves in the next epoch, "locked" / "Delegation is disabled" / "Ongoing exit"
    /// for the target, and without data if either id has no share contract.
    /// @param fromValidatorId Validator to leave; may be locked or have delegation switched off.
    /// @param toValidatorId Validator to join.
    /// @param amount POL wei to move; 0 is accepted and still pays the rewards.
    function migrateDelegation(uint256 fromValidatorId, uint256 toValidatorId, uint256 amount) external;

    /// @notice Number of the current epoch: checkpoints accepted so far, plus one. Governance can set it to any value.
    function epoch() external view returns (uint256);

    /// @notice Unbonding delay in epochs.
    /// @dev Warning: it is not stored with an unbond. A change applies to running unbonds at once, in both directions.
    function withdrawalDelay() external view returns (uint256);

    /// @notice Global switch. While false no delegation of more than 0 is accepted; sales and claims go on.
    function delegationEnabled() external view returns (bool);

    /// @notice The record of a validator; all zeros if the id never existed.
    /// @param validatorId Id of the validator.
    /// @return validator The 13 words of its record.
    function validators(uint256 validatorId) external view returns (Validator memory validator);

    /// @notice ValidatorShare contract of a validator; zero if it has none or if the id is unknown.
    /// @dev Warning: governance can replace it (`updateValidatorContractAddress`), so a remembered address can go
    /// stale.
    /// @param validatorId Id of the validator.
    /// @return shareContract Its share contract, or zero.
    function getValidatorContract(uint256 validatorId) external view returns (address shareContract);

    /// @notice True while the validator has own stake, is active, and has not yet left the set.
    /// @dev Says nothing about delegation: see `IValidatorShare.locked`, `IValidatorShare.delegation` and
    /// `delegationEnabled`.
    /// @param validatorId Id of the validator.
    function isValidator(uint256 validatorId) external view returns (bool);

    /// @notice POL wei delegated to a validator. Remains after the validator has left, until the delegators do.
    /// @param validatorId Id of the validator.
    function delegatedAmount(uint256 validatorId) external view returns (uint256);

    /// @notice POL wei that the validator itself has staked.
    /// @param validatorId Id of the validator.
    function validatorStake(uint256 validatorId) external view returns (uint256);

    /// @notice Rewards of all delegators of a validator that its share contract has not collected yet, in POL wei.
    /// @dev Includes everything up to the last checkpoint. Reverts without data for an id that never existed.
    /// @param validatorId Id of the validator.
    function delegatorsReward(uint256 validatorId) external view returns (uint256);

    /// @notice Reward of the validator itself that it has not withdrawn yet, in POL wei.
    /// @dev Includes everything up to the last checkpoint. Reverts without data for an id that never existed.
    /// @param validatorId Id of the validator.
    function validatorReward(uint256 validatorId) external view returns (uint256);

    /// @notice Own stakes and delegations of all active validators, in POL wei.
    function currentValidatorSetTotalStake() external view returns (uint256);

    /// @notice The POL token.
    function token() external view returns (address);

    /// @notice The MATIC token.
    function tokenMatic() external view returns (address);

    /// @notice The contract that converts MATIC to POL and back: see `IPolygonMigration`.
    function migration() external view returns (address);

    /// @notice Polygon's registry of contract addresses.
    function getRegistry() external view returns (address);
}
