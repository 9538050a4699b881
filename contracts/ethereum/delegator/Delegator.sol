// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";
import {IDelegator} from "../../interfaces/IDelegator.sol";
import {Bps} from "../../shared/math/Bps.sol";
import {AssetLedger} from "./AssetLedger.sol";
import {PolygonStaking} from "./PolygonStaking.sol";
import {Unbonding} from "./Unbonding.sol";
import {ValidatorSet} from "./ValidatorSet.sol";

/// @title Delegator
/// @custom:security-contact SECURITY.md
/// @notice The vault of the pool: it delegates, collects rewards, moves stake, and finds losses. It keeps the asset
/// ledger and knows no user. Everything that changes the pool's side too is called by the pool alone.
contract Delegator is Unbonding, ReentrancyGuardTransient {
    using PolygonStaking for IStakeManager;
    using PolygonStaking for address;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice Most validators that get stake in one call.
    uint256 public constant MAX_PLACEMENTS_PER_CALL = 5;

    /// @notice Time for which a position must have been displaced before its principal is a loss, seconds.
    uint256 public constant DISPLACEMENT_TIME = 30 days;

    /// @dev A validator's rewards vest over the time in which they were earned, within these.
    uint256 private constant MIN_PERIOD = 1 days;
    uint256 private constant MAX_PERIOD = 7 days;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring, uint256 maxShareBps) AssetLedger(wiring) ValidatorSet(maxShareBps) {}

    /// @notice Sets the parameters; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    /// @param maxCommissionPercent Highest commission that gets new stake.
    /// @param deadSliceSeconds Time after which a batch no longer waits for a dead slice.
    function initialize(
        address authority,
        uint256 maxCommissionPercent,
        uint256 deadSliceSeconds
    ) external initializer {
        __AccessManaged_init(authority);
        _setMaxCommission(maxCommissionPercent);
        _setDeadSliceTime(deadSliceSeconds);
    }

    // ---------------------------------------------------------------- the pool's calls

    /// @inheritdoc IDelegator
    function delegate(uint256 maxAssets, uint256 keep) external onlyPool returns (uint256 delegated) {
        if (_unconverted() > 1) _convert();
        // A wei stays, so that the balance is never zero and the next stake costs 17,100 gas less.
        uint256 free = Math.saturatingSub(_polBuffer(), keep + 1);
        uint256 assets = Math.min(maxAssets, free);
        if (assets >= MIN_PLACEMENT) delegated = _spread(0, assets);
        if (delegated == 0) revert NothingToDelegate(free);
    }

    /// @inheritdoc IDelegator
    function harvest(uint256[] calldata positions) external onlyPool returns (Income memory income) {
        if (positions.length > MAX_POSITIONS) revert TooManyPositions(positions.length, MAX_POSITIONS);
        income = _skim();
        // No positions stand for all.
        if (positions.length == 0) {
            uint256 count = positionCount();
            for (uint256 i = 1; i <= count; ++i) {
                if (_set().positions[i].share != address(0)) _harvest(i, income);
            }
        } else {
            for (uint256 i = 0; i < positions.length; ++i) _harvest(positions[i], income);
        }
    }

    /// @inheritdoc IDelegator
    function skim() external onlyPool returns (Income memory income) {
        return _skim();
    }

    /// @inheritdoc IDelegator
    function sync(uint256 position) external onlyPool returns (Income memory income) {
        Position storage p = _position(position);
        (bool known, address named) = STAKE_MANAGER.shareOf(p.validatorId);
        if (!known) return income;
        if (named != p.share) {
            income.loss = _displaced(position, p);
            return income;
        }
        if (p.displacedAt != 0) _setDisplaced(position, p, 0);
        (bool ok, uint256 value) = p.share.stakeOf();
        if (!ok) return income;
        uint256 principal = p.principal;
        if (value < principal) {
            income.loss = _writeOff(position, p, principal - value);
        } else if (value > principal) {
            uint256 surplus = value - principal;
            uint256 writtenOff = _set().writtenOff[p.validatorId];
            income.recovered = Math.min(surplus, writtenOff);
            income.rewards = surplus - income.recovered;
            income.rewardSeconds = income.rewards * SURPLUS_PERIOD;
            if (income.recovered != 0) _set().writtenOff[p.validatorId] = writtenOff - income.recovered;
            p.principal = value.toUint104();
            emit SurplusFound(position, p.validatorId, income.rewards, income.recovered);
        }
    }

    // ---------------------------------------------------------------- open to anyone

    /// @inheritdoc IDelegator
    function rebalance(uint256 from, uint256 to, uint256 assets) external nonReentrant returns (uint256 moved) {
        if (assets == 0) revert ZeroAmount();
        Position storage source = _position(from);
        Position storage sink = _position(to);
        // Polygon moves what is held by the share contract that it names, which must be the position's.
        (, address named) = STAKE_MANAGER.shareOf(source.validatorId);
        if (named != source.share) revert Displaced(from, named);
        moved = Math.min(assets, _movable(from, to));
        if (moved == 0) revert BeyondTarget(from, to);
        if (!_accepts(sink)) revert NotAccepting(to);
        if (!_migrate(from, to, moved)) revert MigrationFailed(from, to, moved);
    }

    /// @inheritdoc IDelegator
    function evacuate(uint256 from, uint256 assets) external nonReentrant returns (uint256 moved) {
        if (assets == 0) revert ZeroAmount();
        Position storage p = _position(from);
        (bool ok, IStakeManager.Validator memory v) = STAKE_MANAGER.record(p.validatorId);
        bool left = v.deactivationEpoch != 0 && v.deactivationEpoch <= epoch();
        if (!ok || v.contractAddress != p.share || !(left || v.commissionRate > _set().maxCommission)) {
            revert NoReasonToEvacuate(from);
        }
        (, uint256 value) = p.share.stakeOf();
        moved = _spread(from, Math.min(assets, Math.min(p.principal, value)));
        if (moved == 0) revert NothingToMove(from);
    }

    // ---------------------------------------------------------------- internals: placing

    /// @dev Places `assets` of the buffer (`from` is 0) or of a position on those furthest under target. Whoever is
    /// passed over leaves its weight to the others, in this call.
    function _spread(uint256 from, uint256 assets) private returns (uint256 placed) {
        (Candidate[] memory table, uint256 staked) = _table();
        uint256 total = from == 0 ? staked + assets : staked;
        uint256 base = staked + assets;
        uint256 weights = 0;
        for (uint256 i = 0; i < table.length; ++i) weights += table[i].weight;
        if (from != 0) (base, weights) = _leaveOut(table[from - 1], base, weights);

        for (uint256 placements = 0; placements < MAX_PLACEMENTS_PER_CALL && weights != 0;) {
            (uint256 i, uint256 room) = _furthestUnder(table, base, weights, total);
            // Nobody is under its target.
            if (table[i].out) break;
            uint256 part = Math.min(room, assets - placed);
            // Crumbs are not worth a call, unless they are all that is to be moved.
            bool worth = part >= MIN_PLACEMENT || (part != 0 && part == assets);
            if (worth && _place(from, i + 1, part)) {
                placed += part;
                ++placements;
                table[i].principal += part;
                if (assets - placed < MIN_PLACEMENT) break;
            } else {
                (base, weights) = _leaveOut(table[i], base, weights);
            }
        }
    }

    function _leaveOut(
        Candidate memory c,
        uint256 base,
        uint256 weights
    ) private pure returns (uint256 baseLeft, uint256 weightsLeft) {
        c.out = true;
        return (base - c.principal, weights - c.weight);
    }

    function _place(uint256 from, uint256 to, uint256 assets) private returns (bool placed) {
        Position storage p = _position(to);
        if (_accepts(p)) {
            // StakeManager names its share contract: a displacement that was seen before has ended.
            if (p.displacedAt != 0) _setDisplaced(to, p, 0);
            placed = from == 0 ? _buy(to, p, assets) : _migrate(from, to, assets);
        }
        if (!placed) emit PassedOver(to, p.validatorId);
    }

    function _buy(uint256 position, Position storage p, uint256 assets) private returns (bool bought) {
        POL.forceApprove(address(STAKE_MANAGER), assets);
        p.share.buy(assets);
        // What was taken shows in the allowance: the share contract's word is not needed.
        uint256 left = POL.allowance(address(this), address(STAKE_MANAGER));
        if (left != 0) POL.forceApprove(address(STAKE_MANAGER), 0);
        uint256 taken = assets - left;
        if (taken == 0) return false;
        _subBuffer(taken);
        p.principal += taken.toUint104();
        emit Delegated(position, p.validatorId, taken);
        return true;
    }

    function _migrate(uint256 from, uint256 to, uint256 assets) private returns (bool ok) {
        Position storage source = _position(from);
        Position storage sink = _position(to);
        ok = STAKE_MANAGER.migrate(source.validatorId, sink.validatorId, assets);
        if (!ok) return false;
        source.principal -= assets.toUint104();
        sink.principal += assets.toUint104();
        emit Migrated(from, to, assets);
    }

    /// @dev What can move between two positions so that neither crosses its target, nor the sink its cap.
    function _movable(uint256 from, uint256 to) private view returns (uint256) {
        (Candidate[] memory table, uint256 staked) = _table();
        Candidate memory source = table[from - 1];
        Candidate memory sink = table[to - 1];
        uint256 over = Math.saturatingSub(source.principal, Bps.floor(staked, source.weight));
        return Math.min(over, Math.saturatingSub(Bps.floor(staked, sink.weight), sink.principal));
    }

    // ---------------------------------------------------------------- internals: income

    /// @dev Everything that came in by the side: it belongs to no one validator's harvest.
    function _skim() private returns (Income memory income) {
        _convert();
        income.rewards = _collect();
        income.rewardSeconds = income.rewards * SURPLUS_PERIOD;
    }

    function _harvest(uint256 position, Income memory income) private {
        Position storage p = _position(position);
        if (!p.share.withdrawRewards()) {
            emit HarvestFailed(position, p.validatorId);
            return;
        }
        // All that was here before was counted: by `_skim`, then one position after the other.
        uint256 rewards = POL.balanceOf(address(this)) - _polBuffer();
        if (rewards == 0) return;
        uint256 period = Math.min(Math.max(block.timestamp - p.lastHarvestAt, MIN_PERIOD), MAX_PERIOD);
        p.lastHarvestAt = block.timestamp.toUint40();
        _addBuffer(rewards);
        income.rewards += rewards;
        income.rewardSeconds += rewards * period;
        emit Harvested(position, p.validatorId, rewards, period);
    }

    // ---------------------------------------------------------------- internals: losses

    /// @dev Nothing is done on a position whose share contract was replaced, until the replacement has stood for long.
    function _displaced(uint256 position, Position storage p) private returns (uint256 loss) {
        uint256 since = p.displacedAt;
        if (since == 0) {
            _setDisplaced(position, p, block.timestamp);
        } else if (block.timestamp >= since + DISPLACEMENT_TIME && p.principal != 0) {
            loss = _writeOff(position, p, p.principal);
        }
    }

    function _setDisplaced(uint256 position, Position storage p, uint256 since) private {
        p.displacedAt = since.toUint40();
        emit DisplacementSeen(position, p.validatorId, since);
    }

    function _writeOff(uint256 position, Position storage p, uint256 loss) private returns (uint256) {
        p.principal -= loss.toUint104();
        _set().writtenOff[p.validatorId] += loss;
        emit LossFound(position, p.validatorId, loss);
        return loss;
    }
}
