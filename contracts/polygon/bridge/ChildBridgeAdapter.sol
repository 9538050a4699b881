// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IChildAnkrMATIC} from "../../interfaces/IChildAnkrMATIC.sol";
import {IChildBridgeAdapter} from "../../interfaces/IChildBridgeAdapter.sol";
import {IRatioFeed} from "../../interfaces/IRatioFeed.sol";
import {TokenPermit} from "../../shared/access/TokenPermit.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {BridgeMessage} from "../../shared/messages/BridgeMessage.sol";

/// @title ChildBridgeAdapter
/// @custom:security-contact SECURITY.md
/// @notice Called by FxChild, and by holders; calls ankrMATIC on Polygon and the feed. What a message costs does not
/// depend on what came before.
contract ChildBridgeAdapter is IChildBridgeAdapter, Upgradeable, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;
    using TokenPermit for TokenPermit.Permit;

    /// @dev The contracts around this one.
    struct Wiring {
        address fxChild;
        IChildAnkrMATIC token;
        IRatioFeed feed;
        address peer;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.ChildBridgeAdapter
    struct ChildBridgeStorage {
        // Word 0. Both sums are within what is locked on Ethereum, which is kept in 96 bits.
        uint96 minted;
        uint96 totalPending;
        uint64 lastNonce;
        BitMaps.BitMap nonces;
        mapping(address receiver => uint256 shares) pending;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.ChildBridgeAdapter")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant CHILD_BRIDGE_STORAGE = 0x17258ee04e96d907193554b5b549ef10b124300a22fc15f407be716dcd283200;

    /// @inheritdoc IChildBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable FX_CHILD;

    /// @inheritdoc IChildBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IChildAnkrMATIC public immutable TOKEN;

    /// @inheritdoc IChildBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRatioFeed public immutable FEED;

    /// @inheritdoc IChildBridgeAdapter
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable PEER;

    /// @param wiring The contracts around this one; the peer is the bridge's end on Ethereum.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring) {
        bool complete =
            wiring.fxChild != address(0) &&
                address(wiring.token) != address(0) &&
                address(wiring.feed) != address(0) &&
                wiring.peer != address(0);
        if (!complete) revert ZeroAddress();
        FX_CHILD = wiring.fxChild;
        TOKEN = wiring.token;
        FEED = wiring.feed;
        PEER = wiring.peer;
    }

    /// @notice Sets the authority; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    // ---------------------------------------------------------------- down

    /// @inheritdoc IChildBridgeAdapter
    function processMessageFromRoot(uint256, address rootMessageSender, bytes calldata data) external nonReentrant {
        if (msg.sender != FX_CHILD) revert NotFxChild(msg.sender);
        if (rootMessageSender != PEER) revert ForeignSender(rootMessageSender);
        BridgeMessage.Down memory message = BridgeMessage.decodeDown(data);
        ChildBridgeStorage storage $ = _state();
        if ($.nonces.get(message.nonce)) revert MessageConsumed(message.nonce);
        $.nonces.set(message.nonce);
        if (message.kind == BridgeMessage.DEPOSIT) {
            emit DepositReceived({nonce: message.nonce, receiver: message.receiver, shares: message.shares});
            _mint(message.receiver, message.shares);
        }
        FEED.push(message.nonce, message.rate);
    }

    /// @inheritdoc IChildBridgeAdapter
    function payPending(address receiver) external nonReentrant returns (uint256 paid) {
        paid = _mint(receiver, 0);
        if (paid == 0) revert NothingToPay(receiver);
    }

    // ---------------------------------------------------------------- up

    /// @inheritdoc IChildBridgeAdapter
    function withdraw(uint256 shares, address receiver) external nonReentrant returns (uint64 nonce) {
        return _withdraw(shares, receiver);
    }

    /// @inheritdoc IChildBridgeAdapter
    function withdrawWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external nonReentrant returns (uint64 nonce) {
        permit.trySubmit(address(TOKEN));
        return _withdraw(shares, receiver);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IChildBridgeAdapter
    function remainingMint() public view returns (uint256) {
        return TOKEN.mintingCurrentLimitOf(address(this));
    }

    /// @inheritdoc IChildBridgeAdapter
    function remainingWithdrawal() external view returns (uint256) {
        return Math.min(TOKEN.burningCurrentLimitOf(address(this)), _state().minted);
    }

    /// @inheritdoc IChildBridgeAdapter
    function minted() external view returns (uint256) {
        return _state().minted;
    }

    /// @inheritdoc IChildBridgeAdapter
    function pendingOf(address receiver) external view returns (uint256) {
        return _state().pending[receiver];
    }

    /// @inheritdoc IChildBridgeAdapter
    function totalPending() external view returns (uint256) {
        return _state().totalPending;
    }

    /// @inheritdoc IChildBridgeAdapter
    function lastNonce() external view returns (uint64) {
        return _state().lastNonce;
    }

    /// @inheritdoc IChildBridgeAdapter
    function isConsumed(uint64 nonce) external view returns (bool) {
        return _state().nonces.get(nonce);
    }

    // ---------------------------------------------------------------- internals

    /// @dev Mints what is due to an account, as far as the limit goes: what waits, and what was added.
    function _mint(address receiver, uint256 added) private returns (uint256 paid) {
        ChildBridgeStorage storage $ = _state();
        uint256 waiting = $.pending[receiver];
        uint256 due = waiting + added;
        paid = Math.min(due, remainingMint());
        uint256 rest = due - paid;
        if (rest != waiting) $.pending[receiver] = rest;
        (uint256 minted_, uint256 pending) = ($.minted, $.totalPending);
        ($.minted, $.totalPending) = ((minted_ + paid).toUint96(), (pending + rest - waiting).toUint96());
        emit Minted({receiver: receiver, shares: paid, stillPending: rest});
        if (paid != 0) TOKEN.mint(receiver, paid);
    }

    function _withdraw(uint256 shares, address receiver) private returns (uint64 nonce) {
        if (receiver == address(0)) revert ZeroAddress();
        if (receiver == PEER) revert ReceiverIsDeadEnd(receiver);
        if (shares == 0) revert ZeroShares();
        ChildBridgeStorage storage $ = _state();
        uint256 minted_ = $.minted;
        if (shares > minted_) revert AboveMinted(shares, minted_);
        nonce = $.lastNonce + 1;
        ($.minted, $.lastNonce) = (uint96(minted_ - shares), nonce);
        emit WithdrawalSent({nonce: nonce, sender: msg.sender, receiver: receiver, shares: shares});
        emit MessageSent(BridgeMessage.encodeUp(BridgeMessage.Up({nonce: nonce, receiver: receiver, shares: shares})));
        TOKEN.burn(msg.sender, shares);
    }

    function _state() private pure returns (ChildBridgeStorage storage $) {
        assembly {
            $.slot := CHILD_BRIDGE_STORAGE
        }
    }
}
