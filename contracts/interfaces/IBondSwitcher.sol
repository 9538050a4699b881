// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {TokenPermit} from "../shared/access/TokenPermit.sol";
import {IAMATICb} from "./IAMATICb.sol";
import {ICommonErrors} from "./ICommonErrors.sol";

/// @title The switch from aMATICb to ankrMATIC
/// @notice One way, for a fee, while a limited supply lasts. The holder gives this contract an allowance of aMATICb, by
/// `approve` or by a permit; nothing is ever held here.
/// @dev Shares are ankrMATIC wei, bonds are MATIC wei, bps are 1/10,000. The fee is rounded up. The cap counts the
/// shares that were switched, fee included, and what was counted never comes back. Functions marked MANAGER or GUARDIAN
/// revert with OpenZeppelin's `AccessManagedUnauthorized` or `AccessManagedRequiredDelay` for anyone else.
interface IBondSwitcher is ICommonErrors {
    /// @notice aMATICb was switched.
    /// @param holder Account whose aMATICb it was.
    /// @param receiver Account that got the ankrMATIC.
    /// @param shares Shares that left aMATICb, the fee included.
    /// @param fee Shares of them that went to the treasury.
    event Switched(address indexed holder, address indexed receiver, uint256 shares, uint256 fee);

    /// @notice The fee was changed.
    /// @param previousBps The old one, bps.
    /// @param currentBps The new one, bps.
    event SwitchFeeSet(uint256 previousBps, uint256 currentBps);

    /// @notice The cap was changed.
    /// @param previous The old one, shares.
    /// @param current The new one, shares.
    event SwitchCapSet(uint256 previous, uint256 current);

    /// @notice The daily limit was changed.
    /// @param previous The old one, shares; 0 if there was none.
    /// @param current The new one, shares; 0 if there is none.
    event DailyLimitSet(uint256 previous, uint256 current);

    /// @notice Switches were paused, or the pause was ended.
    /// @param by Account that did it.
    /// @param until Time at which the pause ends; the present one if it was ended.
    event SwitchesPauseSet(address indexed by, uint256 until);

    /// @notice Switches are paused.
    /// @param until Time at which the pause ends.
    error SwitchesArePaused(uint256 until);

    /// @notice More than what is left of the cap.
    /// @param shares Shares asked for.
    /// @param remaining Shares that are left.
    error AboveRemaining(uint256 shares, uint256 remaining);

    /// @notice More than what the daily limit allows now.
    /// @param shares Shares asked for.
    /// @param available Shares that it allows; it refills over a day.
    error AboveDailyLimit(uint256 shares, uint256 available);

    /// @notice Nothing would be left after the fee.
    /// @param shares Shares asked for.
    /// @param fee The fee, shares.
    error NothingAfterFee(uint256 shares, uint256 fee);

    /// @notice Switches bonds of the caller.
    /// @dev Needs an allowance of `bonds`, which is spent exactly. Errors: `SwitchesArePaused`, `ZeroAddress`,
    /// `ReceiverIsDeadEnd` for this contract and for aMATICb, `ZeroShares`, `NothingAfterFee`, `AboveRemaining`,
    /// `AboveDailyLimit`, ERC-6093's of aMATICb.
    /// @param bonds MATIC wei. The shares worth them, rounded up, are switched; all shares if it is the whole balance.
    /// @param receiver Gets the ankrMATIC.
    /// @return received ankrMATIC wei, after the fee.
    function switchBonds(uint256 bonds, address receiver) external returns (uint256 received);

    /// @notice Switches shares of the caller.
    /// @dev Needs an allowance of their worth, rounded up. Errors: as `switchBonds`, and aMATICb's
    /// `InsufficientShares`.
    /// @param shares ankrMATIC wei.
    /// @param receiver Gets the ankrMATIC.
    /// @return received ankrMATIC wei, after the fee.
    function switchShares(uint256 shares, address receiver) external returns (uint256 received);

    /// @notice Switches as many shares of the caller as the cap, the daily limit and its balance leave: with the
    /// largest number of all, all that it can.
    /// @dev Errors: as `switchShares`; `ZeroShares` if nothing is left.
    /// @param shares Most shares, ankrMATIC wei.
    /// @param receiver Gets the ankrMATIC.
    /// @return switched Shares that were switched, fee included.
    /// @return received ankrMATIC wei, after the fee.
    function switchUpTo(uint256 shares, address receiver) external returns (uint256 switched, uint256 received);

