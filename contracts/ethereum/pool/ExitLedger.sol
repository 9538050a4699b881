// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPoolLedger} from "../../interfaces/IPoolLedger.sol";
import {IPoolRedeems} from "../../interfaces/IPoolRedeems.sol";
import {RequestId} from "../../shared/math/RequestId.sol";
import {RequestWindow} from "../../shared/state/RequestWindow.sol";
import {PoolLedger} from "./PoolLedger.sol";

/// @title What is owed to those who leave
/// @notice State of requests and batches, shared by the desk that takes requests and pays claims and the one that
/// settles batches.
/// @dev A request holds *units* of its batch: one unit is one wei, unless a loss was booked while the batch was open.
/// Later requests then get more units for their assets, so that a loss meets only those who were in the batch when it
/// was booked.
///
/// The owed side of the books is three sums: `openAssets + unsold` that is still in the pool's stake, `sold` that is
/// unbonding, and `reserved` that is here.
///
/// All amounts are below 2^104, so that a product of two never overflows.
abstract contract ExitLedger is IPoolRedeems, PoolLedger {
    using RequestWindow for RequestWindow.Window;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev One controller's request in one batch.
    struct Request {
        uint104 shares;
        // Units; POL wei once touched.
        uint104 assets;
        // True from the first claim on, if the batch was paid short.
        bool touched;
    }

    /// @dev Once a batch can be claimed short, `units` and `received` are those of the requests that were not touched:
    /// each takes its part of what is left, rounded down, and the last one all.
    // One word: the rule counts the enumeration as 32 bytes.
    // solhint-disable-next-line gas-struct-packing
    struct Batch {
        uint104 units;
        uint104 received;
        BatchState state;
        // True while sales of it are unbonding.
        bool sliced;
    }

    /// @dev Of a batch: its units when it was paid short, and what came since. Of a request: its units, and what it got
    /// of that.
    struct Late {
        uint256 units;
        uint256 assets;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.ExitLedger
    struct ExitStorage {
        // Word 0, written by every request.
        uint104 openAssets;
        uint104 openUnits;
        uint32 openBatch;
        // Word 1, written by every claim and every settlement. Nothing here can exceed all POL, which 96 bits hold 7
        // times.
        uint96 reserved;
        uint96 unsold;
        uint32 fundingBatch;
        // Only compared with the present one: the low bits will do.
        uint32 closedEpoch;
        // Word 2, written by sales and their claims.
        uint256 sold;
        mapping(uint256 batch => Batch) batches;
        mapping(uint256 requestId => Request) requests;
        mapping(address controller => RequestWindow.Window) windows;
        mapping(address controller => mapping(address operator => bool)) operators;
        mapping(uint256 batch => Late) lateBatches;
        mapping(uint256 requestId => Late) lateRequests;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.ExitLedger")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant EXIT_STORAGE = 0x70c1163fdc842c58aa691902daa4f90241e03aa4e02fb7c6a3da63c47ab1ed00;

    // ---------------------------------------------------------------- views

    /// @inheritdoc IPoolLedger
    function totalOwed() public view returns (uint256) {
        ExitStorage storage $ = _exits();
        return $.sold + $.reserved + $.openAssets + $.unsold;
    }

    /// @inheritdoc IPoolLedger
    function reserved() public view returns (uint256) {
        return _exits().reserved;
    }

    /// @inheritdoc IPoolRedeems
    function queue()
        external
        view
        returns (uint256 open, uint256 openAssets, uint256 openUnits, uint256 funding, uint256 unsold, uint256 sold)
    {
        ExitStorage storage $ = _exits();
        return ($.openBatch, $.openAssets, $.openUnits, $.fundingBatch, $.unsold, $.sold);
    }

    /// @inheritdoc IPoolRedeems
    function batchOf(uint256 batch) external view returns (BatchState state, uint256 units, uint256 received) {
        Batch storage b = _exits().batches[batch];
        return (b.state, b.units, b.received);
    }

    /// @inheritdoc IPoolRedeems
    function requestOf(uint256 requestId) external view returns (uint256 shares, uint256 assets, bool touched) {
        Request storage r = _exits().requests[requestId];
        return (r.shares, r.assets, r.touched);
    }

    /// @inheritdoc IPoolRedeems
    function requestsOf(address controller) external view returns (uint256[] memory ids) {
        ids = _exits().windows[controller].list();
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = RequestId.encode(ids[i], controller);
    }

    /// @inheritdoc IPoolRedeems
    function lateAssetsOf(uint256 requestId) public view returns (uint256 assets) {
        ExitStorage storage $ = _exits();
        Late storage late = $.lateRequests[requestId];
        if (late.units == 0) return 0;
        Late storage batch = $.lateBatches[requestId >> 160];
        return (late.units * batch.assets) / batch.units - late.assets;
    }

    // ---------------------------------------------------------------- for the desks

    function _isClaimable(BatchState state) internal pure returns (bool) {
        return state > BatchState.Closed;
    }

    /// @dev POL wei of a request in a batch that can be claimed.
    function _valueOf(Batch storage batch, Request storage request) internal view returns (uint256) {
        uint256 assets = request.assets;
        if (batch.state == BatchState.Claimable || request.touched) return assets;
        return (assets * batch.received) / batch.units;
    }

    /// @inheritdoc PoolLedger
    function _reduceRequests(uint256 loss, uint256 pooled) internal override returns (uint256 borne) {
        ExitStorage storage $ = _exits();
        (uint256 open, uint256 unsold) = ($.openAssets, $.unsold);
        uint256 whole = pooled + open + unsold;
        // Rounded down: a batch of a few wei must not become worth nothing, which would close it to all others.
        uint256 fromOpen = (open * loss) / whole;
        uint256 unsoldLeft = (unsold * (whole - loss)) / whole;
        borne = fromOpen + unsold - unsoldLeft;
        ($.openAssets, $.unsold) = ((open - fromOpen).toUint104(), unsoldLeft.toUint96());
    }

    function _payPol(address receiver, uint256 assets) internal {
        if (assets != 0) POL.safeTransfer(receiver, assets);
    }

    function _exits() internal pure returns (ExitStorage storage $) {
        assembly {
            $.slot := EXIT_STORAGE
        }
    }
}
