// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IBridgeAdapter} from "../../interfaces/IBridgeAdapter.sol";
import {IPolygonPool} from "../../interfaces/IPolygonPool.sol";
import {IFxRoot} from "../../interfaces/external/fx/IFxRoot.sol";
import {IRootChain} from "../../interfaces/external/fx/IRootChain.sol";
import {SelfEndingPause} from "../../shared/access/SelfEndingPause.sol";
import {TokenPermit} from "../../shared/access/TokenPermit.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {BridgeMessage} from "../../shared/messages/BridgeMessage.sol";
import {DailyLimit} from "../../shared/state/DailyLimit.sol";
import {ExitProof} from "./ExitProof.sol";

/// @title BridgeAdapter
/// @custom:security-contact SECURITY.md
/// @notice Called by holders, and by anyone with a proof; calls the pool's views, ankrMATIC, FxRoot and RootChain.
contract BridgeAdapter is IBridgeAdapter, Upgradeable, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using DailyLimit for RateLimiter.RefillingBucket;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using SelfEndingPause for uint32;
    using TokenPermit for TokenPermit.Permit;

    /// @dev The contracts around this one.
    struct Wiring {
        IFxRoot fxRoot;
        IRootChain rootChain;
        IPolygonPool pool;
        IAnkrMATIC token;
        address peer;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.BridgeAdapter
    struct BridgeStorage {
        // Word 0: all that `bridge` reads and writes. 96 bits hold all POL 7 times.
        uint96 locked;
        uint96 lockCap;
        uint32 pausedUntil;
        uint32 lastNonce;
        uint256 totalPending;
        RateLimiter.RefillingBucket releases;
        BitMaps.BitMap nonces;
        mapping(bytes32 exitId => bool) exits;
        mapping(address receiver => uint256 shares) pending;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.BridgeAdapter")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BRIDGE_STORAGE = 0xdffc18c29a5b0a7aa60c856b7a12d10eaa36ba9b374b4c0a9dd20d813a841600;

    /// @dev The lowest daily limit is this part of the highest.
    uint256 private constant FLOOR_PART = 10;

    /// @dev The highest daily limit that a `DailyLimit` can have.
    uint256 private constant MAX_CEILING = type(uint208).max;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IFxRoot public immutable FX_ROOT;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRootChain public immutable ROOT_CHAIN;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IPolygonPool public immutable POOL;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IAnkrMATIC public immutable TOKEN;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable PEER;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    uint256 public immutable RELEASE_FLOOR;

    /// @inheritdoc IBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    uint256 public immutable RELEASE_CEILING;

    /// @param wiring The contracts around this one; the peer is the bridge's end on Polygon, which is there before.
    /// @param releaseCeiling Highest daily limit of releases, shares.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring, uint256 releaseCeiling) {
        bool complete =
            address(wiring.fxRoot) != address(0) &&
                address(wiring.rootChain) != address(0) &&
                address(wiring.pool) != address(0) &&
                address(wiring.token) != address(0) &&
                wiring.peer != address(0);
        if (!complete) revert ZeroAddress();
        // Under a ceiling of nothing the limit could be nothing, and releases would stand still.
        if (releaseCeiling == 0 || releaseCeiling > MAX_CEILING) {
            revert ReleaseLimitOutOfBounds(releaseCeiling, 1, MAX_CEILING);
        }
        FX_ROOT = wiring.fxRoot;
        ROOT_CHAIN = wiring.rootChain;
        POOL = wiring.pool;
        TOKEN = wiring.token;
        PEER = wiring.peer;
        RELEASE_FLOOR = Math.ceilDiv(releaseCeiling, FLOOR_PART);
        RELEASE_CEILING = releaseCeiling;
    }

    /// @notice Sets the authority and the limits; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    /// @param lockCap Cap on what is locked, shares.
    /// @param releaseLimit Daily limit of releases, shares.
    function initialize(address authority, uint256 lockCap, uint256 releaseLimit) external initializer {
        __AccessManaged_init(authority);
        _setLockCap(lockCap);
        emit ReleaseLimitSet(0, releaseLimit);
        _state().releases.start(_bounded(releaseLimit, RELEASE_CEILING));
    }

    // ---------------------------------------------------------------- down

    /// @inheritdoc IBridgeAdapter
    function bridge(uint256 shares, address receiver) external nonReentrant returns (uint64 nonce) {
        return _bridge(shares, receiver);
    }

    /// @inheritdoc IBridgeAdapter
    function bridgeWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external nonReentrant returns (uint64 nonce) {
        permit.trySubmit(address(TOKEN));
        return _bridge(shares, receiver);
    }

    /// @inheritdoc IBridgeAdapter
    function syncRate() external nonReentrant returns (uint64 nonce) {
        BridgeStorage storage $ = _state();
        nonce = ++$.lastNonce;
        _send({kind: BridgeMessage.RATE, nonce: nonce, receiver: address(0), shares: 0});
    }

    // ---------------------------------------------------------------- up

    /// @inheritdoc IBridgeAdapter
    function receiveMessage(bytes calldata proof) external nonReentrant returns (uint256 paid) {
        (bytes32 exitId, address emitter, bytes memory message) = ExitProof.read(ROOT_CHAIN, proof);
        if (emitter != PEER) revert ForeignEmitter(emitter);
        BridgeMessage.Up memory withdrawal = BridgeMessage.decodeUp(message);
        BridgeStorage storage $ = _state();
        if ($.exits[exitId]) revert ExitConsumed(exitId);
        $.exits[exitId] = true;
        // The same withdrawal in another block, after a reorganisation unseen by its checkpoint, is another exit.
        if ($.nonces.get(withdrawal.nonce)) revert MessageConsumed(withdrawal.nonce);
        $.nonces.set(withdrawal.nonce);
        uint256 locked_ = $.locked;
        if (withdrawal.shares > locked_) revert AboveLocked(withdrawal.shares, locked_);
        $.locked = uint96(locked_ - withdrawal.shares);
        emit WithdrawalReceived({
            nonce: withdrawal.nonce,
            receiver: withdrawal.receiver,
            shares: withdrawal.shares,
            exitId: exitId
        });
        return _release(withdrawal.receiver, withdrawal.shares);
    }

    /// @inheritdoc IBridgeAdapter
    function payPending(address receiver) external nonReentrant returns (uint256 paid) {
        paid = _release(receiver, 0);
        if (paid == 0) revert NothingToPay(receiver);
    }

    // ---------------------------------------------------------------- governed

    /// @inheritdoc IBridgeAdapter
    function setLockCap(uint256 cap) external restricted {
        _setLockCap(cap);
    }

    /// @inheritdoc IBridgeAdapter
    function setReleaseLimit(uint256 limit) external restricted {
        _setReleaseLimit(_bounded(limit, RELEASE_CEILING));
    }

    /// @inheritdoc IBridgeAdapter
    function lowerReleaseLimit(uint256 limit) external restricted {
        _setReleaseLimit(_bounded(limit, _state().releases.limitOf()));
    }

    /// @inheritdoc IBridgeAdapter
    function pauseBridging(uint256 duration) external restricted {
        _setPause(_state().pausedUntil.start(duration));
    }

    /// @inheritdoc IBridgeAdapter
    function resumeBridging() external restricted {
        _setPause(_state().pausedUntil.stop());
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IBridgeAdapter
    function locked() external view returns (uint256) {
        return _state().locked;
    }

    /// @inheritdoc IBridgeAdapter
    function remainingLock() external view returns (uint256) {
        BridgeStorage storage $ = _state();
        return $.pausedUntil.isOn() ? 0 : Math.saturatingSub($.lockCap, $.locked);
    }

    /// @inheritdoc IBridgeAdapter
    function remainingRelease() external view returns (uint256) {
        return _state().releases.available();
    }

    /// @inheritdoc IBridgeAdapter
    function pendingOf(address receiver) external view returns (uint256) {
        return _state().pending[receiver];
    }

    /// @inheritdoc IBridgeAdapter
    function totalPending() external view returns (uint256) {
        return _state().totalPending;
    }

    /// @inheritdoc IBridgeAdapter
    function lastNonce() external view returns (uint64) {
        return _state().lastNonce;
    }

    /// @inheritdoc IBridgeAdapter
    function isConsumed(uint64 nonce) external view returns (bool) {
        return _state().nonces.get(nonce);
    }

    /// @inheritdoc IBridgeAdapter
    function parameters() external view returns (uint256 lockCap, uint256 releaseLimit, uint256 pausedUntil) {
        BridgeStorage storage $ = _state();
        return ($.lockCap, $.releases.limitOf(), $.pausedUntil);
    }

    // ---------------------------------------------------------------- internals

    function _bridge(uint256 shares, address receiver) private returns (uint64 nonce) {
        BridgeStorage storage $ = _state();
        // All at once: they are one word.
        (uint256 locked_, uint256 cap, uint32 pausedUntil, uint32 last) = (
            $.locked,
            $.lockCap,
            $.pausedUntil,
            $.lastNonce
        );
        if (pausedUntil.isOn()) revert BridgingIsPaused(pausedUntil);
        if (receiver == address(0)) revert ZeroAddress();
        if (receiver == PEER) revert ReceiverIsDeadEnd(receiver);
        if (shares == 0) revert ZeroShares();
        uint256 remaining = Math.saturatingSub(cap, locked_);
        if (shares > remaining) revert AboveLockCap(shares, remaining);
        nonce = last + 1;
        // Both fit: the first is within the cap, and the last number of 32 bits is out of reach.
        ($.locked, $.lastNonce) = (uint96(locked_ + shares), uint32(nonce));
        emit DepositSent({nonce: nonce, sender: msg.sender, receiver: receiver, shares: shares});
        IERC20(address(TOKEN)).safeTransferFrom(msg.sender, address(this), shares);
        _send({kind: BridgeMessage.DEPOSIT, nonce: nonce, receiver: receiver, shares: shares});
    }

    function _send(uint8 kind, uint64 nonce, address receiver, uint256 shares) private {
        (, , , uint256 lossCount) = POOL.parameters();
        BridgeMessage.Rate memory rate = BridgeMessage.Rate({
            totalAssets: POOL.totalAssets(),
            totalSupply: POOL.totalShares(),
            lossCount: lossCount,
            time: block.timestamp
        });
        emit RateSent({
            nonce: nonce,
            totalAssets: rate.totalAssets,
            totalSupply: rate.totalSupply,
            lossCount: rate.lossCount
        });
        FX_ROOT.sendMessageToChild(
            PEER,
            BridgeMessage.encodeDown(
                BridgeMessage.Down({kind: kind, nonce: nonce, receiver: receiver, shares: shares, rate: rate})
            )
        );
    }

    /// @dev Pays what is due to an account, as far as the limit goes: what waits, and what was added.
    function _release(address receiver, uint256 added) private returns (uint256 paid) {
        BridgeStorage storage $ = _state();
        uint256 waiting = $.pending[receiver];
        uint256 due = waiting + added;
        paid = Math.min(due, $.releases.available());
        $.releases.tryUse(paid);
        uint256 rest = due - paid;
        if (rest != waiting) {
            $.pending[receiver] = rest;
            $.totalPending = $.totalPending + rest - waiting;
        }
        emit Released({receiver: receiver, shares: paid, stillPending: rest});
        if (paid != 0) IERC20(address(TOKEN)).safeTransfer(receiver, paid);
    }

    function _bounded(uint256 limit, uint256 maximum) private view returns (uint256) {
        if (limit < RELEASE_FLOOR || limit > maximum) revert ReleaseLimitOutOfBounds(limit, RELEASE_FLOOR, maximum);
        return limit;
    }

    function _setReleaseLimit(uint256 limit) private {
        RateLimiter.RefillingBucket storage releases = _state().releases;
        emit ReleaseLimitSet(releases.limitOf(), limit);
        releases.change(limit);
    }

    function _setLockCap(uint256 cap) private {
        BridgeStorage storage $ = _state();
        emit LockCapSet($.lockCap, cap);
        $.lockCap = cap.toUint96();
    }

    function _setPause(uint32 until) private {
        _state().pausedUntil = until;
        emit BridgingPauseSet(msg.sender, until);
    }

    function _state() private pure returns (BridgeStorage storage $) {
        assembly {
            $.slot := BRIDGE_STORAGE
        }
    }
}
