// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPoolRedeems} from "../../interfaces/IPoolRedeems.sol";
import {ExitLedger} from "./ExitLedger.sol";

/// @title Batches: closing, funding, bringing home
/// @notice Open to anyone. At most one closed batch waits for funding; until it is funded the open one stays open,
/// which costs its members no time, for what could pay them would go to the older batch first.
abstract contract BatchDesk is ExitLedger {
    using SafeCast for uint256;

    /// @inheritdoc IPoolRedeems
    function settleBatch() external nonReentrant {
        ExitStorage storage $ = _exits();
        bool progress = $.fundingBatch != 0 && _fund($.fundingBatch, $.unsold);
        if ($.fundingBatch == 0 && $.openUnits != 0) progress = _close() || progress;
        if (!progress) revert NothingToSettle($.openBatch, $.closedEpoch);
    }

    /// @inheritdoc IPoolRedeems
    function continueBatch(uint256 batch) external nonReentrant {
        ExitStorage storage $ = _exits();
        if (batch == 0 || batch != $.fundingBatch) revert NotFunding(batch, $.fundingBatch);
        if (!_fund(batch, $.unsold)) revert NoProgress(batch, $.unsold);
    }

    /// @inheritdoc IPoolRedeems
    function finalizeBatch(uint256 batch) external nonReentrant {
        ExitStorage storage $ = _exits();
        Batch storage b = $.batches[batch];
        BatchState state = b.state;
        if (state != BatchState.Closed && state != BatchState.ClaimableLate) revert NotFinalizable(batch, state);

        (uint256 received, uint256 expected, uint256 openSlices, bool dead) = DELEGATOR.finalize(batch);
        $.sold -= expected;
        b.sliced = openSlices != 0;
        emit BatchReceived(batch, received, expected, openSlices);
        $.reserved += received.toUint96();
        if (state == BatchState.ClaimableLate) {
            $.lateBatches[batch].assets += received;
            if (openSlices == 0) b.state = BatchState.ClaimableShort;
            return;
        }
        b.received += received.toUint104();
        if (batch != $.fundingBatch && (openSlices == 0 || dead)) _complete(batch, openSlices != 0);
    }

    // ---------------------------------------------------------------- internals

    /// @return closed False if a batch was closed in this epoch already.
    function _close() private returns (bool closed) {
        ExitStorage storage $ = _exits();
        // Not `>`: Polygon's governance can set the epoch back. The casts keep the low bits, which tell epochs apart.
        uint256 epoch = DELEGATOR.epoch();
        if (uint32(epoch) == $.closedEpoch) return false;
        (uint256 batch, uint256 units, uint256 assets) = ($.openBatch, $.openUnits, $.openAssets);
        ($.openAssets, $.openUnits, $.openBatch) = (0, 0, (batch + 1).toUint32());
        $.closedEpoch = uint32(epoch);
        Batch storage b = $.batches[batch];
        (b.units, b.state) = (units.toUint104(), BatchState.Closed);
        emit BatchClosed(batch, units, assets, epoch);
        if (!_fund(batch, assets)) ($.unsold, $.fundingBatch) = (assets.toUint96(), batch.toUint32());
        return true;
    }

    /// @return progress True if the batch is nearer to its money.
    function _fund(uint256 batch, uint256 unsold) private returns (bool progress) {
        ExitStorage storage $ = _exits();
        (uint256 netted, uint256 sold) = DELEGATOR.fund(batch, unsold);
        uint256 left = unsold - netted - sold;
        if (left != 0 && left == unsold) return false;

        Batch storage b = $.batches[batch];
        b.received += netted.toUint104();
        $.reserved += netted.toUint96();
        ($.unsold, $.fundingBatch) = (left.toUint96(), left == 0 ? 0 : batch.toUint32());
        if (sold != 0) {
            $.sold += sold;
            b.sliced = true;
        }
        emit BatchFunded(batch, netted, sold, left);
        if (left == 0 && !b.sliced) _complete(batch, false);
        return true;
    }

    function _complete(uint256 batch, bool late) private {
        ExitStorage storage $ = _exits();
        Batch storage b = $.batches[batch];
        BatchState state = b.received == b.units ? BatchState.Claimable : BatchState.ClaimableShort;
        if (late) {
            state = BatchState.ClaimableLate;
            $.lateBatches[batch].units = b.units;
        }
        b.state = state;
        emit BatchClaimable(batch, state, b.units, b.received);
    }
}
