// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAMATICb} from "../../interfaces/IAMATICb.sol";
import {IBondSwitcher} from "../../interfaces/IBondSwitcher.sol";
import {SelfEndingPause} from "../../shared/access/SelfEndingPause.sol";
import {TokenPermit} from "../../shared/access/TokenPermit.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {Bps} from "../../shared/math/Bps.sol";
import {DailyLimit} from "../../shared/state/DailyLimit.sol";

/// @title BondSwitcher
/// @custom:security-contact SECURITY.md
/// @notice Lets holders of aMATICb take the ankrMATIC behind it, for a fee, up to a cap. It keeps the count, aMATICb
/// pays out: no token ever comes here.
contract BondSwitcher is IBondSwitcher, Upgradeable, ReentrancyGuardTransient {
    using DailyLimit for RateLimiter.RefillingBucket;
    using SafeCast for uint256;
    using SelfEndingPause for uint32;
    using TokenPermit for TokenPermit.Permit;

    /// @custom:storage-location erc7201:ankrmatic.storage.BondSwitcher
    struct SwitchStorage {
        // Word 0, read and written by every switch. 96 bits hold all POL 7 times.
        uint96 cap;
        uint96 used;
        uint32 pausedUntil;
        uint16 feeBps;
        // False if there is no daily limit: the bucket is then not read.
        bool limited;
        RateLimiter.RefillingBucket daily;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.BondSwitcher")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SWITCH_STORAGE = 0x09ff998b29d0f7b5689de013461240f37d88406e425e05236c8295c834cd3300;

    /// @dev Highest fee, bps.
    uint256 private constant MAX_FEE_BPS = 100;

    /// @inheritdoc IBondSwitcher
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IAMATICb public immutable BOND;

    /// @inheritdoc IBondSwitcher
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable TREASURY;

    /// @param bond aMATICb.
    /// @param treasury Receives the fee.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IAMATICb bond, address treasury) {
        if (address(bond) == address(0) || treasury == address(0)) revert ZeroAddress();
        BOND = bond;
        TREASURY = treasury;
    }

    /// @notice Sets the parameters; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    /// @param feeBps Fee, bps.
    /// @param cap Shares that can be switched in all.
    /// @param dailyLimit Shares that can be switched in a day; 0 for no limit.
    function initialize(address authority, uint256 feeBps, uint256 cap, uint256 dailyLimit) external initializer {
        __AccessManaged_init(authority);
        _setFee(feeBps);
        _setCap(cap);
        _setDailyLimit(dailyLimit);
    }

    // ---------------------------------------------------------------- switching

    /// @inheritdoc IBondSwitcher
    function switchBonds(uint256 bonds, address receiver) external nonReentrant returns (uint256 received) {
        return _switchBonds(bonds, receiver);
    }

    /// @inheritdoc IBondSwitcher
    function switchShares(uint256 shares, address receiver) external nonReentrant returns (uint256 received) {
        return _switchShares(shares, receiver);
    }

    /// @inheritdoc IBondSwitcher
    function switchUpTo(
        uint256 shares,
        address receiver
    ) external nonReentrant returns (uint256 switched, uint256 received) {
        return _switchUpTo(shares, receiver);
    }

    /// @inheritdoc IBondSwitcher
    function switchBondsWithPermit(
        uint256 bonds,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external nonReentrant returns (uint256 received) {
        permit.trySubmit(address(BOND));
        return _switchBonds(bonds, receiver);
    }

    /// @inheritdoc IBondSwitcher
    function switchSharesWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external nonReentrant returns (uint256 received) {
        permit.trySubmit(address(BOND));
        return _switchShares(shares, receiver);
    }

    /// @inheritdoc IBondSwitcher
    function switchUpToWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external nonReentrant returns (uint256 switched, uint256 received) {
        permit.trySubmit(address(BOND));
        return _switchUpTo(shares, receiver);
    }

    // ---------------------------------------------------------------- governed

    /// @inheritdoc IBondSwitcher
    function setFee(uint256 bps) external restricted {
        _setFee(bps);
    }

    /// @inheritdoc IBondSwitcher
    function setCap(uint256 cap) external restricted {
        _setCap(cap);
    }

    /// @inheritdoc IBondSwitcher
    function setDailyLimit(uint256 limit) external restricted {
        _setDailyLimit(limit);
    }

    /// @inheritdoc IBondSwitcher
    function pauseSwitches(uint256 duration) external restricted {
        _setPause(_state().pausedUntil.start(duration));
    }

    /// @inheritdoc IBondSwitcher
    function resumeSwitches() external restricted {
        _setPause(_state().pausedUntil.stop());
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IBondSwitcher
    function remaining() public view returns (uint256 shares) {
        SwitchStorage storage $ = _state();
        return Math.saturatingSub($.cap, $.used);
    }

    /// @inheritdoc IBondSwitcher
    function available() public view returns (uint256 shares) {
        SwitchStorage storage $ = _state();
        if ($.pausedUntil.isOn()) return 0;
        shares = remaining();
        if ($.limited) shares = Math.min(shares, $.daily.available());
    }

    /// @inheritdoc IBondSwitcher
    function previewSwitch(
        address holder,
        uint256 bonds
    ) external view returns (uint256 shares, uint256 received, uint256 fee) {
        shares = BOND.sharesToMove(holder, bonds);
        (received, fee) = previewSwitchShares(shares);
    }

    /// @inheritdoc IBondSwitcher
    function previewSwitchShares(uint256 shares) public view returns (uint256 received, uint256 fee) {
        fee = Bps.ceil(shares, _state().feeBps);
        received = shares - fee;
    }

    /// @inheritdoc IBondSwitcher
    function parameters()
        external
        view
        returns (uint256 feeBps, uint256 cap, uint256 used, uint256 dailyLimit, uint256 pausedUntil)
    {
        SwitchStorage storage $ = _state();
        return ($.feeBps, $.cap, $.used, $.daily.limitOf(), $.pausedUntil);
    }

    // ---------------------------------------------------------------- internals

    function _switchBonds(uint256 bonds, address receiver) private returns (uint256 received) {
        uint256 fee;
        (received, fee) = _account(BOND.sharesToMove(msg.sender, bonds), receiver);
        BOND.releaseBonds({holder: msg.sender, bonds: bonds, receiver: receiver, treasury: TREASURY, fee: fee});
    }

    function _switchUpTo(uint256 shares, address receiver) private returns (uint256 switched, uint256 received) {
        switched = Math.min(shares, Math.min(available(), BOND.sharesOf(msg.sender)));
        received = _switchShares(switched, receiver);
    }

    function _switchShares(uint256 shares, address receiver) private returns (uint256 received) {
        uint256 fee;
        (received, fee) = _account(shares, receiver);
        BOND.releaseShares({holder: msg.sender, shares: shares, receiver: receiver, treasury: TREASURY, fee: fee});
    }

    /// @dev Checks and counts a switch before aMATICb pays it out.
    function _account(uint256 shares, address receiver) private returns (uint256 received, uint256 fee) {
        SwitchStorage storage $ = _state();
        // All at once: they are one word.
        (uint256 cap, uint256 used, uint32 pausedUntil, uint256 feeBps, bool limited) = (
            $.cap,
            $.used,
            $.pausedUntil,
            $.feeBps,
            $.limited
        );
        if (pausedUntil.isOn()) revert SwitchesArePaused(pausedUntil);
        _checkReceiver(receiver);
        if (shares == 0) revert ZeroShares();
        uint256 left = Math.saturatingSub(cap, used);
        if (shares > left) revert AboveRemaining(shares, left);
        fee = Bps.ceil(shares, feeBps);
        received = shares - fee;
        if (received == 0) revert NothingAfterFee(shares, fee);
        if (limited && !$.daily.tryUse(shares)) revert AboveDailyLimit(shares, $.daily.available());
        // Within the cap, by the check above.
        $.used = uint96(used + shares);
        emit Switched({holder: msg.sender, receiver: receiver, shares: shares, fee: fee});
    }

    /// @dev Neither here nor at aMATICb could anyone move it on.
    function _checkReceiver(address receiver) private view {
        if (receiver == address(0)) revert ZeroAddress();
        if (receiver == address(this) || receiver == address(BOND)) revert ReceiverIsDeadEnd(receiver);
    }

    function _setFee(uint256 bps) private {
        if (bps > MAX_FEE_BPS) revert FeeOutOfBounds(bps, MAX_FEE_BPS);
        SwitchStorage storage $ = _state();
        emit SwitchFeeSet($.feeBps, bps);
        // At most MAX_FEE_BPS.
        $.feeBps = uint16(bps);
    }

    function _setCap(uint256 cap) private {
        SwitchStorage storage $ = _state();
        emit SwitchCapSet($.cap, cap);
        $.cap = cap.toUint96();
    }

    /// @dev A limit after none starts full.
    function _setDailyLimit(uint256 limit) private {
        SwitchStorage storage $ = _state();
        emit DailyLimitSet($.daily.limitOf(), limit);
        uint96 packed = limit.toUint96();
        if ($.limited) $.daily.change(packed);
        else $.daily.start(packed);
        $.limited = limit != 0;
    }

    function _setPause(uint32 until) private {
        _state().pausedUntil = until;
        emit SwitchesPauseSet(msg.sender, until);
    }

    function _state() private pure returns (SwitchStorage storage $) {
        assembly {
            $.slot := SWITCH_STORAGE
        }
    }
}
