// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ICommonErrors} from "./ICommonErrors.sol";
import {IStakeManager} from "./external/polygon/IStakeManager.sol";

/// @title Delegator, the vault of the pool
/// @notice Holds what the pool owns, and knows where: the buffer, the stake at each validator, what is unbonding. It
/// knows no user. The asset ledger of the system.
/// @dev Amounts are POL wei (1 MATIC = 1 POL). A *position* is a validator together with the share contract that it had
/// when it was registered; positions are numbered from 1 and are what all functions take.
///
/// Warning, if false funds are at risk: a ValidatorShare's `getTotalStake` is what its sale would bring; Polygon's
/// contracts take exactly the POL that was approved, and no more.
///
/// Warning, if false funds are stuck: checkpoints go on; StakeManager has the POL that it owes.
interface IDelegator is ICommonErrors {
    /// @notice What a position is and holds.
    struct Position {
        /// The validator's share contract when it was registered. First word: read by every harvest.
        address share;
        /// Time of the last harvest that brought something, or of the registration.
        uint40 lastHarvestAt;
        /// Id of the validator in StakeManager.
        uint56 validatorId;
        /// POL wei delegated, by the ledger. Second word: read for every choice between positions.
        uint104 principal;
        /// Share of the pool that it should have, in bps.
        uint16 weightBps;
        /// Share of the pool that delegation never exceeds, in bps.
        uint16 capBps;
        /// Sales that are unbonding.
        uint32 openSlices;
        /// Time at which StakeManager was first seen to name another share contract; 0 while it names this one.
        uint40 displacedAt;
        /// Loss booked on this position and not recovered since, POL wei. Third word: read after a loss.
        uint104 writtenOff;
    }

    /// @notice One sale on its way back.
    struct Slice {
        /// Position that was sold.
        uint8 position;
        /// Unbond nonce at the share contract.
        uint64 nonce;
        /// Epoch of the sale.
        uint40 soldEpoch;
        /// Time of the first claim that failed although it was due; 0 if none did.
        uint40 failedAt;
        /// POL wei that it should bring.
        uint104 assets;
    }

    /// @notice What an upkeep call brought, for the liability ledger.
    struct Income {
        /// Rewards, POL wei.
        uint256 rewards;
        /// Each reward times the seconds over which it is to vest, summed.
        uint256 rewardSeconds;
        /// What came back of losses booked before, POL wei; no fee on it.
        uint256 recovered;
        /// Loss of delegated stake, POL wei.
        uint256 loss;
    }

    /// @notice The asset ledger, POL wei.
    struct Ledger {
        /// Held and free, in POL and in MATIC.
        uint256 buffer;
        /// The part of the buffer that is still MATIC.
        uint256 unconverted;
        /// Delegated, over all positions.
        uint256 principal;
        /// Sold and on its way, over all batches.
        uint256 unbonding;
    }

    /// @notice What Polygon's contracts and the tokens say is there, in wei.
    struct Reserves {
        /// POL of this contract.
        uint256 pol;
        /// MATIC of this contract.
        uint256 matic;
        /// Value of the shares, over all positions.
        uint256 staked;
        /// Value of the open unbonds of all batches.
        uint256 unbonding;
    }

    /// @notice A validator became a position.
    event PositionAdded(uint256 indexed position, uint256 indexed validatorId, address indexed share);
    /// @notice An empty position was given up.
    event PositionRemoved(uint256 indexed position, uint256 indexed validatorId, address indexed share);
    /// @notice Weights and caps in bps, by position, from 1 on.
    event WeightsSet(uint256[] weightsBps, uint256[] capsBps);
    /// @notice The highest commission that still gets new stake was changed (percent).
    event MaxCommissionSet(uint256 previous, uint256 current);
    /// @notice The time after which a batch no longer waits for a dead slice was changed (seconds).
    event DeadSliceTimeSet(uint256 previous, uint256 current);
    /// @notice MATIC was turned into POL.
    event Converted(uint256 assets);
    /// @notice MATIC could not be turned into POL; it stays in the buffer.
    event ConversionFailed(uint256 assets);
    /// @notice Buffer was delegated.
    event Delegated(uint256 indexed position, uint256 indexed validatorId, uint256 assets);
    /// @notice A validator was passed over although it was its turn to get stake.
    event PassedOver(uint256 indexed position, uint256 indexed validatorId);
    /// @notice Stake moved from one validator to another.
    event Migrated(uint256 indexed from, uint256 indexed to, uint256 assets);
    /// @notice Rewards of a validator came in; they vest over `period` seconds.
    event Harvested(uint256 indexed position, uint256 indexed validatorId, uint256 rewards, uint256 period);
    /// @notice A validator's rewards could not be collected.
    event HarvestFailed(uint256 indexed position, uint256 indexed validatorId);
    /// @notice Tokens that no call had accounted for came into the buffer as rewards.
    event SurplusCollected(uint256 assets);
    /// @notice Stake was sold for a batch.
    event Sold(uint256 indexed batch, uint256 indexed position, uint256 nonce, uint256 assets);
    /// @notice A sale was refused; the next validator was tried.
    event SaleFailed(uint256 indexed batch, uint256 indexed position);
    /// @notice An unbond was claimed. `received` is below `expected` if its value fell meanwhile.
    event SliceClaimed(
        uint256 indexed batch,
        uint256 indexed position,
        uint256 nonce,
        uint256 expected,
        uint256 received
    );
    /// @notice An unbond that is due could not be claimed.
    event SliceFailed(uint256 indexed batch, uint256 indexed position, uint256 nonce);
    /// @notice A position was found to be worth less than its principal.
    event LossFound(uint256 indexed position, uint256 indexed validatorId, uint256 assets);
    /// @notice A position was found to be worth more than its principal; `recovered` of it had been booked as a loss
    /// before. Both vest over 7 days, the latter without a fee.
    event SurplusFound(uint256 indexed position, uint256 indexed validatorId, uint256 rewards, uint256 recovered);
    /// @notice StakeManager names another share contract (`since` is the time of this), or this one again (`since` is
    /// 0).
    event DisplacementSeen(uint256 indexed position, uint256 indexed validatorId, uint256 since);

