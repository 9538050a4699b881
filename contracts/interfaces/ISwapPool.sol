// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {TokenPermit} from "../shared/access/TokenPermit.sol";
import {IWrappedNative} from "./external/polygon/IWrappedNative.sol";
import {IChildAnkrMATIC} from "./IChildAnkrMATIC.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IRatioFeed} from "./IRatioFeed.sol";

/// @title Staking and unstaking on Polygon, at once
/// @notice Swaps native tokens and ankrMATIC at the rate that came from Ethereum, out of what providers put in. The
/// pool is itself the ERC-20 of their liquidity.
/// @dev Assets are native wei (POL, or WPOL where a function says so), shares are ankrMATIC wei, bps are 1/10,000. All
/// is rounded against the caller: what is paid out down, what is taken and the fee up. The pool counts what it was
/// handed: tokens or native tokens that came some other way belong to nobody and move nothing.
///
/// Swaps and adding liquidity need a rate at most 24 hours old and, after a loss, one at least an hour younger than the
/// loss. Removing liquidity needs none, is never paused, and has no limit. Before the first rate the former revert with
/// the feed's `NoRate`.
///
/// What protects providers if rate or token go wrong: assets leave by unstaking, and by liquidity for which shares were
/// brought, at most to the daily limit at once and to as much again as refills evenly over a day.
///
/// Receivers: not zero (`ZeroAddress`), nor this contract, ankrMATIC, or the wrapped native token
/// (`ReceiverIsDeadEnd`). A receiver of native tokens must be able to take them; it may use all the gas of the call.
///
/// Warning: relies on the wrapped native token to be exactly that. If it were not, providers' funds would be at risk.
///
/// Functions marked MANAGER or GUARDIAN revert with OpenZeppelin's `AccessManagedUnauthorized` or
/// `AccessManagedRequiredDelay` for anyone else.
interface ISwapPool is IERC20Metadata, ICommonErrors {
    /// @notice Assets were swapped for shares.
    /// @param sender Account that paid.
    /// @param receiver Account that got the shares.
    /// @param assets Assets that came in.
    /// @param shares Shares that went out.
    event Staked(address indexed sender, address indexed receiver, uint256 assets, uint256 shares);

    /// @notice Shares were swapped for assets.
    /// @param sender Account whose shares they were.
    /// @param receiver Account that got the assets.
    /// @param shares Shares that came in.
    /// @param assets Assets that went out.
    /// @param fee Assets that stayed for the providers.
    event Unstaked(address indexed sender, address indexed receiver, uint256 shares, uint256 assets, uint256 fee);

    /// @notice Liquidity was added.
    /// @param sender Account that paid.
    /// @param receiver Account that got the liquidity.
    /// @param assets Assets that came in.
    /// @param shares Shares that came in.
    /// @param liquidity Liquidity for the receiver.
    /// @param fee Assets by which the shares beyond the pool's proportion were valued less.
    event LiquidityAdded(
        address indexed sender,
        address indexed receiver,
        uint256 assets,
        uint256 shares,
        uint256 liquidity,
        uint256 fee
    );

    /// @notice Liquidity was removed.
    /// @param sender Account whose liquidity it was.
    /// @param receiver Account that was paid.
    /// @param liquidity Liquidity that is gone.
    /// @param assets Assets that went out.
    /// @param shares Shares that went out.
    event LiquidityRemoved(
        address indexed sender,
        address indexed receiver,
        uint256 liquidity,
        uint256 assets,
        uint256 shares
    );

    /// @notice The fee was changed.
    /// @param previousBps The old one, bps.
    /// @param currentBps The new one, bps.
    event UnstakeFeeSet(uint256 previousBps, uint256 currentBps);

    /// @notice The daily limit was changed.
    /// @param previous The old one, assets.
    /// @param current The new one, assets.
    event PayoutLimitSet(uint256 previous, uint256 current);

    /// @notice Swaps and adding liquidity were paused, or the pause was ended.
    /// @param by Account that did it.
    /// @param until Time at which the pause ends; the present one if it was ended.
    event SwapsPauseSet(address indexed by, uint256 until);

    /// @notice Swaps and adding liquidity are paused.
    /// @param until Time at which the pause ends.
    error SwapsArePaused(uint256 until);

    /// @notice The last rate from Ethereum is too old.
    /// @param time Its time on Ethereum.
    /// @param maxAge Highest possible age, seconds.
    error RateTooOld(uint256 time, uint256 maxAge);

