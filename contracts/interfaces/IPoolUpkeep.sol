// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Upkeep that moves both ledgers
/// @notice Open to anyone: the pool is the door, the delegator acts and returns what it found.
/// @dev Each may revert with `NotEnoughGas` of the delegator: then send more gas.
interface IPoolUpkeep {
    /// @notice Collects the rewards of positions into the buffer, and whatever else came in; after the fee they vest
    /// over time.
    /// @dev Errors of the delegator: `UnknownPosition`, `TooManyPositions`. A validator that fails is passed over.
    /// @param positions Position numbers; none stand for all.
    /// @return rewards POL wei booked, the fee included.
    function harvest(uint256[] calldata positions) external returns (uint256 rewards);

    /// @notice Delegates buffer that no request needs, to the validators furthest under target.
    /// @dev Error of the delegator: `NothingToDelegate`.
    /// @param maxAssets POL wei to delegate at most.
    /// @return delegated POL wei delegated.
    function delegate(uint256 maxAssets) external returns (uint256 delegated);

    /// @notice Books what a position is worth more or less than the ledger says.
    /// @dev Error of the delegator: `UnknownPosition`. A read that fails books nothing.
    /// @param position Position number.
    function sync(uint256 position) external;

    /// @notice Turns what no call accounted for into rewards: POL here, POL and MATIC at the delegator.
    /// @return rewards POL wei booked, the fee included.
    function skim() external returns (uint256 rewards);
}
