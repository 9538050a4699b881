// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC7540Operator} from "./standards/IERC7540Operator.sol";
import {IERC7540Redeem} from "./standards/IERC7540Redeem.sol";

/// @title Unstaking: requests, batches, claims
/// @notice A request burns its shares, fixes its assets and joins the open batch. Anyone closes and funds batches and
/// brings their money home; the controller of a request, or its operator, claims it. There is no signature, no role and
/// no pause on the way.
/// @dev A request earns nothing from the moment it is made. It pays the assets fixed then, unless a loss is booked
/// before its batch is funded, or its own unbonding brings less; all members of a batch share that pro rata. A request
/// holds *units* of its batch: one unit is one POL wei, unless a loss was booked while the batch was open.
interface IPoolRedeems is IERC7540Operator, IERC7540Redeem {
    /// @notice Where a batch is on its way.
    enum BatchState {
        /// Not closed; takes requests.
        Open,
        /// Closed; its money is on the way.
        Closed,
        /// All of its money is here.
        Claimable,
        /// What came is here, and it is less than was asked.
        ClaimableShort,
        /// As before, and some may still come: see `claimLate`.
        ClaimableLate
    }

    /// @notice A request was made, or grew.
    /// @param requestId `(batch << 160) | controller`.
    /// @param assets POL wei fixed by it, rounded down.
    event RequestQueued(uint256 indexed requestId, uint256 assets);
    /// @notice The open batch was closed; the next number takes requests.
    /// @param batch Its number.
    /// @param units Units of its requests.
    /// @param assets POL wei that they are owed.
    /// @param epoch Polygon's epoch.
    event BatchClosed(uint256 indexed batch, uint256 units, uint256 assets, uint256 epoch);
    /// @notice A batch was funded, wholly or in part.
    /// @param batch Its number.
    /// @param netted POL wei paid from the buffer.
    /// @param sold POL wei that is now unbonding for it.
    /// @param unsold POL wei that is left to fund.
    event BatchFunded(uint256 indexed batch, uint256 netted, uint256 sold, uint256 unsold);
    /// @notice Unbonds of a batch came in.
    /// @param batch Its number.
    /// @param received POL wei that they brought.
    /// @param expected POL wei that they stood for.
    /// @param openSlices Unbonds still on their way.
    event BatchReceived(uint256 indexed batch, uint256 received, uint256 expected, uint256 openSlices);
    /// @notice The batch can be claimed: it pays `received` on `units`.
    /// @param batch Its number.
    /// @param state `Claimable`, `ClaimableShort` or `ClaimableLate`.
    /// @param units Units of its requests.
    /// @param received POL wei received for them.
    event BatchClaimable(uint256 indexed batch, BatchState state, uint256 units, uint256 received);
    /// @notice A claim was paid in MATIC; the `Withdraw` event with the same numbers precedes it.
    /// @param controller Whose requests were claimed.
    /// @param receiver Account that was paid.
    /// @param assets MATIC wei.
    event PaidInMatic(address indexed controller, address indexed receiver, uint256 assets);
    /// @notice A part of a request that came late was paid.
    /// @param requestId Id of the request.
    /// @param receiver Account that was paid.
    /// @param assets POL wei; 0 if nothing new had come.
    event LatePaid(uint256 indexed requestId, address indexed receiver, uint256 assets);

    /// @notice The caller is neither the controller nor its operator; or the request is not the one of the controller
    /// that was named.
    /// @param caller Account that called; or the controller that was named.
    /// @param controller Controller that the caller does not act for; or that the request belongs to.
    error NotController(address caller, address controller);
    /// @notice A controller did not allow the caller to file requests for it.
    /// @param controller The controller.
    /// @param caller Account that called.
    error ControllerNotConsenting(address controller, address caller);
    /// @notice More than the controller's claimable requests hold.
    /// @param controller The controller.
    /// @param asked Shares asked for by `redeem`, or assets by `withdraw`.
    /// @param claimable What there is of them.
    error InsufficientClaimable(address controller, uint256 asked, uint256 claimable);
    /// @notice The request's batch cannot be claimed yet, or nothing of the request is there (any more).
    /// @param requestId Id of the request.
    /// @param state State of its batch.
    error NothingToClaim(uint256 requestId, BatchState state);
    /// @notice More ids than one call takes.
    /// @param count Ids given.
    /// @param allowed Most ids.
    error TooManyIds(uint256 count, uint256 allowed);
    /// @notice `previewRedeem` and `previewWithdraw` have no answer (EIP-7540).
    error AsynchronousRedeem();
    /// @notice No batch can be funded, and the open one has no requests, or one was closed in this epoch already.
    /// @param openBatch Number of the open batch.
    /// @param closedEpoch Epoch in which the last batch was closed, its low 32 bits; 0 if none was.
    error NothingToSettle(uint256 openBatch, uint256 closedEpoch);
    /// @notice The batch does not wait for funding.
    /// @param batch Number given.
    /// @param fundingBatch Number of the one that does; 0 if none does.
    error NotFunding(uint256 batch, uint256 fundingBatch);
    /// @notice Nothing could be sold for the batch now.
    /// @param batch Its number.
    /// @param unsold POL wei that it needs.
    error NoProgress(uint256 batch, uint256 unsold);
    /// @notice Nothing is on its way for the batch: it is unknown or not closed (`Open`), or has all that will come.
    /// @param batch Number given.
    /// @param state Its state.
    error NotFinalizable(uint256 batch, BatchState state);
    /// @notice The open batch lost nearly all its value: it takes no more requests until `settleBatch` closes it.
    /// @param batch Its number.
    error OpenBatchWorthless(uint256 batch);

