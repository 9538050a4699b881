// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {TokenPermit} from "../shared/access/TokenPermit.sol";
import {IAnkrMATIC} from "./IAnkrMATIC.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IPolygonPool} from "./IPolygonPool.sol";
import {IFxRoot} from "./external/fx/IFxRoot.sol";
import {IRootChain} from "./external/fx/IRootChain.sol";

/// @title The bridge's end on Ethereum
/// @notice Locks ankrMATIC and has as much minted on Polygon; releases what was burned there, on proof. Every message
/// down brings the rate.
/// @dev Amounts are shares, ankrMATIC wei. What is locked here is, to the wei, what exists on Polygon, what waits there
/// to be minted, and what is on its way in either direction. Nobody can pause a release: above the daily limit it
/// waits, and is paid as the limit refills. Functions marked MANAGER or GUARDIAN revert with OpenZeppelin's
/// `AccessManagedUnauthorized` or `AccessManagedRequiredDelay` for anyone else.
interface IBridgeAdapter is ICommonErrors {
    /// @notice ankrMATIC was locked, and a deposit was sent to Polygon.
    /// @param nonce Number of the message.
    /// @param sender Account that paid.
    /// @param receiver Account on Polygon that gets as much.
    /// @param shares ankrMATIC wei.
    event DepositSent(uint64 indexed nonce, address indexed sender, address indexed receiver, uint256 shares);

    /// @notice The rate was sent to Polygon, by a deposit or alone.
    /// @param nonce Number of the message.
    /// @param totalAssets Assets of the holders, POL wei.
    /// @param totalSupply All shares.
    /// @param lossCount Number of losses so far.
    event RateSent(uint64 indexed nonce, uint256 totalAssets, uint256 totalSupply, uint256 lossCount);

    /// @notice A withdrawal from Polygon was proven.
    /// @param nonce Number of the message.
    /// @param receiver Account that gets the shares.
    /// @param shares ankrMATIC wei.
    /// @param exitId Id of the exit.
    event WithdrawalReceived(uint64 indexed nonce, address indexed receiver, uint256 shares, bytes32 exitId);

    /// @notice ankrMATIC was released.
    /// @param receiver Account that got it.
    /// @param shares ankrMATIC wei.
    /// @param stillPending ankrMATIC wei that wait for the same account.
    event Released(address indexed receiver, uint256 shares, uint256 stillPending);

    /// @notice The cap on what is locked was changed.
    /// @param previous The old one, shares.
    /// @param current The new one, shares.
    event LockCapSet(uint256 previous, uint256 current);

    /// @notice The daily limit of releases was changed.
    /// @param previous The old one, shares.
    /// @param current The new one, shares.
    event ReleaseLimitSet(uint256 previous, uint256 current);

    /// @notice Deposits were paused, or the pause was ended.
    /// @param by Account that did it.
    /// @param until Time at which the pause ends; the present one if it was ended.
    event BridgingPauseSet(address indexed by, uint256 until);

    /// @notice Deposits are paused.
    /// @param until Time at which the pause ends.
    error BridgingIsPaused(uint256 until);

    /// @notice More than what is left of the cap on what is locked.
    /// @param shares Shares asked for.
    /// @param remaining Shares that are left.
    error AboveLockCap(uint256 shares, uint256 remaining);

    /// @notice The proven message is another contract's.
    /// @param emitter The contract on Polygon that sent it.
    error ForeignEmitter(address emitter);

    /// @notice This log was proven before.
    /// @param exitId Id of the exit.
    error ExitConsumed(bytes32 exitId);

    /// @notice More than what is locked.
    /// @param shares Shares of the withdrawal.
    /// @param locked Shares that are locked.
    error AboveLocked(uint256 shares, uint256 locked);

    /// @notice A daily limit outside of what it can be.
    /// @param limit The limit, shares.
    /// @param minimum Lowest that it can be, shares.
    /// @param maximum Highest that it can be, shares.
    error ReleaseLimitOutOfBounds(uint256 limit, uint256 minimum, uint256 maximum);

    /// @notice Locks ankrMATIC of the caller and sends a deposit to Polygon, where as much is minted in about half an
    /// hour, or, above the limits there, as they refill.
    /// @dev Needs an allowance. Errors: `BridgingIsPaused`, `ZeroAddress`, `ReceiverIsDeadEnd` for the bridge's end on
    /// Polygon, `ZeroShares`, `AboveLockCap`, ERC-6093's.
    /// @param shares ankrMATIC wei.
    /// @param receiver Account on Polygon that gets as much.
    /// @return nonce Number of the message.
    function bridge(uint256 shares, address receiver) external returns (uint64 nonce);