    /// @notice `switchBonds` after a permit. A permit that was submitted by somebody else before does no harm.
    /// @dev Errors: as `switchBonds`.
    /// @param bonds MATIC wei.
    /// @param receiver Gets the ankrMATIC.
    /// @param permit The caller's signature.
    /// @return received ankrMATIC wei, after the fee.
    function switchBondsWithPermit(
        uint256 bonds,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external returns (uint256 received);

    /// @notice `switchShares` after a permit. Sign for more than their worth of today, which grows.
    /// @dev Errors: as `switchShares`.
    /// @param shares ankrMATIC wei.
    /// @param receiver Gets the ankrMATIC.
    /// @param permit The caller's signature.
    /// @return received ankrMATIC wei, after the fee.
    function switchSharesWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external returns (uint256 received);

    /// @notice `switchUpTo` after a permit, for whom the cap may be reached before the call is mined.
    /// @dev Errors: as `switchUpTo`.
    /// @param shares Most shares, ankrMATIC wei.
    /// @param receiver Gets the ankrMATIC.
    /// @param permit The caller's signature.
    /// @return switched Shares that were switched, fee included.
    /// @return received ankrMATIC wei, after the fee.
    function switchUpToWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external returns (uint256 switched, uint256 received);

    /// @notice Sets the fee.
    /// @dev MANAGER. Errors: `FeeOutOfBounds`.
    /// @param bps The fee, bps, at most 100.
    function setFee(uint256 bps) external;

    /// @notice Sets the cap. Below what was switched already it only stops new switches.
    /// @dev MANAGER. Errors: SafeCast's `SafeCastOverflowedUintDowncast` from 2^96 on.
    /// @param cap Shares that can be switched in all, ever.
    function setCap(uint256 cap) external;

    /// @notice Sets how many shares can be switched at once, and again as the limit refills, evenly over a day: in any
    /// 24 hours at most twice as many. What is available now never rises by changing a limit; one after none starts
    /// full.
    /// @dev MANAGER. Errors: SafeCast's `SafeCastOverflowedUintDowncast` from 2^96 on.
    /// @param limit Shares; 0 for no limit.
    function setDailyLimit(uint256 limit) external;

    /// @notice Pauses switches. It ends by itself, and cannot begin again for 30 days.
    /// @dev GUARDIAN. Errors: `PauseOutOfBounds`, `PauseCoolingDown` of `SelfEndingPause`.
    /// @param duration Seconds, at most 5 days.
    function pauseSwitches(uint256 duration) external;

    /// @notice Ends a pause early.
    /// @dev MANAGER. Errors: `NotPaused` of `SelfEndingPause`.
    function resumeSwitches() external;

    /// @notice aMATICb.
    function BOND() external view returns (IAMATICb);

    /// @notice Receives the fee.
    function TREASURY() external view returns (address);

    /// @notice What is left of the cap, whatever the daily limit and a pause.
    /// @return shares ankrMATIC wei.
    function remaining() external view returns (uint256 shares);

    /// @notice What can be switched now: what is left of the cap, within the daily limit; 0 while switches are paused.
    /// @return shares ankrMATIC wei.
    function available() external view returns (uint256 shares);

    /// @notice What `switchBonds` would do, whatever the cap, the daily limit and a pause.
    /// @dev Errors: ERC-6093's `ERC20InsufficientBalance` of aMATICb.
    /// @param holder Whose bonds they are.
    /// @param bonds MATIC wei.
    /// @return shares Shares that would be switched.
    /// @return received ankrMATIC wei, after the fee.
    /// @return fee ankrMATIC wei.
    function previewSwitch(
        address holder,
        uint256 bonds
    ) external view returns (uint256 shares, uint256 received, uint256 fee);

    /// @notice What `switchShares` would do, whatever the cap, the daily limit and a pause.
    /// @param shares ankrMATIC wei.
    /// @return received ankrMATIC wei, after the fee.
    /// @return fee ankrMATIC wei.
    function previewSwitchShares(uint256 shares) external view returns (uint256 received, uint256 fee);

    /// @notice The parameters.
    /// @return feeBps Fee, bps.
    /// @return cap Shares that can be switched in all.
    /// @return used Shares that were.
    /// @return dailyLimit Shares that refill in a day; 0 if there is no limit.
    /// @return pausedUntil Time at which the last pause ends; 0 if there was none.
    function parameters()
        external
        view
        returns (uint256 feeBps, uint256 cap, uint256 used, uint256 dailyLimit, uint256 pausedUntil);
}
