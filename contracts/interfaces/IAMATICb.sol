// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IAnkrMATIC} from "./IAnkrMATIC.sol";
import {IBondGenesis} from "./IBondGenesis.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IPolygonPool} from "./IPolygonPool.sol";

/// @title aMATICb, the rebasing token over ankrMATIC
/// @notice Each share of aMATICb is one ankrMATIC that this contract holds. Balances and allowances are in *bonds*:
/// what the shares are worth, in MATIC wei, 18 decimals. They grow with every harvest, without an event and without a
/// transfer, exactly as the same shares of ankrMATIC do.
/// @dev ERC-20, EIP-2612, EIP-5267. Balances are rounded down, so their sum is at most `totalSupply`. A transfer of x
/// bonds moves the shares that are worth x, rounded up, and all shares of a sender whose whole balance is x: the
/// receiver's balance grows by x, or by up to the worth of a share and a wei more. Who needs exact amounts
/// moves shares.
interface IAMATICb is IERC20Metadata, IBondGenesis, ICommonErrors {
    /// @notice Shares moved; the `Transfer` event before it has the bonds.
    /// @param from Sender; zero in the genesis.
    /// @param to Receiver; zero when shares leave for ankrMATIC or for a request to unstake.
    /// @param shares ankrMATIC wei.
    event TransferShares(address indexed from, address indexed to, uint256 shares);

    /// @notice An account has fewer shares.
    /// @param account Holder.
    /// @param held Its shares.
    /// @param needed Shares asked for.
    error InsufficientShares(address account, uint256 held, uint256 needed);

    /// @notice Only the switcher may call this.
    /// @param caller Account that called.
    error NotSwitcher(address caller);

    /// @notice ankrMATIC, the share that bonds are made of.
    function TOKEN() external view returns (IAnkrMATIC);

    /// @notice The pool: what a share is worth, and where it is unstaked.
    function POOL() external view returns (IPolygonPool);

    /// @notice The contract that switches aMATICb to ankrMATIC.
    function SWITCHER() external view returns (address);

    // ---------------------------------------------------------------- shares

    /// @notice Moves shares of the caller.
    /// @dev Errors: `InsufficientShares`, ERC-6093's `ERC20InvalidReceiver`.
    /// @param to Receiver.
    /// @param shares ankrMATIC wei.
    /// @return bonds Their worth, MATIC wei, rounded down.
    function transferShares(address to, uint256 shares) external returns (uint256 bonds);

    /// @notice Moves shares of an account that gave the caller an allowance, which is charged their worth, rounded up,
    /// at least 1 wei for any share.
    /// @dev Errors: as `transferShares`, and `ERC20InsufficientAllowance`.
    /// @param from Sender.
    /// @param to Receiver.
    /// @param shares ankrMATIC wei.
    /// @return bonds Their worth, MATIC wei, rounded down.
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256 bonds);

    // ---------------------------------------------------------------- leaving

    /// @notice Requests to unstake bonds of the caller at the pool, without a fee. It can always be called: neither
    /// this contract nor the pool can pause it.
    /// @dev One call of `requestRedeem`; the caller, and nobody else, is the controller of the request, and claims it
    /// at the pool. Errors: ERC-6093's `ERC20InsufficientBalance`, and those of `requestRedeem`.
    /// @param bonds MATIC wei. The shares worth them, rounded up, are burnt; all shares if it is the whole balance.
    /// @return requestId Id of the request at the pool.
    function unstakeBonds(uint256 bonds) external returns (uint256 requestId);

    /// @notice As `unstakeBonds`, by shares.
    /// @dev Errors: `InsufficientShares`, and those of `requestRedeem`.
    /// @param shares ankrMATIC wei.
    /// @return requestId Id of the request at the pool.
    function unstakeShares(uint256 shares) external returns (uint256 requestId);

    /// @notice Burns bonds of a holder who gave the switcher an allowance and pays out the ankrMATIC behind them.
    /// @dev Switcher only: `NotSwitcher`. Charges the allowance exactly `bonds`. Errors: ERC-6093's.
    /// @param holder Whose bonds they are.
    /// @param bonds MATIC wei; the shares are `sharesToMove(holder, bonds)`.
    /// @param receiver Gets all shares but the fee.
    /// @param treasury Gets the fee.
    /// @param fee Shares of the fee.
    function releaseBonds(address holder, uint256 bonds, address receiver, address treasury, uint256 fee) external;

    /// @notice As `releaseBonds`, by shares: charges the allowance their worth as `transferSharesFrom` does.
    /// @dev Switcher only: `NotSwitcher`. Errors: `InsufficientShares`, `ERC20InsufficientAllowance`.
    /// @param holder Whose shares they are.
    /// @param shares ankrMATIC wei.
    /// @param receiver Gets all shares but the fee.
    /// @param treasury Gets the fee.
    /// @param fee Shares of the fee.
    function releaseShares(address holder, uint256 shares, address receiver, address treasury, uint256 fee) external;

    // ---------------------------------------------------------------- views

    /// @notice Shares of an account.
    /// @param account Holder.
    /// @return shares ankrMATIC wei.
    function sharesOf(address account) external view returns (uint256 shares);

    /// @notice All shares: ankrMATIC wei that this contract holds for them. What was sent to it beyond is not counted.
    /// @return shares ankrMATIC wei.
    function totalSharesSupply() external view returns (uint256 shares);

    /// @notice Shares that a transfer, an unstaking or a switch of bonds moves: rounded up; all of them if `bonds` is
    /// the whole balance.
    /// @dev Errors: ERC-6093's `ERC20InsufficientBalance`.
    /// @param holder Whose bonds they are.
    /// @param bonds MATIC wei.
    /// @return shares ankrMATIC wei.
    function sharesToMove(address holder, uint256 bonds) external view returns (uint256 shares);

    /// @notice Worth of shares, rounded down.
    /// @param shares ankrMATIC wei.
    /// @return bonds MATIC wei.
    function sharesToBonds(uint256 shares) external view returns (uint256 bonds);

    /// @notice Shares that bonds are worth, rounded down.
    /// @param bonds MATIC wei.
    /// @return shares ankrMATIC wei.
    function bondsToShares(uint256 bonds) external view returns (uint256 shares);

    /// @notice Shares for 1e18 bonds, as ankrMATIC's: starts at 1e18 and falls as rewards accrue.
    function ratio() external view returns (uint256);

    /// @notice True: balances change by rewards.
    function isRebasing() external pure returns (bool);
}