    /// @notice There is no such position.
    error UnknownPosition(uint256 position);
    /// @notice More positions in one call, or registered, than are allowed.
    error TooManyPositions(uint256 count, uint256 allowed);
    /// @notice StakeManager names no share contract for this id.
    error NoShareContract(uint256 validatorId);
    /// @notice Ids up to 7 have rates of two digits and are not used.
    error FoundationValidator(uint256 validatorId);
    /// @notice This share contract is a position already.
    error AlreadyRegistered(uint256 position, address share);
    /// @notice The position still has stake, a weight, or sales on their way.
    error PositionInUse(uint256 position, uint256 principal, uint256 weightBps, uint256 openSlices);
    /// @notice One weight and one cap for each position are needed.
    error WrongLength(uint256 weights, uint256 caps, uint256 expected);
    /// @notice A cap above the constitutional maximum, or below its weight.
    error ValidatorCapOutOfBounds(uint256 position, uint256 capBps, uint256 weightBps, uint256 maximumBps);
    /// @notice A removed position cannot have a weight.
    error WeightOfNothing(uint256 position, uint256 weightBps);
    /// @notice Weights must sum to 10,000.
    error WrongWeightSum(uint256 sumBps);
    /// @notice The constitutional maximum must be between 1 and 10,000 bps.
    error MaxShareOutOfBounds(uint256 bps);
    /// @notice A commission limit above 100 percent.
    error CommissionOutOfBounds(uint256 percent, uint256 maximum);
    /// @notice A time out of its bounds, in seconds.
    error DeadSliceTimeOutOfBounds(uint256 time, uint256 shortest, uint256 longest);
    /// @notice Too much MATIC waits for conversion.
    error TooMuchUnconverted(uint256 waiting, uint256 allowed);
    /// @notice There is too little free buffer, or no validator takes it.
    error NothingToDelegate(uint256 free);
    /// @notice Nothing could be moved from this position.
    error NothingToMove(uint256 from);
    /// @notice An amount of zero.
    error ZeroAmount();
    /// @notice More than the position has.
    error AbovePrincipal(uint256 position, uint256 assets, uint256 principal);
    /// @notice The move would take `from` under its target, or `to` over its target or cap.
    error BeyondTarget(uint256 from, uint256 to, uint256 assets, uint256 movable);
    /// @notice The validator takes no new stake.
    error NotAccepting(uint256 position);
    /// @notice The validator neither left nor charges more than the governed maximum.
    error NoReasonToEvacuate(uint256 position);
    /// @notice No unbond of the batch is due in this epoch.
    error BatchNotRipe(uint256 batch, uint256 epoch);
    /// @notice Too little gas is left to tell a failing contract from a call that was starved.
    error NotEnoughGas(uint256 left, uint256 needed);
    /// @notice Polygon refused to move the stake.
    error MigrationFailed(uint256 from, uint256 to, uint256 assets);

    // ---- the pool's calls: each reverts with NotPool for anyone else

    /// @notice Counts stake that the pool had sent here in this call.
    /// @dev Reverts with `TooMuchUnconverted` if MATIC waits above its limit and cannot be converted.
    /// @param assets Wei of POL, or of MATIC.
    /// @param inMatic True for MATIC.
    function credit(uint256 assets, bool inMatic) external;

    /// @notice Funds a batch: from the buffer, then by sales from the validators furthest over target.
    /// @param batch Number of the batch.
    /// @param needed POL wei that it needs.
    /// @return netted POL wei paid to the pool from the buffer.
    /// @return sold POL wei that is now unbonding for the batch.
    function fund(uint256 batch, uint256 needed) external returns (uint256 netted, uint256 sold);

