// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAMATICb} from "../../interfaces/IAMATICb.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IPolygonPool} from "../../interfaces/IPolygonPool.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {BondGenesis} from "./BondGenesis.sol";
import {BondLedger} from "./BondLedger.sol";

/// @title AMATICb
/// @custom:security-contact SECURITY.md
/// @notice The old, rebasing token of the same stake: one share of it is one ankrMATIC that it holds. Called by holders
/// and by the switcher. There are two ways out, a request to unstake and a switch, and after the genesis none in.
contract AMATICb is BondGenesis, Upgradeable {
    using SafeERC20 for IAnkrMATIC;

    /// @inheritdoc IAMATICb
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable SWITCHER;

    modifier onlySwitcher() {
        if (msg.sender != SWITCHER) revert NotSwitcher(msg.sender);
        _;
    }

    /// @param token ankrMATIC.
    /// @param pool The pool; it must have been deployed with this contract's address as its legacy bond.
    /// @param switcher The switcher, which may not be deployed yet.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IAnkrMATIC token, IPolygonPool pool, address switcher) BondLedger(token, pool) {
        if (switcher == address(0)) revert ZeroAddress();
        SWITCHER = switcher;
    }

    /// @notice Sets name, permit domain, authority and the list of the genesis; runs once, at the construction of the
    /// proxy.
    /// @param authority The AccessManager.
    /// @param genesisRoot Root of the tree over the batches.
    /// @param genesisBatches Number of batches.
    function initialize(address authority, bytes32 genesisRoot, uint256 genesisBatches) external initializer {
        __ERC20_init("Ankr MATIC Reward Earning Bond", "aMATICb");
        __ERC20Permit_init("Ankr MATIC Reward Earning Bond");
        __AccessManaged_init(authority);
        _setGenesis(genesisRoot, genesisBatches);
    }

    // ---------------------------------------------------------------- leaving

    /// @inheritdoc IAMATICb
    function unstakeBonds(uint256 bonds) external nonReentrant returns (uint256 requestId) {
        return _unstake(sharesToMove(msg.sender, bonds), bonds);
    }

    /// @inheritdoc IAMATICb
    function unstakeShares(uint256 shares) external nonReentrant returns (uint256 requestId) {
        return _unstake(shares, sharesToBonds(shares));
    }

    /// @inheritdoc IAMATICb
    function releaseBonds(
        address holder,
        uint256 bonds,
        address receiver,
        address treasury,
        uint256 fee
    ) external onlySwitcher nonReentrant {
        _spendAllowance(holder, msg.sender, bonds);
        uint256 shares = sharesToMove(holder, bonds);
        _take(holder, shares, bonds);
        _pay({shares: shares, receiver: receiver, treasury: treasury, fee: fee});
    }

    /// @inheritdoc IAMATICb
    function releaseShares(
        address holder,
        uint256 shares,
        address receiver,
        address treasury,
        uint256 fee
    ) external onlySwitcher nonReentrant {
        _take(holder, shares, _chargeShares(holder, shares));
        _pay({shares: shares, receiver: receiver, treasury: treasury, fee: fee});
    }

    // ---------------------------------------------------------------- internals

    /// @dev The controller is always the caller: the pool lets this contract name any, and files for nobody else.
    function _unstake(uint256 shares, uint256 bonds) private returns (uint256 requestId) {
        _take(msg.sender, shares, bonds);
        return POOL.requestRedeem(shares, msg.sender, address(this));
    }

    function _pay(uint256 shares, address receiver, address treasury, uint256 fee) private {
        TOKEN.safeTransfer(receiver, shares - fee);
        TOKEN.safeTransfer(treasury, fee);
    }
}
