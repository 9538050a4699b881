// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPoolRedeems} from "./IPoolRedeems.sol";

/// @title Answers computed from the pool's and the delegator's state
/// @notice For front ends, wallets and keepers. Reads only; nothing depends on it. Amounts are POL wei, rounded down.
interface IPoolLens {
    /// @notice Both ledgers. `totalPooled + totalOwed == reserved + buffer + principal + unbonding`, always.
    struct Books {
        /// Belongs to the holders of shares, vested or not.
        uint256 totalPooled;
        /// Belongs to requests that have not been paid.
        uint256 totalOwed;
        /// Held by the pool for claimable batches.
        uint256 reserved;
        /// Held by the delegator and free.
        uint256 buffer;
        /// Delegated.
        uint256 principal;
        /// Sold and on its way.
        uint256 unbonding;
    }

    /// @notice A request as its controller sees it.
    struct RequestView {
        /// Its id.
        uint256 requestId;
        /// Its batch.
        uint256 batch;
        /// Where the batch is on its way.
        IPoolRedeems.BatchState state;
        /// Shares that were not claimed.
        uint256 shares;
        /// POL wei that it would pay as things stand.
        uint256 assets;
        /// Epoch in which the last unbond of the batch is due; 0 once it can be claimed.
        uint256 readyEpoch;
    }

    /// @notice Both ledgers. Loops over positions.
    function books() external view returns (Books memory);

    /// @notice What a request would pay as things stand, rounded down.
    /// @param requestId Id of the request.
    /// @param controller Its controller.
    /// @return assets POL wei; 0 for an unknown id, or a controller not its own.
    function assetsOf(uint256 requestId, address controller) external view returns (uint256 assets);

    /// @notice Epoch in which the last unbond of a request's batch is due, with today's delay; for a batch that is not
    /// funded yet, as if it were now. An estimate: the delay can change, and checkpoints have no fixed time.
    /// @param requestId Id of the request.
    /// @return epoch Polygon's epoch; 0 once the batch can be claimed, and for an unknown batch.
    function estimatedReadyEpoch(uint256 requestId) external view returns (uint256 epoch);

    /// @notice The open requests of a controller, oldest first.
    /// @param controller The controller.
    /// @param from Index of the first to return.
    /// @param count Most to return.
    function requestsOf(address controller, uint256 from, uint256 count) external view returns (RequestView[] memory);

    /// @notice What a position should have, of what is delegated now, rounded down.
    /// @param position Position number.
    /// @return assets POL wei; 0 for an unknown position.
    function targetOf(uint256 position) external view returns (uint256 assets);

    /// @notice What `delegate` could place now, if validators take it and Polygon converts the MATIC that waits.
    /// @return assets POL wei; 0 if it would find too little.
    function delegable() external view returns (uint256 assets);
}