    /// @notice Claims unbonds of a batch that are due and pays the pool.
    /// @dev At most `MAX_SLICES_PER_CALL`, in rotation. Reverts with `BatchNotRipe` if none is due.
    /// @param batch Number of the batch.
    /// @return received POL wei paid to the pool.
    /// @return expected POL wei that the claimed unbonds stood for.
    /// @return openSlices Unbonds still on their way.
    /// @return dead True if all of those failed although due, and the governed time has passed since the last of them
    /// first did.
    function finalize(
        uint256 batch
    ) external returns (uint256 received, uint256 expected, uint256 openSlices, bool dead);

    /// @notice Delegates up to `maxAssets` of the buffer, leaving `keep`, to the validators furthest under target.
    /// @dev Reverts with `NothingToDelegate`.
    /// @return delegated POL wei.
    function delegate(uint256 maxAssets, uint256 keep) external returns (uint256 delegated);

    /// @notice Collects the rewards of the positions, and all surplus, into the buffer.
    /// @dev Reverts with `UnknownPosition`, `TooManyPositions`; a validator that fails is passed over.
    function harvest(uint256[] calldata positions) external returns (Income memory income);

    /// @notice Collects all surplus of POL and MATIC into the buffer.
    function skim() external returns (Income memory income);

    /// @notice Compares a position with what it is worth.
    /// @dev Reverts with `UnknownPosition` alone; a read that fails books nothing.
    function sync(uint256 position) external returns (Income memory income);

    // ---- open to anyone

    /// @notice Moves stake between two validators, towards both their targets, with no unbonding.
    /// @dev Errors: `UnknownPosition`, `ZeroAmount`, `BeyondTarget`, `NotAccepting`, `MigrationFailed`.
    /// @param from Position over its target by at least `assets`.
    /// @param to Position under its target by at least `assets`.
    /// @param assets POL wei.
    function rebalance(uint256 from, uint256 to, uint256 assets) external;

    /// @notice Moves stake away from a validator that left, or whose commission is above the governed maximum, to the
    /// validators furthest under target, with no unbonding.
    /// @dev Errors: `UnknownPosition`, `ZeroAmount`, `AbovePrincipal`, `NoReasonToEvacuate`, `NothingToMove`.
    /// @param from Position to leave.
    /// @param assets POL wei to move at most.
    /// @return moved POL wei moved; at most `MAX_PLACEMENTS_PER_CALL` validators take it.
    function evacuate(uint256 from, uint256 assets) external returns (uint256 moved);

    // ---- governed: MANAGER

    /// @notice Registers the present share contract of a validator as a new position, with no weight.
    /// @dev MANAGER. Errors: `FoundationValidator`, `NoShareContract`, `AlreadyRegistered`, `TooManyPositions`.
    function addPosition(uint256 validatorId) external returns (uint256 position);

    /// @notice Gives up a position that has nothing left.
    /// @dev MANAGER. Errors: `UnknownPosition`, `PositionInUse`.
    function removePosition(uint256 position) external;

    /// @notice Sets all weights and caps, in bps, by position from 1 on.
    /// @dev MANAGER. Errors: `WrongLength`, `WeightOfNothing`, `ValidatorCapOutOfBounds`, `WrongWeightSum`.
    function setWeights(uint256[] calldata weightsBps, uint256[] calldata capsBps) external;

    /// @notice Sets the highest commission, in percent, that still gets new stake.
    /// @dev MANAGER. Errors: `CommissionOutOfBounds`.
    function setMaxCommission(uint256 percent) external;

    /// @notice Sets the time, in seconds, after which a batch no longer waits for a dead slice: 1 to 30 days.
    /// @dev MANAGER. Errors: `DeadSliceTimeOutOfBounds`.
    function setDeadSliceTime(uint256 time) external;

    // ---- views

    /// @notice Polygon's epoch.
    function epoch() external view returns (uint256);
    /// @notice The asset ledger; loops over positions and open batches.
    function ledger() external view returns (Ledger memory);
    /// @notice What is really there, recomputed from the tokens and Polygon's contracts.
    function reserves() external view returns (Reserves memory);
    /// @notice Free POL and MATIC by the ledger, wei.
    function buffer() external view returns (uint256);
    /// @notice Highest position number in use.
    function positionCount() external view returns (uint256);
    /// @notice A position by its number; zeros if there is none.
    function positionAt(uint256 position) external view returns (Position memory);
    /// @notice True if the validator would get new stake now.
    function acceptsStake(uint256 position) external view returns (bool);
    /// @notice The unbonds of a batch that are on their way.
    function slicesOf(uint256 batch) external view returns (Slice[] memory);
    /// @notice What governance set.
    /// @return maxCommission Highest commission that still gets new stake, percent.
    /// @return deadSliceTime Seconds after which a batch no longer waits for a dead slice.
    function parameters() external view returns (uint256 maxCommission, uint256 deadSliceTime);
    /// @notice Polygon's StakeManager.
    function STAKE_MANAGER() external view returns (IStakeManager);
    /// @notice Largest share of the pool that any validator can be given, bps.
    function MAX_SHARE_BPS() external view returns (uint256);
}
