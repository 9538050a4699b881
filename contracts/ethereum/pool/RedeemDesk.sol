// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILiveNames} from "../../interfaces/ILiveNames.sol";
import {IPoolRedeems} from "../../interfaces/IPoolRedeems.sol";
import {IERC7540Operator} from "../../interfaces/standards/IERC7540Operator.sol";
import {IERC7540Redeem} from "../../interfaces/standards/IERC7540Redeem.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";
import {RequestId} from "../../shared/math/RequestId.sol";
import {RequestWindow} from "../../shared/state/RequestWindow.sol";
import {ExitLedger} from "./ExitLedger.sol";

/// @title Requests and claims
/// @notice Takes requests to unstake and pays what can be claimed, each to its controller's order alone.
abstract contract RedeemDesk is ExitLedger {
    using RequestWindow for RequestWindow.Window;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Most ids that one claim takes.
    uint256 private constant MAX_IDS_PER_CALL = 100;

    /// @dev An open batch whose units are worth less than 1/1,000 takes no requests: their units might not fit.
    uint256 private constant MAX_UNITS_PER_ASSET = 1_000;

    // ---------------------------------------------------------------- requests

    /// @inheritdoc IERC7540Operator
    function setOperator(address operator, bool approved) external returns (bool success) {
        _exits().operators[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @inheritdoc IERC7540Redeem
    /// @dev Caller: the owner, its operator, or a holder of its ERC-20 allowance, which is spent. The controller is the
    /// owner, the caller, or one that made the caller its operator; the legacy bond may name any for its own shares.
    /// Errors: `ZeroShares`, `ZeroAssets`, `ZeroAddress`, `ControllerNotConsenting`, `OpenBatchWorthless`, and
    /// ERC-6093's of the share.
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external nonReentrant returns (uint256 requestId) {
        (requestId, ) = _request(shares, controller, owner);
    }

    // ---------------------------------------------------------------- claims

    /// @inheritdoc IERC7575
    /// @dev Caller: the controller or its operator. Oldest claimable requests first; of the last one the assets are
    /// rounded down, what is left stays with it. Zero shares are a no-op. Errors: `NotController`,
    /// `InsufficientClaimable`, `ZeroAddress`.
    function redeem(
        uint256 shares,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        (, assets) = _take(shares, receiver, controller, true);
    }

    /// @inheritdoc IERC7575
    /// @dev As `redeem`; of the last request the shares are rounded up, but never to all of them while assets are left.
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 shares) {
        (shares, ) = _take(assets, receiver, controller, false);
    }

    /// @inheritdoc IPoolRedeems
    function claim(
        uint256[] calldata ids,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        assets = _claim(ids, receiver, controller);
        _payPol(receiver, assets);
    }

    /// @inheritdoc IPoolRedeems
    function claimInMatic(
        uint256[] calldata ids,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        assets = _claim(ids, receiver, controller);
        emit PaidInMatic(controller, receiver, assets);
        POL.forceApprove(address(MIGRATION), assets);
        MIGRATION.unmigrateTo(receiver, assets);
    }

    /// @inheritdoc IPoolRedeems
    function claimLate(
        uint256[] calldata ids,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        _checkClaim(receiver, controller, ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            Late storage late = _exits().lateRequests[ids[i]];
            (, address owner) = RequestId.decode(ids[i]);
            if (owner != controller) revert NotController(controller, owner);
            uint256 part = lateAssetsOf(ids[i]);
            late.assets += part;
            assets += part;
            emit LatePaid(ids[i], receiver, part);
        }
        // Its shares were settled with the first payment.
        _settle(receiver, controller, assets, 0);
        _payPol(receiver, assets);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IERC7540Operator
    function isOperator(address controller, address operator) public view returns (bool status) {
        return _exits().operators[controller][operator];
    }

    /// @inheritdoc IERC7540Redeem
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 pendingShares) {
        return _sharesOf(requestId, controller, false);
    }

    /// @inheritdoc IERC7540Redeem
    function claimableRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 claimableShares) {
        return _sharesOf(requestId, controller, true);
    }

    /// @inheritdoc IERC7575
    function maxRedeem(address controller) external view returns (uint256 maxShares) {
        (maxShares, ) = _claimable(controller);
    }

    /// @inheritdoc IERC7575
    function maxWithdraw(address controller) external view returns (uint256 maxAssets) {
        (, maxAssets) = _claimable(controller);
    }

    /// @inheritdoc IERC7575
    function previewRedeem(uint256) external pure returns (uint256) {
        revert AsynchronousRedeem();
    }

    /// @inheritdoc IERC7575
    function previewWithdraw(uint256) external pure returns (uint256) {
        revert AsynchronousRedeem();
    }

    // ---------------------------------------------------------------- internals: requests

    function _request(
        uint256 shares,
        address controller,
        address owner
    ) internal returns (uint256 requestId, uint256 assets) {
        if (shares == 0) revert ZeroShares();
        if (controller == address(0)) revert ZeroAddress();
        _checkConsent(controller, owner);
        assets = convertToAssets(shares);
        if (assets == 0) revert ZeroAssets();
        // First of all, because it checks balance and allowance; the share calls nobody.
        bool own = msg.sender == owner || isOperator(owner, msg.sender);
        TOKEN.burn(owner, own ? owner : msg.sender, shares);

        _subTotals(assets, shares);
        requestId = _enqueue(controller, shares, assets);
        emit RedeemRequest({
            controller: controller,
            owner: owner,
            requestId: requestId,
            sender: msg.sender,
            shares: shares
        });
        emit RequestQueued(requestId, assets);
    }

    /// @dev Nobody files for a controller who did not allow it: its open requests are found by a loop.
    function _checkConsent(address controller, address owner) private view {
        if (controller == owner || controller == msg.sender) return;
        if (msg.sender == owner && owner == LEGACY_BOND) return;
        if (!isOperator(controller, msg.sender)) revert ControllerNotConsenting(controller, msg.sender);
    }

    function _enqueue(address controller, uint256 shares, uint256 assets) private returns (uint256 requestId) {
        ExitStorage storage $ = _exits();
        uint256 batch = $.openBatch;
        requestId = RequestId.encode(batch, controller);
        uint256 openAssets = $.openAssets;
        uint256 openUnits = $.openUnits;
        uint256 units = assets;
        if (openUnits != openAssets) {
            if (openAssets * MAX_UNITS_PER_ASSET < openUnits) revert OpenBatchWorthless(batch);
            units = (assets * openUnits) / openAssets;
        }
        // Checked before they are written, so that each word is written once.
        (uint104 newAssets, uint104 newUnits) = ((openAssets + assets).toUint104(), (openUnits + units).toUint104());
        ($.openAssets, $.openUnits) = (newAssets, newUnits);
        if (_addTo($.requests[requestId], shares, units)) $.windows[controller].add(batch);
    }

    /// @return isNew True if the request was empty; one that has shares is in its controller's window.
    function _addTo(Request storage request, uint256 shares, uint256 units) private returns (bool isNew) {
        (uint256 heldShares, uint256 heldUnits) = (request.shares, request.assets);
        (uint104 newShares, uint104 newUnits) = ((heldShares + shares).toUint104(), (heldUnits + units).toUint104());
        (request.shares, request.assets) = (newShares, newUnits);
        return heldShares == 0;
    }

    // ---------------------------------------------------------------- internals: claims

    function _checkClaim(address receiver, address controller, uint256 ids) private view {
        if (msg.sender != controller && !isOperator(controller, msg.sender)) {
            revert NotController(msg.sender, controller);
        }
        if (receiver == address(0)) revert ZeroAddress();
        if (ids > MAX_IDS_PER_CALL) revert TooManyIds(ids, MAX_IDS_PER_CALL);
    }

    /// @dev Takes `amount` shares, or assets, of the controller's claimable requests and pays POL.
    function _take(
        uint256 amount,
        address receiver,
        address controller,
        bool inShares
    ) private returns (uint256 shares, uint256 assets) {
        _checkClaim(receiver, controller, 0);
        uint256[] memory batches = _exits().windows[controller].list();
        uint256 left = amount;
        for (uint256 i = 0; i < batches.length && left != 0; ++i) {
            (Request storage request, uint256 heldShares, uint256 heldAssets) = _touch(batches[i], controller);
            uint256 part = Math.min(inShares ? heldShares : heldAssets, left);
            if (part == 0) continue;
            left -= part;
            (uint256 partShares, uint256 partAssets) = inShares
                ? (part, part == heldShares ? heldAssets : (heldAssets * part) / heldShares)
                : (_sharesFor(part, heldShares, heldAssets), part);
            if (partShares == heldShares) {
                _clear(batches[i], controller);
            } else {
                // Less than what was there.
                request.shares = uint104(heldShares - partShares);
                request.assets = uint104(heldAssets - partAssets);
            }
            shares += partShares;
            assets += partAssets;
        }
        if (left != 0) revert InsufficientClaimable(controller, amount, amount - left);
        _settle(receiver, controller, assets, shares);
        _payPol(receiver, assets);
    }

    /// @dev Shares for `part` of the assets, rounded up; while assets are left a share is too.
    function _sharesFor(uint256 part, uint256 heldShares, uint256 heldAssets) private pure returns (uint256) {
        if (part == heldAssets) return heldShares;
        return Math.min(Math.ceilDiv(heldShares * part, heldAssets), heldShares - 1);
    }

    function _claim(uint256[] calldata ids, address receiver, address controller) private returns (uint256 assets) {
        _checkClaim(receiver, controller, ids.length);
        uint256 shares = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            (uint256 batch, address owner) = RequestId.decode(ids[i]);
            if (owner != controller) revert NotController(controller, owner);
            (, uint256 heldShares, uint256 heldAssets) = _touch(batch, controller);
            if (heldShares == 0) revert NothingToClaim(ids[i], _exits().batches[batch].state);
            _clear(batch, controller);
            shares += heldShares;
            assets += heldAssets;
        }
        _settle(receiver, controller, assets, shares);
        emit ILiveNames.ClaimsServed(receiver, assets);
    }

    function _settle(address receiver, address controller, uint256 assets, uint256 shares) private {
        ExitStorage storage $ = _exits();
        // Less than it was.
        $.reserved = uint96($.reserved - assets);
        emit Withdraw({sender: msg.sender, receiver: receiver, owner: controller, assets: assets, shares: shares});
    }

    /// @dev What the controller has in a batch; nothing if the batch cannot be claimed. At the first touch in a batch
    /// that was paid short the request's units become assets for good.
    function _touch(
        uint256 batch,
        address controller
    ) private returns (Request storage request, uint256 shares, uint256 assets) {
        ExitStorage storage $ = _exits();
        uint256 id = RequestId.encode(batch, controller);
        request = $.requests[id];
        Batch storage b = $.batches[batch];
        BatchState state = b.state;
        if (!_isClaimable(state)) return (request, 0, 0);
        bool touched;
        (shares, assets, touched) = (request.shares, request.assets, request.touched);
        // A request that was paid is empty; its batch, paid short, may have no units left to divide by.
        if (shares == 0 || touched || state == BatchState.Claimable) return (request, shares, assets);

        uint104 units = uint104(assets);
        assets = (assets * b.received) / b.units;
        b.units -= units;
        b.received -= assets.toUint104();
        if ($.lateBatches[batch].units != 0) $.lateRequests[id].units = units;
        request.assets = assets.toUint104();
        request.touched = true;
    }

    function _clear(uint256 batch, address controller) private {
        delete _exits().requests[RequestId.encode(batch, controller)];
        _exits().windows[controller].remove(batch);
    }

    // ---------------------------------------------------------------- internals: views

    function _sharesOf(uint256 requestId, address controller, bool claimable) private view returns (uint256) {
        (uint256 batch, address owner) = RequestId.decode(requestId);
        if (owner != controller || _isClaimable(_exits().batches[batch].state) != claimable) return 0;
        return _exits().requests[requestId].shares;
    }

    function _claimable(address controller) private view returns (uint256 shares, uint256 assets) {
        uint256[] memory batches = _exits().windows[controller].list();
        for (uint256 i = 0; i < batches.length; ++i) {
            Batch storage b = _exits().batches[batches[i]];
            if (!_isClaimable(b.state)) continue;
            Request storage request = _exits().requests[RequestId.encode(batches[i], controller)];
            shares += request.shares;
            assets += _valueOf(b, request);
        }
    }
}
