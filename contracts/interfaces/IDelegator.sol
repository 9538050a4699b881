// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ICommonErrors} from "./ICommonErrors.sol";
import {IStakeManager} from "./external/polygon/IStakeManager.sol";

/// @title Delegator, the vault of the pool
/// @notice Holds what the pool owns, and knows where: the buffer, the stake at each validator, what is unbonding. It
/// knows no user. The asset ledger of the system.
/// @dev Amounts are POL wei (1 MATIC = 1 POL). A *position* is a validator together with the share contract that it had
/// when it was registered; positions are numbered from 1 and are what all functions take. An unbond at a share contract
/// that is on its way is a *slice* of the batch that it was sold for.
///
/// Functions marked MANAGER revert with OpenZeppelin's `AccessManagedUnauthorized` or `AccessManagedRequiredDelay` for
/// anyone else. Every function that calls a validator reverts with `NotEnoughGas` rather than take a starved call for a
/// refusal.
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
    /// @param position Its number.
    /// @param validatorId Id of the validator in StakeManager.
    /// @param share Share contract that the position stays with.
    event PositionAdded(uint256 indexed position, uint256 indexed validatorId, address indexed share);
    /// @notice An empty position was given up; the next new one takes its number.
    /// @param position Its number.
    /// @param validatorId Id of the validator in StakeManager.
    /// @param share Share contract that it had.
    event PositionRemoved(uint256 indexed position, uint256 indexed validatorId, address indexed share);
    /// @notice All weights and caps were set.
    /// @param weightsBps Share of the pool that each position should have, bps; position 1 first.
    /// @param capsBps Share of the pool that delegation to it never exceeds, bps; position 1 first.
    event WeightsSet(uint256[] weightsBps, uint256[] capsBps);
    /// @notice The highest commission that still gets new stake was changed.
    /// @param previous The old one, percent.
    /// @param current The new one, percent.
    event MaxCommissionSet(uint256 previous, uint256 current);
    /// @notice The time after which a batch no longer waits for a dead slice was changed.
    /// @param previous The old one, seconds.
    /// @param current The new one, seconds.
    event DeadSliceTimeSet(uint256 previous, uint256 current);
    /// @notice MATIC was turned into POL.
    /// @param assets Wei of MATIC given and of POL received.
    event Converted(uint256 assets);
    /// @notice MATIC could not be turned into POL; it stays in the buffer and is tried again by later calls.
    /// @param assets MATIC wei.
    event ConversionFailed(uint256 assets);
    /// @notice Buffer was delegated.
    /// @param position Position that got it.
    /// @param validatorId Its validator.
    /// @param assets POL wei.
    event Delegated(uint256 indexed position, uint256 indexed validatorId, uint256 assets);
    /// @notice A validator was passed over although it was its turn to get stake: it takes none, or the call to it
    /// failed.
    /// @param position Its position.
    /// @param validatorId The validator.
    event PassedOver(uint256 indexed position, uint256 indexed validatorId);
    /// @notice Stake moved from one validator to another.
    /// @param from Position that gave it.
    /// @param to Position that got it.
    /// @param assets POL wei.
    event Migrated(uint256 indexed from, uint256 indexed to, uint256 assets);
    /// @notice Rewards of a validator came in.
    /// @param position Its position.
    /// @param validatorId The validator.
    /// @param rewards POL wei, the pool's fee included.
    /// @param period Seconds over which they are to vest: the time since the last harvest that brought something, 1 to
    /// 7 days.
    event Harvested(uint256 indexed position, uint256 indexed validatorId, uint256 rewards, uint256 period);
    /// @notice A validator's rewards could not be collected; nothing was booked.
    /// @param position Its position.
    /// @param validatorId The validator.
    event HarvestFailed(uint256 indexed position, uint256 indexed validatorId);
    /// @notice Tokens that no call had accounted for came into the buffer, as rewards.
    /// @param assets Wei of POL and MATIC together.
    event SurplusCollected(uint256 assets);
    /// @notice Stake was sold for a batch.
    /// @param batch Batch that it was sold for.
    /// @param position Position that was sold.
    /// @param nonce Unbond nonce at its share contract.
    /// @param assets POL wei that the unbond should bring.
    event Sold(uint256 indexed batch, uint256 indexed position, uint256 nonce, uint256 assets);
    /// @notice A sale was refused, or there was nothing to sell; the next validator was tried.
    /// @param batch Batch that needed it.
    /// @param position Position that refused.
    event SaleFailed(uint256 indexed batch, uint256 indexed position);
    /// @notice An unbond was claimed.
    /// @param batch Batch that it was sold for.
    /// @param position Position that was sold.
    /// @param nonce Unbond nonce at its share contract.
    /// @param expected POL wei that it stood for.
    /// @param received POL wei that it brought; below `expected` if its value fell meanwhile.
    event SliceClaimed(
        uint256 indexed batch,
        uint256 indexed position,
        uint256 nonce,
        uint256 expected,
        uint256 received
    );
    /// @notice An unbond that is due could not be claimed; later calls try it again.
    /// @param batch Batch that it was sold for.
    /// @param position Position that was sold.
    /// @param nonce Unbond nonce at its share contract.
    event SliceFailed(uint256 indexed batch, uint256 indexed position, uint256 nonce);
    /// @notice A position was found to be worth less than its principal, or its share contract stayed replaced for 30
    /// days.
    /// @param position The position.
    /// @param validatorId Its validator.
    /// @param assets POL wei taken off its principal.
    event LossFound(uint256 indexed position, uint256 indexed validatorId, uint256 assets);
    /// @notice A position was found to be worth more than its principal. The surplus vests over 7 days.
    /// @param position The position.
    /// @param validatorId Its validator.
    /// @param rewards POL wei of it that are a reward, the pool's fee included.
    /// @param recovered POL wei of it that had been booked as a loss before; no fee is taken on them.
    event SurplusFound(uint256 indexed position, uint256 indexed validatorId, uint256 rewards, uint256 recovered);
    /// @notice StakeManager was seen to name another share contract for the validator, or this position's again.
    /// @param position The position.
    /// @param validatorId Its validator.
    /// @param since Time at which the other one was first seen; 0 if this position's is named again.
    event DisplacementSeen(uint256 indexed position, uint256 indexed validatorId, uint256 since);

    /// @notice There is no such position.
    /// @param position Number that was asked for.
    error UnknownPosition(uint256 position);
    /// @notice More positions in one call, or registered, than are allowed.
    /// @param count Positions there would be.
    /// @param allowed Highest number of them.
    error TooManyPositions(uint256 count, uint256 allowed);
    /// @notice StakeManager names no share contract for this validator.
    /// @param validatorId The validator.
    error NoShareContract(uint256 validatorId);
    /// @notice Validators with ids up to 7 count their rate with two digits alone and are not used.
    /// @param validatorId The validator.
    error FoundationValidator(uint256 validatorId);
    /// @notice This share contract is a position already.
    /// @param position The position.
    /// @param share The share contract.
    error AlreadyRegistered(uint256 position, address share);
    /// @notice The position still has stake, a weight, or sales on their way.
    /// @param position The position.
    /// @param principal Its stake, POL wei.
    /// @param weightBps Its weight, bps.
    /// @param openSlices Its unbonds on their way.
    error PositionInUse(uint256 position, uint256 principal, uint256 weightBps, uint256 openSlices);
    /// @notice One weight and one cap for each position are needed.
    /// @param weights Weights given.
    /// @param caps Caps given.
    /// @param expected Positions there are.
    error WrongLength(uint256 weights, uint256 caps, uint256 expected);
    /// @notice A cap above the constitutional maximum, or below its weight.
    /// @param position Position that it was given to.
    /// @param capBps The cap, bps.
    /// @param weightBps The weight, bps.
    /// @param maximumBps The constitutional maximum, bps.
    error ValidatorCapOutOfBounds(uint256 position, uint256 capBps, uint256 weightBps, uint256 maximumBps);
    /// @notice A removed position can have neither a weight nor a cap.
    /// @param position The position.
    /// @param weightBps Weight that it was given, bps.
    error WeightOfNothing(uint256 position, uint256 weightBps);
    /// @notice The weights do not sum to 10,000 bps.
    /// @param sumBps Their sum, bps.
    error WrongWeightSum(uint256 sumBps);
    /// @notice The constitutional maximum is not between 1 and 10,000 bps.
    /// @param bps The maximum, bps.
    error MaxShareOutOfBounds(uint256 bps);
    /// @notice A commission limit that is no percentage.
    /// @param percent The limit, percent.
    /// @param maximum Highest limit, percent.
    error CommissionOutOfBounds(uint256 percent, uint256 maximum);
    /// @notice A time out of its bounds.
    /// @param time The time, seconds.
    /// @param shortest Shortest time, seconds.
    /// @param longest Longest time, seconds.
    error DeadSliceTimeOutOfBounds(uint256 time, uint256 shortest, uint256 longest);
    /// @notice Too much MATIC waits for conversion, which Polygon refuses now.
    /// @param waiting What would wait, MATIC wei.
    /// @param allowed Most that may wait, MATIC wei.
    error TooMuchUnconverted(uint256 waiting, uint256 allowed);
    /// @notice There is too little free buffer, or no validator takes it.
    /// @param free Free buffer, POL wei.
    error NothingToDelegate(uint256 free);
    /// @notice No other validator takes stake of this position.
    /// @param from The position.
    error NothingToMove(uint256 from);
    /// @notice An amount of zero.
    error ZeroAmount();
    /// @notice Any move would take `from` under its target, or `to` over its own.
    /// @param from Position to take from.
    /// @param to Position to give to.
    error BeyondTarget(uint256 from, uint256 to);
    /// @notice The validator takes no new stake: see `acceptsStake`.
    /// @param position Its position.
    error NotAccepting(uint256 position);
    /// @notice The validator neither left nor charges more than the governed maximum; or StakeManager names another
    /// share contract for it.
    /// @param position Its position.
    error NoReasonToEvacuate(uint256 position);
    /// @notice No unbond of the batch is due in this epoch.
    /// @param batch The batch.
    /// @param epoch Polygon's epoch.
    error BatchNotRipe(uint256 batch, uint256 epoch);
    /// @notice Too little gas is left to tell a failing contract from a call that was starved: send more.
    /// @param left Gas left before the call.
    /// @param needed Gas that must be left then.
    error NotEnoughGas(uint256 left, uint256 needed);
    /// @notice StakeManager names another share contract for the position's validator.
    /// @param position Number of the position.
    /// @param named The share contract that StakeManager names.
    error Displaced(uint256 position, address named);
    /// @notice Polygon refused to move the stake.
    /// @param from Position to take from.
    /// @param to Position to give to.
    /// @param assets Amount asked for, POL wei.
    error MigrationFailed(uint256 from, uint256 to, uint256 assets);

    // ---- the pool's calls: each reverts with NotPool for anyone else

    /// @notice Counts stake that the pool had sent here in this call.
    /// @dev Errors: `NotPool`, and `TooMuchUnconverted` if MATIC waits above its limit and cannot be converted.
    /// @param assets Wei of POL, or of MATIC.
    /// @param inMatic True for MATIC.
    function credit(uint256 assets, bool inMatic) external;

    /// @notice Funds a batch: from the buffer, then by sales from the validators furthest over target.
    /// @dev Errors: `NotPool`, `NotEnoughGas`. A validator that refuses is passed over; at most `MAX_SALES_PER_CALL`
    /// sales.
    /// @param batch Number of the batch.
    /// @param needed POL wei that it needs.
    /// @return netted POL wei paid to the pool from the buffer.
    /// @return sold POL wei that is now unbonding for the batch.
    function fund(uint256 batch, uint256 needed) external returns (uint256 netted, uint256 sold);

    /// @notice Claims unbonds of a batch that are due and pays the pool.
    /// @dev At most `MAX_SLICES_PER_CALL`, in rotation. Errors: `NotPool`, `NotEnoughGas`, and `BatchNotRipe` if none
    /// is due.
    /// @param batch Number of the batch.
    /// @return received POL wei paid to the pool.
    /// @return expected POL wei that the claimed unbonds stood for.
    /// @return openSlices Unbonds still on their way.
    /// @return dead True if all of those failed although due, and the governed time has passed since the last of them
    /// first did.
    function finalize(
        uint256 batch
    ) external returns (uint256 received, uint256 expected, uint256 openSlices, bool dead);

    /// @notice Delegates buffer to the validators furthest under target.
    /// @dev Errors: `NotPool`, `NotEnoughGas`, `NothingToDelegate`. A validator that refuses leaves its weight to the
    /// others.
    /// @param maxAssets POL wei to delegate at most.
    /// @param keep POL wei of the buffer that must stay.
    /// @return delegated POL wei delegated; at most `MAX_PLACEMENTS_PER_CALL` validators take it.
    function delegate(uint256 maxAssets, uint256 keep) external returns (uint256 delegated);

    /// @notice Collects the rewards of positions, and all surplus, into the buffer.
    /// @dev Errors: `NotPool`, `UnknownPosition`, `TooManyPositions`, `NotEnoughGas`. A validator that fails is passed
    /// over.
    /// @param positions Position numbers; none stand for all.
    /// @return income What came in.
    function harvest(uint256[] calldata positions) external returns (Income memory income);

    /// @notice Collects all surplus of POL and MATIC into the buffer.
    /// @dev Errors: `NotPool`, `NotEnoughGas`.
    /// @return income What came in.
    function skim() external returns (Income memory income);

    /// @notice Compares a position with what it is worth and books the difference.
    /// @dev Errors: `NotPool`, `UnknownPosition`, `NotEnoughGas`. A read that fails books nothing.
    /// @param position Position number.
    /// @return income Loss, reward or recovery that was found.
    function sync(uint256 position) external returns (Income memory income);

    // ---- open to anyone

    /// @notice Moves stake between two validators, towards both their targets, with no unbonding.
    /// @dev Open to anyone. Errors: `UnknownPosition`, `ZeroAmount`, `Displaced`, `BeyondTarget`, `NotAccepting`,
    /// `MigrationFailed`, `NotEnoughGas`.
    /// @param from Position over its target.
    /// @param to Position under its target.
    /// @param assets POL wei to move at most: neither crosses its target.
    /// @return moved POL wei moved.
    function rebalance(uint256 from, uint256 to, uint256 assets) external returns (uint256 moved);

    /// @notice Moves stake away from a validator that left, or whose commission is above the governed maximum, to the
    /// validators furthest under target, with no unbonding.
    /// @dev Open to anyone. Errors: `UnknownPosition`, `ZeroAmount`, `NoReasonToEvacuate`, `NothingToMove`,
    /// `NotEnoughGas`.
    /// @param from Position to leave.
    /// @param assets POL wei to move at most.
    /// @return moved POL wei moved; at most `MAX_PLACEMENTS_PER_CALL` validators take it.
    function evacuate(uint256 from, uint256 assets) external returns (uint256 moved);

    // ---- governed: MANAGER

    /// @notice Registers the present share contract of a validator as a new position, with no weight.
    /// @dev MANAGER. Errors: `FoundationValidator`, `NoShareContract`, `AlreadyRegistered`, `TooManyPositions`, and
    /// `PositionInUse` while an older position of the validator has stake.
    /// @param validatorId Id of the validator in StakeManager, 8 or more.
    /// @return position Its number: the lowest that is free.
    function addPosition(uint256 validatorId) external returns (uint256 position);

    /// @notice Gives up a position that has nothing left.
    /// @dev MANAGER. Errors: `UnknownPosition`, `PositionInUse`.
    /// @param position Position number.
    function removePosition(uint256 position) external;

    /// @notice Sets all weights and caps.
    /// @dev MANAGER. Errors: `WrongLength`, `WeightOfNothing`, `ValidatorCapOutOfBounds`, `WrongWeightSum`. Moves no
    /// stake.
    /// @param weightsBps Share of the pool that each position should have, bps; position 1 first; they sum to 10,000.
    /// @param capsBps Share of the pool that delegation to it never exceeds, bps; from its weight to `MAX_SHARE_BPS`.
    function setWeights(uint256[] calldata weightsBps, uint256[] calldata capsBps) external;

    /// @notice Sets the highest commission that still gets new stake; above it anyone may `evacuate`.
    /// @dev MANAGER. Error: `CommissionOutOfBounds`.
    /// @param percent The commission, percent, at most 100.
    function setMaxCommission(uint256 percent) external;

    /// @notice Sets the time after which a batch no longer waits for a dead slice.
    /// @dev MANAGER. Error: `DeadSliceTimeOutOfBounds`.
    /// @param time Seconds, 1 to 30 days.
    function setDeadSliceTime(uint256 time) external;

    // ---- views

    /// @notice Polygon's epoch, which every checkpoint raises by one.
    function epoch() external view returns (uint256);
    /// @notice The asset ledger. Loops over positions.
    function ledger() external view returns (Ledger memory);
    /// @notice What is really there, recomputed from the tokens and Polygon's contracts. Loops over positions and open
    /// batches: for callers outside of a transaction.
    function reserves() external view returns (Reserves memory);
    /// @notice Free POL and MATIC by the ledger, wei.
    function buffer() external view returns (uint256);
    /// @notice Highest position number that was ever in use.
    function positionCount() external view returns (uint256);
    /// @notice A position by its number; zeros if there is none.
    /// @param position Position number.
    function positionAt(uint256 position) external view returns (Position memory);
    /// @notice Losses booked on a validator's positions, of all times, that have not come back: as much surplus on any
    /// of its positions is a recovery.
    /// @param validatorId Id of the validator in StakeManager.
    /// @return assets POL wei.
    function writtenOffOf(uint256 validatorId) external view returns (uint256 assets);
    /// @notice True if the validator would get new stake now: it is active and not leaving, its commission is within
    /// the governed maximum, StakeManager names the position's share contract, which is open, and its rate is exactly
    /// 1.
    /// @dev Errors: `UnknownPosition`, `NotEnoughGas`.
    /// @param position Position number.
    function acceptsStake(uint256 position) external view returns (bool);
    /// @notice The unbonds of a batch that are on their way; none for an unknown batch.
    /// @param batch Batch number.
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