    /// @notice `bridge` after a permit. A permit that was submitted by somebody else before does no harm.
    /// @dev Errors: as `bridge`.
    /// @param shares ankrMATIC wei.
    /// @param receiver Account on Polygon that gets as much.
    /// @param permit The caller's signature.
    /// @return nonce Number of the message.
    function bridgeWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external returns (uint64 nonce);

    /// @notice Sends the rate to Polygon. Anyone may call it, at any time.
    /// @return nonce Number of the message.
    function syncRate() external returns (uint64 nonce);

    /// @notice Proves a withdrawal from Polygon and releases it, up to the daily limit; the rest waits. Anyone may call
    /// it for anyone: it pays the receiver that the withdrawal names. What waited for the same receiver is paid too, as
    /// far as the limit goes.
    /// @dev Named as FxPortal's tunnels have it. Errors: those of `ExitProof`, `ForeignEmitter`, `ExitConsumed`,
    /// `UnknownMessage` of `BridgeMessage`, `MessageConsumed`, `AboveLocked`.
    /// @param proof The exit payload.
    /// @return paid Shares that were released now.
    function receiveMessage(bytes calldata proof) external returns (uint256 paid);

    /// @notice Releases what waits for an account, as far as the daily limit goes. Anyone may call it.
    /// @dev Error: `NothingToPay`.
    /// @param receiver The account.
    /// @return paid Shares that were released.
    function payPending(address receiver) external returns (uint256 paid);

    /// @notice Sets the cap on what is locked. Below what is locked it only stops deposits.
    /// @dev MANAGER. Error: SafeCast's `SafeCastOverflowedUintDowncast` from 2^96 on.
    /// @param cap Shares.
    function setLockCap(uint256 cap) external;

    /// @notice Sets how much can be released at once, and again as the limit refills, evenly over a day. What is
    /// available now never rises by it.
    /// @dev MANAGER. Error: `ReleaseLimitOutOfBounds`.
    /// @param limit Shares, from `RELEASE_FLOOR` to `RELEASE_CEILING`.
    function setReleaseLimit(uint256 limit) external;

    /// @notice Lowers the daily limit of releases. It bites at once.
    /// @dev GUARDIAN. Error: `ReleaseLimitOutOfBounds` if it would rise, or fall below `RELEASE_FLOOR`.
    /// @param limit Shares.
    function lowerReleaseLimit(uint256 limit) external;

    /// @notice Pauses deposits. It ends by itself, and cannot begin again for 30 days. Releases and the rate go on.
    /// @dev GUARDIAN. Errors: `PauseOutOfBounds`, `PauseCoolingDown` of `SelfEndingPause`.
    /// @param duration Seconds, at most 5 days.
    function pauseBridging(uint256 duration) external;

    /// @notice Ends a pause early.
    /// @dev MANAGER. Error: `NotPaused` of `SelfEndingPause`.
    function resumeBridging() external;

    /// @notice Where messages to Polygon start.
    function FX_ROOT() external view returns (IFxRoot);

    /// @notice Where Polygon's checkpoints are.
    function ROOT_CHAIN() external view returns (IRootChain);

    /// @notice The pool, whose rate is sent.
    function POOL() external view returns (IPolygonPool);

    /// @notice ankrMATIC.
    function TOKEN() external view returns (IAnkrMATIC);

    /// @notice The bridge's end on Polygon: who gets the messages, and whose messages are believed.
    function PEER() external view returns (address);

    /// @notice Lowest daily limit of releases that there can be: a tenth of the highest, rounded up.
    function RELEASE_FLOOR() external view returns (uint256);

    /// @notice Highest daily limit of releases that there can be.
    function RELEASE_CEILING() external view returns (uint256);

    /// @notice Shares that are locked; those that wait to be released are not.
    function locked() external view returns (uint256);

    /// @notice Shares that can still be locked under the cap; 0 while deposits are paused.
    function remainingLock() external view returns (uint256);

    /// @notice Shares that can be released now.
    function remainingRelease() external view returns (uint256);

    /// @notice Shares that wait to be released to an account.
    /// @param receiver The account.
    function pendingOf(address receiver) external view returns (uint256);

    /// @notice Shares that wait to be released.
    function totalPending() external view returns (uint256);

    /// @notice Number of the last message to Polygon; the first is 1.
    function lastNonce() external view returns (uint64);

    /// @notice Whether a withdrawal was proven.
    /// @param nonce Its number.
    function isConsumed(uint64 nonce) external view returns (bool);

    /// @notice What is governed.
    /// @return lockCap Cap on what is locked, shares.
    /// @return releaseLimit Daily limit of releases, shares.
    /// @return pausedUntil Time until which deposits are paused; in the past if they are not.
    function parameters() external view returns (uint256 lockCap, uint256 releaseLimit, uint256 pausedUntil);
}
