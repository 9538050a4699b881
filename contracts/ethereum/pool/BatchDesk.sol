// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPoolRedeems} from "../../interfaces/IPoolRedeems.sol";
import {ExitLedger} from "./ExitLedger.sol";

/// @title Batches: closing, funding, bringing home
/// @notice Open to anyone. At most one closed batch waits for funding; until it is funded the open one stays open, which costs
/// its members nothing, for what could pay them would go to the older batch first.
abstract contract BatchDesk is ExitLedger {
    using SafeCast for uint256;

    /// @inheritdoc IPoolRedeems
    function settleBatch() external nonReentrant {
        ExitStorage storage $ = _exits();
        uint256 funding = $.fundingBatch;
        bool progress = funding != 0 && _fund(funding);
        uint256 epoch = DELEGATOR.epoch();
        // Not `>`: Polygon's governance can set the epoch back.
        if ($.fundingBatch == 0 && $.openUnits != 0 && epoch != $.batches[$.openBatch - 1].closedEpoch) {
            _fund(_close(epoch));
            progress = true;
        }
        if (!progress) revert NothingToSettle($.openBatch, epoch);
    }

    /// @inheritdoc IPoolRedeems
    function continueBatch(uint256 batch) external nonReentrant {
        ExitStorage storage $ = _exits();
        if (batch == 0 || batch != $.fundingBatch) revert NotFunding(batch, $.fundingBatch);
        if (!_fund(batch)) revert NoProgress(batch, $.unsold);
    }

    /// @inheritdoc IPoolRedeems
    function finalizeBatch(uint256 batch) external nonReentrant {
        ExitStorage storage $ = _exits();
        Batch storage b = $.batches[batch];
        BatchState state = b.state;
        if (state != BatchState.Closed && state != BatchState.ClaimableLate) revert NotFinalizable(batch, state);

        (uint256 received, uint256 expected, uint256 openSlices, bool dead) = DELEGATOR.finalize(batch);
        $.sold -= expected;
        emit BatchReceived(batch, received, expected, openSlices);
        $.reserved += received;
        if (state == BatchState.ClaimableLate) {
            $.lateBatches[batch].assets += received;
            if (openSlices == 0) b.state = BatchState.ClaimableShort;
            return;
        }
        b.received += received.toUint104();
        if (batch != $.fundingBatch && (openSlices == 0 || dead)) _complete(batch, openSlices != 0);
    }

    // ---------------------------------------------------------------- internals

    function _close(uint256 epoch) private returns (uint256 batch) {
        ExitStorage storage $ = _exits();
        batch = $.openBatch;
        Batch storage b = $.batches[batch];
        (b.units, b.closedEpoch, b.state) = ($.openUnits, epoch.toUint40(), BatchState.Closed);
        emit BatchClosed(batch, $.openUnits, $.openAssets, epoch);
        ($.unsold, $.fundingBatch) = ($.openAssets, batch.toUint40());
        ($.openAssets, $.openUnits, $.openBatch) = (0, 0, (batch + 1).toUint40());
    }

    /// @return progress True if the batch is nearer to its money.
    function _fund(uint256 batch) private returns (bool progress) {
        ExitStorage storage $ = _exits();
        uint256 unsold = $.unsold;
        (uint256 netted, uint256 sold, uint256 openSlices) = DELEGATOR.fund(batch, unsold);
        uint256 left = unsold - netted - sold;
        if (left != 0 && left == unsold) return false;

        emit BatchFunded(batch, netted, sold, left);
        $.reserved += netted;
        $.batches[batch].received += netted.toUint104();
        $.unsold = left.toUint104();
        if (sold != 0) $.sold += sold;
        if (left == 0) {
            $.fundingBatch = 0;
            if (openSlices == 0) _complete(batch, false);
        }
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
