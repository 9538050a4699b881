// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPoolDeposits} from "../../interfaces/IPoolDeposits.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";
import {ShareMath} from "../../shared/math/ShareMath.sol";
import {PoolLedger} from "./PoolLedger.sol";

/// @title Staking
/// @notice Takes POL and MATIC from the caller straight to the delegator and mints shares.
abstract contract DepositDesk is IPoolDeposits, PoolLedger {
    using SafeERC20 for IERC20;

    /// @dev Smallest stake, wei.
    uint256 internal constant MIN_STAKE = 1e18;

    // ---------------------------------------------------------------- staking

    /// @inheritdoc IERC7575
    function deposit(uint256 assets, address receiver) external nonReentrant returns (uint256 shares) {
        return _stakeAssets(POL, assets, receiver);
    }

    /// @inheritdoc IERC7575
    function mint(uint256 shares, address receiver) external nonReentrant returns (uint256 assets) {
        (uint256 pooled, uint256 supply) = _totals();
        assets = ShareMath.assetsForSharesCeil(shares, pooled, supply);
        _check(assets, receiver, pooled, supply);
        _enter({coin: POL, payer: msg.sender, assets: assets, shares: shares, receiver: receiver});
    }

    /// @inheritdoc IPoolDeposits
    function depositWithPermit(
        uint256 assets,
        address receiver,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (uint256 shares) {
        try
            IERC20Permit(address(POL)).permit({
                owner: msg.sender,
                spender: address(this),
                value: assets,
                deadline: deadline,
                v: v,
                r: r,
                s: s
            })
        {
            // The allowance is set.
        } catch {
            // It may be set all the same, by whoever submitted the permit first. The transfer decides.
        }
        return _stakeAssets(POL, assets, receiver);
    }

    /// @inheritdoc IPoolDeposits
    function stake(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external nonReentrant returns (uint256 shares) {
        return _stakeWithin({coin: POL, assets: assets, receiver: receiver, least: minShares, deadline: deadline});
    }

    /// @inheritdoc IPoolDeposits
    function stakeMatic(
        uint256 assets,
        address receiver,
        uint256 minShares,
        uint256 deadline
    ) external nonReentrant returns (uint256 shares) {
        return _stakeWithin({coin: MATIC, assets: assets, receiver: receiver, least: minShares, deadline: deadline});
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IERC7575
    function maxDeposit(address receiver) public view returns (uint256 maxAssets) {
        if (receiver == address(0) || block.timestamp < _stakesPausedUntil()) return 0;
        (uint256 pooled, uint256 supply) = _totals();
        uint256 room = _room(pooled, supply);
        return room < MIN_STAKE ? 0 : room;
    }

    /// @inheritdoc IERC7575
    /// @dev Amounts whose cost is below `MIN_STAKE` revert although they are below this.
    function maxMint(address receiver) external view returns (uint256 maxShares) {
        maxShares = convertToShares(maxDeposit(receiver));
        if (previewMint(maxShares) < MIN_STAKE) return 0;
    }

    /// @inheritdoc IERC7575
    function previewDeposit(uint256 assets) external view returns (uint256 shares) {
        return convertToShares(assets);
    }

    /// @inheritdoc IERC7575
    function previewMint(uint256 shares) public view returns (uint256 assets) {
        (uint256 pooled, uint256 supply) = _totals();
        return ShareMath.assetsForSharesCeil(shares, pooled, supply);
    }

    // ---------------------------------------------------------------- internals

    function _stakeWithin(
        IERC20 coin,
        uint256 assets,
        address receiver,
        uint256 least,
        uint256 deadline
    ) private returns (uint256 shares) {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        shares = _stakeAssets(coin, assets, receiver);
        if (shares < least) revert TooFewShares(shares, least);
    }

    function _stakeAssets(IERC20 coin, uint256 assets, address receiver) internal returns (uint256 shares) {
        (uint256 pooled, uint256 supply) = _totals();
        _check(assets, receiver, pooled, supply);
        shares = ShareMath.sharesForAssetsFloor(assets, pooled, supply);
        if (shares == 0) revert ZeroShares();
        _enter({coin: coin, payer: msg.sender, assets: assets, shares: shares, receiver: receiver});
    }

    function _check(uint256 assets, address receiver, uint256 pooled, uint256 supply) private view {
        if (receiver == address(0)) revert ZeroAddress();
        if (block.timestamp < _stakesPausedUntil()) revert StakesArePaused(_stakesPausedUntil());
        if (assets < MIN_STAKE) revert BelowMinimum(assets, MIN_STAKE);
        uint256 room = _room(pooled, supply);
        if (assets > room) revert AboveCap(assets, room);
    }

    /// @dev Writes the books, then moves the tokens.
    function _enter(IERC20 coin, address payer, uint256 assets, uint256 shares, address receiver) internal {
        _addTotals(assets, shares);
        emit Deposit(payer, receiver, assets, shares);
        coin.safeTransferFrom(payer, address(DELEGATOR), assets);
        DELEGATOR.credit(assets, address(coin) == address(MATIC));
        TOKEN.mint(receiver, shares);
    }

    /// @dev The cap counts what has vested. The packed shares are a limit too, which only a pool that lost nearly
    /// everything comes near to; with nothing left in it a stake would buy nothing.
    function _room(uint256 pooled, uint256 supply) private view returns (uint256) {
        uint256 cap = _assetCap();
        if (pooled == 0 || cap <= pooled) return 0;
        // Neither factor has more than 104 bits.
        return Math.min(cap - pooled, ((type(uint104).max - supply) * pooled) / supply);
    }
}
