// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Upkeep that moves both ledgers: open to anyone
interface IPoolUpkeep {
    /// @notice Collects the rewards of the positions into the buffer, and whatever else came in; after the fee they
    /// vest over time.
    /// @dev Errors of the delegator: `UnknownPosition`, `TooManyPositions`, `NotEnoughGas`.
    /// @param positions Position numbers, each once.
    /// @return rewards POL wei booked, the fee included.
    function harvest(uint256[] calldata positions) external returns (uint256 rewards);

    /// @notice Delegates up to `maxAssets` of the buffer that no request needs.
    /// @dev Error of the delegator: `NothingToDelegate`.
    /// @return delegated POL wei.
    function delegate(uint256 maxAssets) external returns (uint256 delegated);

    /// @notice Books what a position is worth more or less than the ledger says.
    /// @dev Reverts only with `UnknownPosition` or `NotEnoughGas` of the delegator.
    function sync(uint256 position) external;

    /// @notice Turns what no call accounted for into rewards: POL here, POL and MATIC at the delegator.
    /// @return rewards POL wei booked, the fee included.
    function skim() external returns (uint256 rewards);
}
