// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {EventsHub} from "../logs/EventsHub.sol";
import {StakingInfo} from "../logs/StakingInfo.sol";
import {LegacyMath} from "../math/LegacyMath.sol";
import {Governable} from "../registry/Governable.sol";
import {Registry} from "../registry/Registry.sol";
import {StakingNFT} from "../registry/StakingNFT.sol";
import {ValidatorShareFactory} from "../share/ValidatorShareFactory.sol";
import {IDelegationDesk} from "./IDelegationDesk.sol";

/// @title State of the StakeManager and its plain views
/// @notice The storage that all parts of the manager share, and what can be read of it as it stands.
abstract contract StakeManagerState is IDelegationDesk, Governable {
    using LegacyMath for uint256;

    /// Own and delegated stake of the active validators, and their number.
    struct Totals {
        uint256 amount;
        uint256 stakerCount;
    }

    /// What leaves the totals when an epoch begins.
    struct Leaving {
        uint256 amount;
        uint256 stakerCount;
    }

    uint256 internal constant MAX_PERCENT = 100;
    /// Rewards are stored with this added, so that their slots are never cleared.
    uint256 internal constant INITIALIZED_AMOUNT = 1;
    uint256 internal constant REWARD_PRECISION = 10 ** 25;

    address public rootChain;
    bool public locked;

    address public token;
    address public registry;
    StakingInfo public logger;
    StakingNFT public NFTContract;
    ValidatorShareFactory public validatorShareFactory;
    uint256 public withdrawalDelay;
    uint256 public epoch;
    uint256 public dynasty;
    uint256 public CHECKPOINT_REWARD;
    uint256 public checkPointBlockInterval;
    uint256 public totalStaked;
    uint256 public totalRewardsLiquidated;
    uint256 public proposerBonus;
    bool public delegationEnabled;
    mapping(uint256 validatorId => Validator record) internal _validators;
    mapping(address signer => uint256 validatorId) public signerToValidator;
    Totals public validatorState;
    mapping(uint256 epoch => Leaving leaving) internal _leaving;
    uint256 public totalHeimdallFee;

    /// @notice Reward per staked POL since the beginning, 10^25 = 1.0.
    uint256 public rewardPerStake;
    uint256 public prevBlockInterval;
    uint256 public rewardDecreasePerCheckpoint;
    uint256 public maxRewardedCheckpoints;
    uint256 public checkpointRewardDelta;
    EventsHub public eventsHub;
    address public migration;
    address public tokenMatic;

    /// Validators that have not announced to leave, lowest id first.
    uint256[] internal _stayingIds;

    modifier onlyWhenUnlocked() {
        require(!locked, "locked");
        _;
    }

    modifier onlyStaker(uint256 validatorId) {
        require(ownerOf(validatorId) == msg.sender);
        _;
    }

    modifier onlyDelegation(uint256 validatorId) {
        require(_validators[validatorId].contractAddress == msg.sender, "Invalid contract address");
        _;
    }

    function validators(uint256 validatorId) external view returns (Validator memory) {
        return _validators[validatorId];
    }

    function getValidatorContract(uint256 validatorId) external view returns (address) {
        return _validators[validatorId].contractAddress;
    }

    function delegatedAmount(uint256 validatorId) external view returns (uint256) {
        return _validators[validatorId].delegatedAmount;
    }

    function validatorStake(uint256 validatorId) external view returns (uint256) {
        return _validators[validatorId].amount;
    }

    function currentValidatorSetSize() external view returns (uint256) {
        return validatorState.stakerCount;
    }

    function currentValidatorSetTotalStake() external view returns (uint256) {
        return validatorState.amount;
    }

    function getRegistry() external view returns (address) {
        return registry;
    }

    function isValidator(uint256 validatorId) public view returns (bool) {
        Validator storage record = _validators[validatorId];
        uint256 deactivationEpoch = record.deactivationEpoch;
        return
            record.amount > 0 &&
            (deactivationEpoch == 0 || deactivationEpoch > epoch) &&
            record.status == Status.Active;
    }

    /// @notice Owner of a validator; reverts without data once it has claimed its stake.
    function ownerOf(uint256 validatorId) public view returns (address) {
        return NFTContract.ownerOf(validatorId);
    }

    function _addToTotals(uint256 amount, uint256 stakerCount) internal {
        if (amount > 0) validatorState.amount = validatorState.amount.add(amount);
        if (stakerCount > 0) validatorState.stakerCount = validatorState.stakerCount.add(stakerCount);
    }

    function _takeFromTotals(uint256 amount, uint256 stakerCount) internal {
        if (amount > 0) validatorState.amount = validatorState.amount.sub(amount);
        if (stakerCount > 0) validatorState.stakerCount = validatorState.stakerCount.sub(stakerCount);
    }

    function _hub() internal returns (EventsHub hub) {
        hub = eventsHub;
        if (address(hub) == address(0)) {
            hub = EventsHub(Registry(registry).contractMap(keccak256("eventsHub")));
            eventsHub = hub;
        }
    }
}
