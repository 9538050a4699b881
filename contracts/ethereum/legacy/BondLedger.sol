// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAMATICb} from "../../interfaces/IAMATICb.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IPolygonPool} from "../../interfaces/IPolygonPool.sol";
import {ShareMath} from "../../shared/math/ShareMath.sol";

/// @title Shares that are shown as bonds
/// @notice Who holds which shares, and the ERC-20 face of them. Every other part of aMATICb inherits it.
/// @dev Allowances, permits, and the checks of zero addresses are OpenZeppelin's, whose own balances stay empty.
abstract contract BondLedger is IAMATICb, ERC20PermitUpgradeable {
    /// @custom:storage-location erc7201:ankrmatic.storage.BondLedger
    struct BondStorage {
        uint256 totalShares;
        mapping(address account => uint256) shares;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.BondLedger")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BOND_STORAGE = 0x81e4e9183a4082373699f8915c93d37859c901cb1a51d0f42c625e6f75060f00;

    /// @inheritdoc IAMATICb
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IAnkrMATIC public immutable TOKEN;

    /// @inheritdoc IAMATICb
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IPolygonPool public immutable POOL;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IAnkrMATIC token, IPolygonPool pool) {
        if (address(token) == address(0) || address(pool) == address(0)) revert ZeroAddress();
        TOKEN = token;
        POOL = pool;
    }

    // ---------------------------------------------------------------- shares

    /// @inheritdoc IAMATICb
    function transferShares(address to, uint256 shares) external returns (uint256 bonds) {
        bonds = sharesToBonds(shares);
        _transferShares(msg.sender, to, shares, bonds);
    }

    /// @inheritdoc IAMATICb
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256 bonds) {
        bonds = _chargeShares(from, shares);
        _transferShares(from, to, shares, bonds);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IERC20
    /// @dev In bonds, rounded down.
    function balanceOf(address account) public view override(ERC20Upgradeable, IERC20) returns (uint256) {
        return sharesToBonds(_bonds().shares[account]);
    }

    /// @inheritdoc IERC20
    /// @dev In bonds, rounded down: not below the sum of the balances.
    function totalSupply() public view override(ERC20Upgradeable, IERC20) returns (uint256) {
        return sharesToBonds(_bonds().totalShares);
    }

    /// @inheritdoc IAMATICb
    function sharesOf(address account) external view returns (uint256 shares) {
        return _bonds().shares[account];
    }

    /// @inheritdoc IAMATICb
    function totalSharesSupply() public view returns (uint256 shares) {
        return _bonds().totalShares;
    }

    /// @inheritdoc IAMATICb
    function sharesToMove(address holder, uint256 bonds) public view returns (uint256 shares) {
        (uint256 totalAssets, uint256 totalShares) = _totals();
        uint256 held = _bonds().shares[holder];
        uint256 balance = ShareMath.assetsForSharesFloor(held, totalAssets, totalShares);
        if (bonds > balance) revert ERC20InsufficientBalance(holder, balance, bonds);
        // Nothing of a whole balance stays behind, where a loss made a share worth less than a wei.
        if (bonds == balance && bonds != 0) return held;
        return ShareMath.sharesForAssetsCeil(bonds, totalAssets, totalShares);
    }

    /// @inheritdoc IAMATICb
    function sharesToBonds(uint256 shares) public view returns (uint256 bonds) {
        return POOL.convertToAssets(shares);
    }

    /// @inheritdoc IAMATICb
    function bondsToShares(uint256 bonds) external view returns (uint256 shares) {
        return POOL.convertToShares(bonds);
    }

    /// @inheritdoc IAMATICb
    function ratio() external view returns (uint256) {
        return TOKEN.ratio();
    }

    /// @inheritdoc IAMATICb
    function isRebasing() external pure returns (bool) {
        return true;
    }

    // ---------------------------------------------------------------- for the other parts

    /// @dev Transfers of bonds: OpenZeppelin's functions come here.
    function _update(address from, address to, uint256 bonds) internal override {
        _move({from: from, to: to, shares: sharesToMove(from, bonds), bonds: bonds});
    }

    function _issue(address to, uint256 shares, uint256 bonds) internal {
        BondStorage storage $ = _bonds();
        $.shares[to] += shares;
        $.totalShares += shares;
        _emit({from: address(0), to: to, shares: shares, bonds: bonds});
    }

    /// @dev Takes shares out; what they stand for must leave in the same call.
    function _take(address from, uint256 shares, uint256 bonds) internal {
        _debit(from, shares);
        _bonds().totalShares -= shares;
        _emit({from: from, to: address(0), shares: shares, bonds: bonds});
    }

    /// @dev Charges the allowance the worth of shares, rounded up, and never nothing: an allowance of zero moves no
    /// share, however little it is worth.
    /// @return bonds Their worth, rounded down.
    function _chargeShares(address from, uint256 shares) internal returns (uint256 bonds) {
        (uint256 totalAssets, uint256 totalShares) = _totals();
        bonds = ShareMath.assetsForSharesFloor(shares, totalAssets, totalShares);
        uint256 charge = ShareMath.assetsForSharesCeil(shares, totalAssets, totalShares);
        _spendAllowance(from, msg.sender, shares == 0 ? 0 : Math.max(charge, 1));
    }

    function _transferShares(address from, address to, uint256 shares, uint256 bonds) private {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        _move({from: from, to: to, shares: shares, bonds: bonds});
    }

    /// @dev What is sent to this contract itself could never leave it again.
    function _move(address from, address to, uint256 shares, uint256 bonds) private {
        if (to == address(this)) revert ERC20InvalidReceiver(to);
        _debit(from, shares);
        // After the debit: the two may be the same.
        _bonds().shares[to] += shares;
        _emit({from: from, to: to, shares: shares, bonds: bonds});
    }

    function _debit(address from, uint256 shares) private {
        BondStorage storage $ = _bonds();
        uint256 held = $.shares[from];
        if (held < shares) revert InsufficientShares(from, held, shares);
        $.shares[from] = held - shares;
    }

    function _emit(address from, address to, uint256 shares, uint256 bonds) private {
        emit Transfer(from, to, bonds);
        emit TransferShares(from, to, shares);
    }

    function _totals() private view returns (uint256 totalAssets, uint256 totalShares) {
        return (POOL.totalAssets(), POOL.totalShares());
    }

    function _bonds() private pure returns (BondStorage storage $) {
        assembly {
            $.slot := BOND_STORAGE
        }
    }
}