    /// @notice There was a loss, and no rate confirmed yet that it is over.
    /// @param lossTime Time on Ethereum of the rate that brought it.
    /// @param confirmedFrom Time on Ethereum from which on a rate confirms it.
    error LossUnconfirmed(uint256 lossTime, uint256 confirmedFrom);

    /// @notice The caller's deadline is over.
    /// @param deadline The deadline, a time.
    error SwapExpired(uint256 deadline);

    /// @notice Nothing would come out.
    error ZeroOutput();

    /// @notice Less would come out than the caller asked for.
    /// @param received What would come out.
    /// @param minimum What was asked for.
    error LessThanAsked(uint256 received, uint256 minimum);

    /// @notice More than the pool has.
    /// @param amount What would have to come out.
    /// @param reserve What there is.
    error AboveReserve(uint256 amount, uint256 reserve);

    /// @notice More than what the daily limit allows now.
    /// @param assets Assets that would count in it.
    /// @param available Assets that it allows; it refills over a day.
    error AbovePayoutLimit(uint256 assets, uint256 available);

    /// @notice A daily limit above the highest possible.
    /// @param limit The limit, assets.
    /// @param maximum Highest limit, assets.
    error PayoutLimitOutOfBounds(uint256 limit, uint256 maximum);

    /// @notice A fee that the growth of the rate within a day could exceed.
    /// @param bps The fee, bps.
    /// @param minimumBps Lowest fee, bps.
    error FeeTooLow(uint256 bps, uint256 minimumBps);

    /// @notice The first liquidity is worth too little.
    /// @param value What it is worth, assets.
    /// @param minimum Least worth, assets.
    error FirstLiquidityTooSmall(uint256 value, uint256 minimum);

    /// @notice All that the pool has is worth nothing, so that a part of it cannot be priced.
    error PoolIsWorthless();

    /// @notice Native tokens come with the functions that take them, or from the wrapped token.
    /// @param sender Account that sent some.
    error NotWrappedNative(address sender);

    /// @notice Swaps the native tokens of the call for shares, which go to the caller. There is no fee.
    /// @dev Errors: `SwapsArePaused`, `RateTooOld`, `LossUnconfirmed`, `ReceiverIsDeadEnd`, `ZeroOutput`,
    /// `AboveReserve`, `LessThanAsked`.
    /// @param minShares Least shares that the caller takes.
    /// @return shares Shares, rounded down.
    function stake(uint256 minShares) external payable returns (uint256 shares);

    /// @notice `stake` for another receiver.
    /// @dev Errors: as `stake`, and `SwapExpired`.
    /// @param receiver Gets the shares.
    /// @param minShares Least shares that the caller takes.
    /// @param deadline Last second at which the call may be mined.
    /// @return shares Shares, rounded down.
    function stakeFor(address receiver, uint256 minShares, uint256 deadline) external payable returns (uint256 shares);

