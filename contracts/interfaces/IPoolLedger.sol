// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ICommonErrors} from "./ICommonErrors.sol";

/// @title The pool's books: totals, reward stream, fee
/// @notice What belongs to the holders of shares, what requests are owed, and the parameters that governance may set
/// within fixed bounds.
/// @dev Amounts are POL wei, shares are ankrMATIC wei, bps are 1/10,000. Functions marked MANAGER or GUARDIAN revert
/// with OpenZeppelin's `AccessManagedUnauthorized` or `AccessManagedRequiredDelay` for anyone else.
interface IPoolLedger is ICommonErrors {
    /// @notice Rewards were booked. After it, `totalAssets` belong to `totalShares`.
    /// @param rewards POL wei, the fee included.
    /// @param fee POL wei of it that went to the treasury, as new shares.
    /// @param feeShares Those shares, rounded down.
    /// @param totalAssets POL wei of the holders, without what has not vested.
    /// @param totalShares All shares.
    event RewardsBooked(uint256 rewards, uint256 fee, uint256 feeShares, uint256 totalAssets, uint256 totalShares);

    /// @notice A loss was booked, by who bears it.
    /// @param lossCount Number of losses so far that were more than what had not vested.
    /// @param fromStream POL wei borne by rewards that had not vested.
    /// @param rest POL wei borne by the holders of shares and by requests that were not funded, at one factor.
    /// @param fromRequests The requests' part of `rest`, POL wei.
    event LossBooked(uint256 indexed lossCount, uint256 fromStream, uint256 rest, uint256 fromRequests);

    /// @notice The fee on rewards was changed.
    /// @param previousBps The old one, bps.
    /// @param currentBps The new one, bps.
    event FeeSet(uint256 previousBps, uint256 currentBps);

    /// @notice The cap on total assets was changed.
    /// @param previous The old one, POL wei.
    /// @param current The new one, POL wei.
    event AssetCapSet(uint256 previous, uint256 current);

    /// @notice New stakes were paused, or the pause was ended.
    /// @param by Account that did it.
    /// @param until Time at which the pause ends; the present one if it was ended.
    event StakesPauseSet(address indexed by, uint256 until);

    /// @notice Shares that are worth nothing.
    error ZeroAssets();

    /// @notice A cap that is not a whole number of POL, or above the highest possible.
    /// @param cap The cap, POL wei.
    /// @param maximum Highest cap, POL wei.
    error CapOutOfBounds(uint256 cap, uint256 maximum);

    /// @notice Sets the fee on rewards not yet earned: what was earned so far is harvested first, at the old fee.
    /// @dev MANAGER. Errors: `FeeOutOfBounds`, `NotEnoughGas` of the delegator.
    /// @param bps The fee, bps, at most 1,000.
    function setFee(uint256 bps) external;

    /// @notice Sets the cap on total assets. Below the present total it only stops new stakes.
    /// @dev MANAGER. Error: `CapOutOfBounds`.
    /// @param cap POL wei, a whole number of POL, at most 1e30.
    function setAssetCap(uint256 cap) external;

    /// @notice Pauses new stakes; not again for 30 days after the end. Requests, claims and upkeep cannot be paused.
    /// @dev GUARDIAN. Errors: `PauseOutOfBounds`, `PauseCoolingDown`.
    /// @param duration Seconds, 1 second to 5 days.
    function pauseStakes(uint256 duration) external;

    /// @notice Ends a pause of new stakes.
    /// @dev MANAGER. Error: `NotPaused`.
    function resumeStakes() external;

    /// @notice Assets of the holders, vested or not, POL wei.
    function totalPooled() external view returns (uint256);

    /// @notice All shares: the share token's total supply.
    function totalShares() external view returns (uint256);

    /// @notice Assets that requests are owed, POL wei.
    function totalOwed() external view returns (uint256);

    /// @notice POL wei held here for batches that are closed, and for those that can be claimed.
    function reserved() external view returns (uint256);

    /// @notice Rewards that have not vested, POL wei, rounded up.
    function unvested() external view returns (uint256);

    /// @notice What governance set, and what losses did.
    /// @return feeBps Fee on rewards, bps.
    /// @return assetCap Cap on total assets, POL wei.
    /// @return stakesPausedUntil Time until which new stakes are paused; in the past if they are not.
    /// @return lossCount Number of losses so far that were more than what had not vested.
    function parameters()
        external
        view
        returns (uint256 feeBps, uint256 assetCap, uint256 stakesPausedUntil, uint256 lossCount);
}
