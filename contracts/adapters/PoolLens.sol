// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "../interfaces/IDelegator.sol";
import {IPolygonPool} from "../interfaces/IPolygonPool.sol";
import {IPoolLens} from "../interfaces/IPoolLens.sol";
import {IPoolRedeems} from "../interfaces/IPoolRedeems.sol";

/// @title PoolLens
/// @custom:security-contact SECURITY.md
/// @notice Read only, stateless, without roles.
contract PoolLens is IPoolLens {
    uint256 private constant BPS = 10_000;
    uint256 private constant MIN_PLACEMENT = 1e18;

    /// @dev The pool.
    IPolygonPool private immutable POOL;

    /// @dev Its vault.
    IDelegator private immutable DELEGATOR;

    /// @param pool The pool.
    /// @param delegator Its vault.
    constructor(IPolygonPool pool, IDelegator delegator) {
        POOL = pool;
        DELEGATOR = delegator;
    }

    /// @inheritdoc IPoolLens
    function books() external view returns (Books memory) {
        IDelegator.Ledger memory held = DELEGATOR.ledger();
        return
            Books({
                totalPooled: POOL.totalPooled(),
                totalOwed: POOL.totalOwed(),
                reserved: POOL.reserved(),
                buffer: held.buffer,
                principal: held.principal,
                unbonding: held.unbonding
            });
    }

    /// @inheritdoc IPoolLens
    function assetsOf(uint256 requestId, address controller) public view returns (uint256 assets) {
        if (requestId & type(uint160).max != uint160(controller)) return 0;
        uint256 batch = requestId >> 160;
        bool touched;
        (, assets, touched) = POOL.requestOf(requestId);
        if (assets == 0 || touched) return assets;

        (IPoolRedeems.BatchState state, uint256 units, uint256 value) = POOL.batchOf(batch);
        (uint256 open, uint256 openAssets, uint256 openUnits, uint256 funding, uint256 unsold, ) = POOL.queue();
        if (batch == open) return (assets * openAssets) / openUnits;
        if (state == IPoolRedeems.BatchState.Closed) {
            IDelegator.Slice[] memory slices = DELEGATOR.slicesOf(batch);
            for (uint256 i = 0; i < slices.length; ++i) value += slices[i].assets;
            if (batch == funding) value += unsold;
        }
        return (assets * value) / units;
    }

    /// @inheritdoc IPoolLens
    function estimatedReadyEpoch(uint256 requestId) public view returns (uint256 epoch) {
        uint256 batch = requestId >> 160;
        (uint256 open, , , uint256 funding, , ) = POOL.queue();
        uint256 delay = DELEGATOR.STAKE_MANAGER().withdrawalDelay();
        if (batch != 0 && (batch == open || batch == funding)) return DELEGATOR.epoch() + delay;

        (IPoolRedeems.BatchState state, , ) = POOL.batchOf(batch);
        if (state != IPoolRedeems.BatchState.Closed) return 0;
        IDelegator.Slice[] memory slices = DELEGATOR.slicesOf(batch);
        for (uint256 i = 0; i < slices.length; ++i) {
            if (slices[i].soldEpoch + delay > epoch) epoch = slices[i].soldEpoch + delay;
        }
    }

    /// @inheritdoc IPoolLens
    function requestsOf(
        address controller,
        uint256 from,
        uint256 count
    ) external view returns (RequestView[] memory requests) {
        uint256[] memory ids = POOL.requestsOf(controller);
        uint256 length = from >= ids.length ? 0 : ids.length - from;
        requests = new RequestView[](length < count ? length : count);
        for (uint256 i = 0; i < requests.length; ++i) {
            uint256 id = ids[from + i];
            (IPoolRedeems.BatchState state, , ) = POOL.batchOf(id >> 160);
            (uint256 shares, , ) = POOL.requestOf(id);
            requests[i] = RequestView({
                requestId: id,
                batch: id >> 160,
                state: state,
                shares: shares,
                assets: assetsOf(id, controller),
                readyEpoch: estimatedReadyEpoch(id)
            });
        }
    }

    /// @inheritdoc IPoolLens
    function targetOf(uint256 position) external view returns (uint256 assets) {
        return (DELEGATOR.ledger().principal * DELEGATOR.positionAt(position).weightBps) / BPS;
    }

    /// @inheritdoc IPoolLens
    function delegable() external view returns (uint256 assets) {
        (, uint256 openAssets, , , uint256 unsold, ) = POOL.queue();
        // A wei of POL stays, and of MATIC one that is not converted.
        IDelegator.Ledger memory there = DELEGATOR.ledger();
        uint256 keep = openAssets + unsold + 1;
        uint256 held = there.buffer - (there.unconverted == 0 ? 0 : 1);
        return held < keep + MIN_PLACEMENT ? 0 : held - keep;
    }
}