    /// @notice `stakeFor` with wrapped native tokens of the caller, of which it needs an allowance.
    /// @dev Errors: as `stakeFor`; those of the wrapped token.
    /// @param assets Wrapped wei.
    /// @param receiver Gets the shares.
    /// @param minShares Least shares that the caller takes.
    /// @param deadline Last second at which the call may be mined.
    /// @return shares Shares, rounded down.
    function stakeWrapped(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external returns (uint256 shares);

    /// @notice Swaps shares of the caller, of which it needs an allowance, for native tokens, which go to the caller,
    /// less the fee.
    /// @dev Errors: `SwapsArePaused`, `RateTooOld`, `LossUnconfirmed`, `ReceiverIsDeadEnd`, `ZeroOutput`,
    /// `AboveReserve`, `AbovePayoutLimit`, `LessThanAsked`; ERC-6093's of ankrMATIC; what the caller reverts with.
    /// @param shares ankrMATIC wei.
    /// @param minAssets Least assets that the caller takes.
    /// @return assets Assets after the fee, rounded down.
    function unstake(uint256 shares, uint256 minAssets) external returns (uint256 assets);

    /// @notice `unstake` for another receiver.
    /// @dev Errors: as `unstake`, and `SwapExpired`.
    /// @param shares ankrMATIC wei.
    /// @param receiver Gets the native tokens.
    /// @param minAssets Least assets that the caller takes.
    /// @param deadline Last second at which the call may be mined.
    /// @return assets Assets after the fee, rounded down.
    function unstakeFor(
        uint256 shares,
        address receiver,
        uint256 minAssets,
        uint256 deadline
    ) external returns (uint256 assets);

    /// @notice `unstakeFor` that pays wrapped native tokens.
    /// @dev Errors: as `unstakeFor`.
    /// @param shares ankrMATIC wei.
    /// @param receiver Gets the wrapped native tokens.
    /// @param minAssets Least assets that the caller takes.
    /// @param deadline Last second at which the call may be mined.
    /// @return assets Assets after the fee, rounded down.
    function unstakeWrapped(
        uint256 shares,
        address receiver,
        uint256 minAssets,
        uint256 deadline
    ) external returns (uint256 assets);

    /// @notice `unstakeFor` after a permit of ankrMATIC. A permit that somebody else submitted before does no harm.
    /// @dev Errors: as `unstakeFor`; a permit that fails shows as `ERC20InsufficientAllowance` if it was needed.
    /// @param shares ankrMATIC wei.
    /// @param receiver Gets the native tokens.
    /// @param minAssets Least assets that the caller takes.
    /// @param deadline Last second at which the call may be mined.
    /// @param permit Signature of the caller, for this contract as spender.
    /// @return assets Assets after the fee, rounded down.
    function unstakeWithPermit(
        uint256 shares,
        address receiver,
        uint256 minAssets,
        uint256 deadline,
        TokenPermit.Permit calldata permit
    ) external returns (uint256 assets);

    /// @notice Adds the native tokens of the call and shares of the caller, in any mix, for liquidity of the same part
    /// of the pool's value.
    /// @dev Shares beyond what the pool itself has for as many assets are valued less the fee, since removing gives
    /// both: they would be unstaked without it. While the pool has no assets, no shares are beyond. What assets the new
    /// liquidity could take out at once, beyond those of the call, counts in the daily limit. Of the first liquidity
    /// 1e15 are locked for ever, and it must be worth 1e18 or more.
    ///
    /// Errors: `SwapExpired`, `SwapsArePaused`, `RateTooOld`, `LossUnconfirmed`, `ZeroAddress`, `ReceiverIsDeadEnd`,
    /// `FirstLiquidityTooSmall`, `PoolIsWorthless`, `ZeroOutput`, `AbovePayoutLimit`, `LessThanAsked`; ERC-6093's of
    /// ankrMATIC.
    /// @param shares ankrMATIC wei, of which the pool needs an allowance.
    /// @param minLiquidity Least liquidity that the caller takes.
    /// @param receiver Gets the liquidity.
    /// @param deadline Last second at which the call may be mined.
    /// @return liquidity Liquidity, rounded down.
    function addLiquidity(
        uint256 shares,
        uint256 minLiquidity,
        address receiver,
        uint256 deadline
    ) external payable returns (uint256 liquidity);

    /// @notice Removes liquidity of the caller: its part of both reserves. Needs no rate, has no limit, is never
    /// paused.
    /// @dev Errors: `ZeroAddress`, `ReceiverIsDeadEnd`, `ZeroOutput`, `LessThanAsked`; ERC-6093's
    /// `ERC20InsufficientBalance`; what the receiver reverts with.
    /// @param liquidity Liquidity to remove.
    /// @param receiver Gets the native tokens and the shares.
    /// @param minAssets Least assets that the caller takes.
    /// @param minShares Least shares that the caller takes.
    /// @return assets Assets, rounded down.
    /// @return shares Shares, rounded down.
    function removeLiquidity(
        uint256 liquidity,
        address receiver,
        uint256 minAssets,
        uint256 minShares
    ) external returns (uint256 assets, uint256 shares);

    /// @notice `removeLiquidity` that pays wrapped native tokens, for receivers that can take no native ones.
    /// @dev Errors: as `removeLiquidity`.
    /// @param liquidity Liquidity to remove.
    /// @param receiver Gets the wrapped native tokens and the shares.
    /// @param minAssets Least assets that the caller takes.
    /// @param minShares Least shares that the caller takes.
    /// @return assets Assets, rounded down.
    /// @return shares Shares, rounded down.
    function removeLiquidityWrapped(
        uint256 liquidity,
        address receiver,
        uint256 minAssets,
        uint256 minShares
    ) external returns (uint256 assets, uint256 shares);

    /// @notice Sets the fee on unstaking.
    /// @dev MANAGER. Errors: `FeeOutOfBounds` above 100 bps; `FeeTooLow` below 42: the rate can grow by nearly as much
    /// between two that are a day apart, and who buys at the one and sells at the other must not gain.
    /// @param bps Fee, bps.
    function setFee(uint256 bps) external;

    /// @notice Sets the daily limit. What is available is what it was, or the new limit if that is less; 0 stops
    /// unstaking.
    /// @dev MANAGER. Error: `PayoutLimitOutOfBounds` above 1e30.
    /// @param limit Assets.
    function setDailyLimit(uint256 limit) external;

    /// @notice Pauses swaps and adding liquidity; removing goes on.
    /// @dev GUARDIAN. Errors: `PauseOutOfBounds` beyond 5 days, `PauseCoolingDown` within 30 days after the last pause.
    /// @param duration Seconds.
    function pauseSwaps(uint256 duration) external;

    /// @notice Ends a pause.
    /// @dev MANAGER. Error: `NotPaused`.
    function resumeSwaps() external;

    /// @notice ankrMATIC on Polygon.
    function TOKEN() external view returns (IChildAnkrMATIC);

    /// @notice Where the rate comes from.
    function FEED() external view returns (IRatioFeed);

    /// @notice The wrapped native token.
    function WRAPPED() external view returns (IWrappedNative);

    /// @notice What `stake` would bring, to the wei; reverts as it would.
    /// @dev Errors: those of `stake` that do not depend on the caller; a panic if a number is beyond all there is.
    /// @param assets Native wei.
    /// @return shares ankrMATIC wei.
    function quoteStake(uint256 assets) external view returns (uint256 shares);

    /// @notice Fewest assets for which `stake` brings at least so many shares; reverts as the stake of them would.
    /// @dev Errors: as `quoteStake`.
    /// @param shares ankrMATIC wei.
    /// @return assets Native wei.
    function quoteStakeFor(uint256 shares) external view returns (uint256 assets);

    /// @notice What `unstake` would bring, to the wei; reverts as it would.
    /// @dev Errors: those of `unstake` that do not depend on the caller; a panic if a number is beyond all there is.
    /// @param shares ankrMATIC wei.
    /// @return assets Native wei, after the fee.
    /// @return fee Native wei.
    function quoteUnstake(uint256 shares) external view returns (uint256 assets, uint256 fee);

    /// @notice Fewest shares for which `unstake` brings at least so many assets; reverts as the unstake of them would.
    /// @dev Errors: as `quoteUnstake`.
    /// @param assets Native wei, after the fee.
    /// @return shares ankrMATIC wei.
    function quoteUnstakeFor(uint256 assets) external view returns (uint256 shares);

    /// @notice What `addLiquidity` would bring, to the wei; reverts as it would.
    /// @dev Errors: those of `addLiquidity` that do not depend on the caller.
    /// @param shares ankrMATIC wei.
    /// @param assets Native wei.
    /// @return liquidity Liquidity for the receiver.
    /// @return fee Assets by which the shares beyond the pool's proportion are valued less.
    function previewAdd(uint256 shares, uint256 assets) external view returns (uint256 liquidity, uint256 fee);

    /// @notice What `removeLiquidity` would bring, to the wei; never reverts for liquidity that there is.
    /// @param liquidity Liquidity.
    /// @return assets Native wei.
    /// @return shares ankrMATIC wei.
    function previewRemove(uint256 liquidity) external view returns (uint256 assets, uint256 shares);

    /// @notice Most that can be swapped now; never reverts.
    /// @dev Both 0 while swaps are paused, there is no usable rate, or shares are worth nothing. A swap that ends
    /// within a share's worth of the most may be refused, as its output is a whole number of wei.
    /// @return assets Assets that unstaking can bring: what there is, within the daily limit.
    /// @return shares Shares that staking can bring: what there is.
    function available() external view returns (uint256 assets, uint256 shares);

    /// @notice What the pool has, as it was handed.
    /// @return assets Native wei.
    /// @return shares ankrMATIC wei.
    function reserves() external view returns (uint256 assets, uint256 shares);

    /// @notice The parameters.
    /// @return feeBps Fee on unstaking, bps.
    /// @return dailyLimit Assets that refill in a day.
    /// @return pausedUntil Time at which the last pause ends; 0 if there was none.
    function parameters() external view returns (uint256 feeBps, uint256 dailyLimit, uint256 pausedUntil);
}
