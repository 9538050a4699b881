// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IValidatorShare} from "../../interfaces/external/polygon/IValidatorShare.sol";
import {IDelegator} from "../../interfaces/IDelegator.sol";
import {PolygonStaking} from "./PolygonStaking.sol";
import {ValidatorSet} from "./ValidatorSet.sol";

/// @title Funding of batches
/// @notice Pays batches from the buffer, sells stake for the rest, and brings the money home when its delay has passed.
abstract contract Unbonding is ValidatorSet {
    using PolygonStaking for address;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev The unbonds of a batch that are on their way.
    struct Way {
        // Next slice to try.
        uint32 cursor;
        // Slices that failed although due.
        uint32 failed;
        // When the last of them first did.
        uint40 lastFailedAt;
        Slice[] slices;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.Unbonding
    struct UnbondingStorage {
        // All batches with open slices are within these.
        uint40 oldestBatch;
        uint40 newestBatch;
        // POL wei on its way, over all batches.
        uint104 assets;
        mapping(uint256 batch => Way) ways;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.Unbonding")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant UNBONDING_STORAGE = 0xdaccbfe456b349ca3243cf8ae1d7633eebe970b5a081b1a24e67cb0ed6cc3600;

    /// @notice Most sales in one call.
    uint256 public constant MAX_SALES_PER_CALL = 10;

    /// @notice Most unbonds that one call tries to claim.
    uint256 public constant MAX_SLICES_PER_CALL = 10;

    /// @dev Most batches that one call steps over while it looks for the oldest that has open slices.
    uint256 private constant MAX_STEPS = 50;

    // ---------------------------------------------------------------- the pool's calls

    /// @inheritdoc IDelegator
    function fund(uint256 batch, uint256 needed) external onlyPool returns (uint256 netted, uint256 sold) {
        if (needed > _polBuffer() && _unconverted() > 1) _convert();
        netted = Math.min(needed, _polBuffer());
        if (netted != 0) {
            _subBuffer(netted);
            POL.safeTransfer(POOL, netted);
        }
        if (netted != needed) sold = _sell(batch, needed - netted);
    }

    /// @inheritdoc IDelegator
    function finalize(
        uint256 batch
    ) external onlyPool returns (uint256 received, uint256 expected, uint256 openSlices, bool dead) {
        Way storage way = _unbonding().ways[batch];
        uint256 current = epoch();
        uint256 delay = STAKE_MANAGER.withdrawalDelay();
        openSlices = way.slices.length;
        uint256 cursor = way.cursor;
        bool ripe = false;
        for (uint256 tries = Math.min(openSlices, MAX_SLICES_PER_CALL); tries != 0; --tries) {
            if (cursor >= openSlices) cursor = 0;
            if (way.slices[cursor].soldEpoch + delay > current) {
                ++cursor;
                continue;
            }
            ripe = true;
            (uint256 expectedOfIt, uint256 receivedOfIt) = _claim(batch, way, cursor);
            if (expectedOfIt == 0) {
                ++cursor;
            } else {
                expected += expectedOfIt;
                received += receivedOfIt;
                --openSlices;
            }
        }
        if (!ripe) revert BatchNotRipe(batch, current);
        way.cursor = cursor.toUint32();
        dead = way.failed == openSlices && block.timestamp >= way.lastFailedAt + _set().deadSliceTime;
        _unbonding().assets -= expected.toUint104();
        if (openSlices == 0) _forget();
        if (received != 0) POL.safeTransfer(POOL, received);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IDelegator
    function epoch() public view returns (uint256) {
        return STAKE_MANAGER.epoch();
    }

    /// @inheritdoc IDelegator
    function slicesOf(uint256 batch) external view returns (Slice[] memory) {
        return _unbonding().ways[batch].slices;
    }

    /// @inheritdoc IDelegator
    function ledger() external view returns (Ledger memory) {
        (, uint256 staked) = _table();
        return
            Ledger({buffer: buffer(), unconverted: _unconverted(), principal: staked, unbonding: _unbonding().assets});
    }

    /// @inheritdoc IDelegator
    function reserves() external view returns (Reserves memory real) {
        real.pol = POL.balanceOf(address(this));
        real.matic = MATIC.balanceOf(address(this));
        uint256 count = positionCount();
        for (uint256 i = 1; i <= count; ++i) {
            address share = _set().positions[i].share;
            if (share == address(0)) continue;
            (, uint256 value) = share.stakeOf();
            real.staked += value;
        }
        UnbondingStorage storage $ = _unbonding();
        for (uint256 batch = $.oldestBatch; batch <= $.newestBatch; ++batch) {
            Slice[] storage slices = $.ways[batch].slices;
            for (uint256 i = 0; i < slices.length; ++i) real.unbonding += _valueOf(slices[i]);
        }
    }

    // ---------------------------------------------------------------- internals

    /// @dev All that is needed from the position furthest over its target, then from the next. Spreading it would cost
    /// ten times the gas. A position that refuses is passed over, and does not count. Crumbs, which anyone can give to
    /// a position that was emptied, come last: they would use up the sales of a call.
    function _sell(uint256 batch, uint256 needed) private returns (uint256 sold) {
        (Candidate[] memory table, uint256 staked) = _table();
        uint256 sales = 0;
        uint256 least = MIN_PLACEMENT;
        while (sold < needed && sales < MAX_SALES_PER_CALL) {
            (uint256 index, bool found) = _furthestOver(table, staked, least);
            if (!found) {
                if (least == 1) break;
                least = 1;
                continue;
            }
            table[index].out = true;
            uint256 assets = _sellFrom(batch, index + 1, needed - sold);
            if (assets == 0) continue;
            sold += assets;
            ++sales;
        }
        if (sales != 0) _remember(batch, sold);
    }

    /// @return assets POL wei sold; 0 if the position has nothing or refuses. Never a sale of 0: it could not be
    /// claimed.
    function _sellFrom(uint256 batch, uint256 position, uint256 needed) private returns (uint256 assets) {
        Position storage p = _position(position);
        (, uint256 value) = p.share.stakeOf();
        assets = Math.min(needed, Math.min(p.principal, value));
        (bool known, uint256 nonce) = p.share.lastNonce();
        // A share contract whose numbers have run out is passed over like any that refuses.
        if (assets == 0 || !known || nonce >= type(uint64).max || !p.share.sell(assets)) {
            emit SaleFailed(batch, position);
            return 0;
        }
        ++nonce;
        p.principal -= assets.toUint104();
        ++p.openSlices;
        _unbonding().ways[batch].slices.push(
            Slice({
                position: position.toUint8(),
                nonce: nonce.toUint64(),
                soldEpoch: epoch().toUint40(),
                failedAt: 0,
                assets: assets.toUint104()
            })
        );
        emit Sold(batch, position, nonce, assets);
    }

    /// @return expected POL wei that the slice stood for; 0 if it could not be claimed.
    /// @return received POL wei that it brought, at most that. More than that would be surplus.
    function _claim(
        uint256 batch,
        Way storage way,
        uint256 index
    ) private returns (uint256 expected, uint256 received) {
        Slice storage slice = way.slices[index];
        (uint256 position, uint256 nonce) = (slice.position, slice.nonce);
        Position storage p = _position(position);
        uint256 before = POL.balanceOf(address(this));
        if (!p.share.claim(nonce)) {
            if (slice.failedAt == 0) {
                (slice.failedAt, way.lastFailedAt) = (block.timestamp.toUint40(), block.timestamp.toUint40());
                ++way.failed;
            }
            emit SliceFailed(batch, position, nonce);
            return (0, 0);
        }
        expected = slice.assets;
        received = Math.min(POL.balanceOf(address(this)) - before, expected);
        if (slice.failedAt != 0) --way.failed;
        --p.openSlices;
        uint256 last = way.slices.length - 1;
        if (index != last) way.slices[index] = way.slices[last];
        way.slices.pop();
        emit SliceClaimed({batch: batch, position: position, nonce: nonce, expected: expected, received: received});
    }

    function _valueOf(Slice memory slice) private view returns (uint256) {
        IValidatorShare share = IValidatorShare(_set().positions[slice.position].share);
        (uint256 shares, ) = share.unbonds_new(address(this), slice.nonce);
        return (shares * share.withdrawExchangeRate()) / PolygonStaking.RATE_ONE;
    }

    function _remember(uint256 batch, uint256 sold) private {
        UnbondingStorage storage $ = _unbonding();
        $.assets += sold.toUint104();
        if (batch <= $.newestBatch) return;
        if ($.oldestBatch == 0) $.oldestBatch = batch.toUint40();
        $.newestBatch = batch.toUint40();
    }

    function _forget() private {
        UnbondingStorage storage $ = _unbonding();
        uint256 oldest = $.oldestBatch;
        uint256 stop = Math.min($.newestBatch, oldest + MAX_STEPS);
        while (oldest < stop && $.ways[oldest].slices.length == 0) ++oldest;
        $.oldestBatch = oldest.toUint40();
    }

    function _unbonding() private pure returns (UnbondingStorage storage $) {
        assembly {
            $.slot := UNBONDING_STORAGE
        }
    }
}
