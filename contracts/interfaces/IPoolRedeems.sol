// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC7540Operator} from "./standards/IERC7540Operator.sol";
import {IERC7540Redeem} from "./standards/IERC7540Redeem.sol";

/// @title Unstaking: requests, batches, claims
/// @notice A request burns its shares, fixes its assets and joins the open batch. Anyone closes and funds batches and
/// brings their money home; the controller of a request, or its operator, claims it. There is no signature, no role and
/// no pause on the way.
/// @dev A request earns nothing from the moment it is made. It pays the assets fixed then, unless a loss is booked
/// before its batch is funded, or its own unbonding brings less; all members of a batch share that pro rata.
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

    /// @notice A request was made, or grew, by these assets.
    event RequestQueued(uint256 indexed requestId, uint256 assets);
    /// @notice The open batch was closed in `epoch`.
    event BatchClosed(uint256 indexed batch, uint256 units, uint256 assets, uint256 epoch);
    /// @notice A batch was funded: from the buffer, by sales; `unsold` POL wei are left to fund.
    event BatchFunded(uint256 indexed batch, uint256 netted, uint256 sold, uint256 unsold);
    /// @notice Unbonds of a batch came in; `openSlices` are left.
    event BatchReceived(uint256 indexed batch, uint256 received, uint256 expected, uint256 openSlices);
    /// @notice The batch can be claimed: it pays `received` on `units`.
    event BatchClaimable(uint256 indexed batch, BatchState state, uint256 units, uint256 received);
    /// @notice A claim was paid in MATIC; the `Withdraw` event with the same numbers precedes it.
    event PaidInMatic(address indexed controller, address indexed receiver, uint256 assets);
    /// @notice A part of a request that came late was paid.
    event LatePaid(uint256 indexed requestId, address indexed receiver, uint256 assets);

    /// @notice `caller` is neither the controller nor its operator; or the request is not the one of the controller
    /// that was named.
    error NotController(address caller, address controller);
    /// @notice `controller` did not allow the caller to file requests for it.
    error ControllerNotConsenting(address controller, address caller);
    /// @notice More than the controller's claimable requests hold, in shares or in assets.
    error InsufficientClaimable(address controller, uint256 asked, uint256 claimable);
    /// @notice The request's batch cannot be claimed yet, or nothing of the request is there (any more).
    error NothingToClaim(uint256 requestId, BatchState state);
    /// @notice More ids than one call takes.
    error TooManyIds(uint256 count, uint256 allowed);
    /// @notice `previewRedeem` and `previewWithdraw` have no answer (EIP-7540).
    error AsynchronousRedeem();
    /// @notice No batch can be funded, and the open one has no requests, or one was closed in this epoch already.
    error NothingToSettle(uint256 openBatch, uint256 closedEpoch);
    /// @notice The batch does not wait for funding.
    error NotFunding(uint256 batch, uint256 fundingBatch);
    /// @notice Nothing could be sold for the batch now.
    error NoProgress(uint256 batch, uint256 unsold);
    /// @notice Nothing is on its way for the batch: it is unknown, not closed (state `Open`), or has all that will
    /// come.
    error NotFinalizable(uint256 batch, BatchState state);
    /// @notice The open batch lost nearly all its value: it takes no more requests until `settleBatch` closes it.
    error OpenBatchWorthless(uint256 batch);

    // ---- claims: by the controller or its operator

    /// @notice Claims whole requests by their ids and pays POL.
    /// @dev Errors: `NotController`, `TooManyIds`, `NothingToClaim`, `ZeroAddress`.
    /// @param ids Request ids of the controller, at most `MAX_IDS_PER_CALL`.
    /// @param receiver Account to pay.
    /// @param controller Whose requests they are.
    /// @return assets POL wei paid.
    function claim(uint256[] calldata ids, address receiver, address controller) external returns (uint256 assets);

    /// @notice `claim`, paid in MATIC.
    /// @dev Errors of `claim`, and PolygonMigration's own while its lock is on; then `claim` pays in POL.
    function claimInMatic(
        uint256[] calldata ids,
        address receiver,
        address controller
    ) external returns (uint256 assets);

    /// @notice Pays what came for requests after they were claimed from a batch that was paid short, in POL.
    /// @dev Errors: `NotController`, `TooManyIds`, `ZeroAddress`. An id with nothing new pays 0.
    /// @return assets POL wei paid.
    function claimLate(uint256[] calldata ids, address receiver, address controller) external returns (uint256 assets);

    // ---- batches: open to anyone

    /// @notice Funds the batch that waits for it; when none does, closes the open batch, at most once per epoch, and
    /// funds it.
    /// @dev A batch that the buffer covers is claimable at once. Error: `NothingToSettle`.
    function settleBatch() external;

    /// @notice Sells for a batch what `settleBatch` could not, because of a validator's notice epoch or a lock.
    /// @dev Errors: `NotFunding`, `NoProgress`.
    function continueBatch(uint256 batch) external;

    /// @notice Claims the batch's unbonds that are due; the batch turns claimable when the last is in, or when all that
    /// are left have been dead for the governed time.
    /// @dev Errors: `UnknownBatch`, `AlreadyFinalized`, and `BatchNotRipe` of the delegator.
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

    /// @notice A batch that was closed.
    /// @return state Where it is on its way.
    /// @return units Units of its requests; once it can be claimed short, of those that were not touched.
    /// @return received POL wei received for it; once it can be claimed short, for those that were not touched.
    function batchOf(uint256 batch) external view returns (BatchState state, uint256 units, uint256 received);

    /// @notice A request.
    /// @return shares Shares of it that were not claimed.
    /// @return assets Its units; POL wei once it was touched in a batch that was paid short, or where no loss met the
    /// batch.
    /// @return touched True if `assets` are POL wei for good.
    function requestOf(uint256 requestId) external view returns (uint256 shares, uint256 assets, bool touched);

    /// @notice Ids of all requests of a controller that were not wholly claimed, oldest first.
    function requestsOf(address controller) external view returns (uint256[] memory ids);

    /// @notice POL wei that `claimLate` would pay for the request.
    function lateAssetsOf(uint256 requestId) external view returns (uint256 assets);
}