    // ---- claims: by the controller or its operator

    /// @notice Claims whole requests by their ids and pays POL.
    /// @dev The controller or its operator. Errors: `NotController`, `TooManyIds`, `NothingToClaim`, `ZeroAddress`.
    /// @param ids Request ids of the controller, at most 100.
    /// @param receiver Account to pay.
    /// @param controller Whose requests they are.
    /// @return assets POL wei paid.
    function claim(uint256[] calldata ids, address receiver, address controller) external returns (uint256 assets);

    /// @notice `claim`, paid in MATIC.
    /// @dev Errors of `claim`, and PolygonMigration's own while its lock is on or it has too little MATIC; `claim`
    /// still pays.
    /// @param ids Request ids of the controller, at most 100.
    /// @param receiver Account to pay.
    /// @param controller Whose requests they are.
    /// @return assets MATIC wei paid.
    function claimInMatic(
        uint256[] calldata ids,
        address receiver,
        address controller
    ) external returns (uint256 assets);

    /// @notice Pays what came for requests after they were claimed from a batch that was paid short, in POL.
    /// @dev The controller or its operator. Errors: `NotController`, `TooManyIds`, `ZeroAddress`. An id with nothing
    /// new pays 0.
    /// @param ids Request ids of the controller, at most 100.
    /// @param receiver Account to pay.
    /// @param controller Whose requests they were.
    /// @return assets POL wei paid, rounded down for each request.
    function claimLate(uint256[] calldata ids, address receiver, address controller) external returns (uint256 assets);

    // ---- batches: open to anyone

    /// @notice Funds the batch that waits for it; when none does any more, closes the open batch, at most once per
    /// epoch, and funds it.
    /// @dev A batch that the buffer covers is claimable at once. Errors: `NothingToSettle`, `NotEnoughGas` of the
    /// delegator.
    function settleBatch() external;

    /// @notice Sells for a batch what `settleBatch` could not, because of a validator's notice epoch or a lock.
    /// @dev Errors: `NotFunding`, `NoProgress`, `NotEnoughGas` of the delegator.
    /// @param batch Number of the batch that waits for funding.
    function continueBatch(uint256 batch) external;

    /// @notice Claims the batch's unbonds that are due; the batch turns claimable when the last is in, or when all that
    /// are left have been dead for the governed time.
    /// @dev Errors: `NotFinalizable`; `BatchNotRipe` and `NotEnoughGas` of the delegator.
    /// @param batch Number of a closed batch, or of one that was paid before its dead slices.
    function finalizeBatch(uint256 batch) external;

    // ---- views: none of them reverts, for any input; `IPoolLens` has what is computed from them

    /// @notice The owed side of the books, POL wei, and where the batches are.
    /// @return open Number of the batch that takes requests now.
    /// @return openAssets What its requests are owed.
    /// @return openUnits Their units.
    /// @return funding Number of the closed batch that is not wholly funded; 0 if there is none. There is never more
    /// than one.
    /// @return unsold What of that one is neither netted nor sold.
    /// @return sold What is unbonding, for all batches.
    function queue()
        external
        view
        returns (uint256 open, uint256 openAssets, uint256 openUnits, uint256 funding, uint256 unsold, uint256 sold);

    /// @notice A batch.
    /// @param batch Its number.
    /// @return state Where it is on its way; `Open` for an unknown one.
    /// @return units Units of its requests; once it can be claimed short, of those that were not touched.
    /// @return received POL wei received for it; once it can be claimed short, for those that were not touched.
    function batchOf(uint256 batch) external view returns (BatchState state, uint256 units, uint256 received);

    /// @notice A request; zeros if there is none.
    /// @param requestId Id of the request.
    /// @return shares Shares of it that were not claimed.
    /// @return assets Its units; POL wei once it was touched in a batch that was paid short, or where no loss met the
    /// batch.
    /// @return touched True if `assets` are POL wei for good.
    function requestOf(uint256 requestId) external view returns (uint256 shares, uint256 assets, bool touched);

    /// @notice All requests of a controller that were not wholly claimed.
    /// @param controller The controller.
    /// @return ids Their ids, oldest first.
    function requestsOf(address controller) external view returns (uint256[] memory ids);

    /// @notice What `claimLate` would pay for a request, rounded down.
    /// @param requestId Id of the request.
    /// @return assets POL wei.
    function lateAssetsOf(uint256 requestId) external view returns (uint256 assets);
}
