// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";
import {IDelegator} from "../../interfaces/IDelegator.sol";
import {Bps} from "../../shared/math/Bps.sol";
import {AssetLedger} from "./AssetLedger.sol";
import {PolygonStaking} from "./PolygonStaking.sol";

/// @title Positions, weights and targets
/// @notice Which validators the pool uses, how much of it each should have, and who is next.
abstract contract ValidatorSet is AssetLedger {
    using PolygonStaking for IStakeManager;
    using SafeCast for uint256;

    /// @dev A position in the choice of the next.
    struct Candidate {
        uint256 principal;
        uint256 weight;
        uint256 cap;
        bool out;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.ValidatorSet
    struct SetStorage {
        uint8 count;
        uint8 maxCommission;
        uint32 deadSliceTime;
        mapping(uint256 position => Position) positions;
        mapping(uint256 validatorId => uint256) writtenOff;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.ValidatorSet")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SET_STORAGE = 0xc5856d91aa7c20dc0d9b1d04012d2d12926287e65feb6ad71b7ec9488636b100;

    /// @notice Most positions.
    uint256 public constant MAX_POSITIONS = 64;

    /// @notice Smallest amount that is delegated to one validator, POL wei; less is sold only where nobody has more.
    uint256 public constant MIN_PLACEMENT = 1e18;

    /// @notice Shortest time after which a batch no longer waits for a dead slice, seconds.
    uint256 public constant MIN_DEAD_SLICE_TIME = 1 days;

    /// @notice Longest time of this kind, seconds.
    uint256 public constant MAX_DEAD_SLICE_TIME = 30 days;

    /// @inheritdoc IDelegator
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    uint256 public immutable MAX_SHARE_BPS;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(uint256 maxShareBps) {
        if (maxShareBps == 0 || maxShareBps > Bps.ONE) revert MaxShareOutOfBounds(maxShareBps);
        MAX_SHARE_BPS = maxShareBps;
    }

    // ---------------------------------------------------------------- governed

    /// @inheritdoc IDelegator
    function addPosition(uint256 validatorId) external restricted returns (uint256 position) {
        if (validatorId <= PolygonStaking.LAST_FOUNDATION_ID) revert FoundationValidator(validatorId);
        address share = STAKE_MANAGER.getValidatorContract(validatorId);
        if (share == address(0)) revert NoShareContract(validatorId);
        SetStorage storage $ = _set();
        position = _makeRoom(validatorId, share);
        if (position == 0) {
            uint256 count = $.count;
            if (count == MAX_POSITIONS) revert TooManyPositions(count + 1, MAX_POSITIONS);
            position = count + 1;
            $.count = position.toUint8();
        }
        Position storage p = $.positions[position];
        p.share = share;
        p.validatorId = validatorId.toUint56();
        p.lastHarvestAt = block.timestamp.toUint40();
        emit PositionAdded(position, validatorId, share);
    }

    /// @inheritdoc IDelegator
    function removePosition(uint256 position) external restricted {
        Position storage p = _position(position);
        if (p.principal != 0 || p.weightBps != 0 || p.openSlices != 0) {
            revert PositionInUse(position, p.principal, p.weightBps, p.openSlices);
        }
        emit PositionRemoved(position, p.validatorId, p.share);
        delete _set().positions[position];
    }

    /// @inheritdoc IDelegator
    function setWeights(uint256[] calldata weightsBps, uint256[] calldata capsBps) external restricted {
        SetStorage storage $ = _set();
        uint256 count = $.count;
        if (weightsBps.length != count || capsBps.length != count) {
            revert WrongLength(weightsBps.length, capsBps.length, count);
        }
        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            (uint256 weight, uint256 cap) = (weightsBps[i], capsBps[i]);
            Position storage p = $.positions[i + 1];
            if (cap < weight || cap > MAX_SHARE_BPS) revert ValidatorCapOutOfBounds(i + 1, cap, weight, MAX_SHARE_BPS);
            if (p.share == address(0) && cap != 0) revert WeightOfNothing(i + 1, weight);
            (p.weightBps, p.capBps) = (weight.toUint16(), cap.toUint16());
            sum += weight;
        }
        if (sum != Bps.ONE) revert WrongWeightSum(sum);
        emit WeightsSet(weightsBps, capsBps);
    }

    /// @inheritdoc IDelegator
    function setMaxCommission(uint256 percent) external restricted {
        _setMaxCommission(percent);
    }

    /// @inheritdoc IDelegator
    function setDeadSliceTime(uint256 time) external restricted {
        _setDeadSliceTime(time);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IDelegator
    function positionCount() public view returns (uint256) {
        return _set().count;
    }

    /// @inheritdoc IDelegator
    function positionAt(uint256 position) external view returns (Position memory) {
        return _set().positions[position];
    }

    /// @inheritdoc IDelegator
    function writtenOffOf(uint256 validatorId) external view returns (uint256 assets) {
        return _set().writtenOff[validatorId];
    }

    /// @inheritdoc IDelegator
    function acceptsStake(uint256 position) external view returns (bool) {
        return _accepts(_position(position));
    }

    /// @inheritdoc IDelegator
    function parameters() external view returns (uint256 maxCommission, uint256 deadSliceTime) {
        return (_set().maxCommission, _set().deadSliceTime);
    }

    // ---------------------------------------------------------------- internals

    /// @dev Refuses a share contract that is a position, and a validator of whom an older one still has stake: a new
    /// share contract is worth in Polygon's books what the old one was, and both may not count it.
    /// @return free Lowest number that was given up; 0 if there is none.
    function _makeRoom(uint256 validatorId, address share) private view returns (uint256 free) {
        SetStorage storage $ = _set();
        for (uint256 i = $.count; i != 0; --i) {
            Position storage p = $.positions[i];
            if (p.share == share) revert AlreadyRegistered(i, share);
            if (p.share == address(0)) free = i;
            if (p.validatorId == validatorId && p.principal != 0) {
                revert PositionInUse(i, p.principal, p.weightBps, p.openSlices);
            }
        }
    }

    // ---------------------------------------------------------------- for the other parts

    function _position(uint256 position) internal view returns (Position storage p) {
        p = _set().positions[position];
        if (p.share == address(0)) revert UnknownPosition(position);
    }

    function _accepts(Position storage p) internal view returns (bool) {
        return STAKE_MANAGER.accepts(p.share, p.validatorId, _set().maxCommission);
    }

    /// @dev All positions, number 1 first, and the sum of their principals.
    function _table() internal view returns (Candidate[] memory table, uint256 staked) {
        SetStorage storage $ = _set();
        table = new Candidate[]($.count);
        for (uint256 i = 0; i < table.length; ++i) {
            Position storage p = $.positions[i + 1];
            uint256 principal = p.principal;
            table[i] = Candidate({principal: principal, weight: p.weightBps, cap: p.capBps, out: false});
            staked += principal;
        }
    }

    /// @dev Index of the candidate furthest under its target, and how much it may get: up to the target, and within its
    /// cap of `total`. Targets are parts of `base` by the weights of those who are not out.
    function _furthestUnder(
        Candidate[] memory table,
        uint256 base,
        uint256 weights,
        uint256 total
    ) internal pure returns (uint256 index, uint256 room) {
        uint256 furthest = 0;
        for (uint256 i = 0; i < table.length; ++i) {
            Candidate memory c = table[i];
            if (c.out) continue;
            uint256 target = (base * c.weight) / weights;
            if (target > c.principal && target - c.principal > furthest) {
                furthest = target - c.principal;
                index = i;
                room = Math.min(furthest, Math.saturatingSub(Bps.floor(total, c.cap), c.principal));
            }
        }
    }

    /// @dev Index of the candidate furthest over its target, or nearest to it if none is over, among those with at
    /// least `least`; `found` is false if there are none.
    function _furthestOver(
        Candidate[] memory table,
        uint256 staked,
        uint256 least
    ) internal pure returns (uint256 index, bool found) {
        // Distances are shifted by `staked`, which no target exceeds, to stay positive.
        uint256 furthest = 0;
        for (uint256 i = 0; i < table.length; ++i) {
            Candidate memory c = table[i];
            if (c.out || c.principal < least) continue;
            uint256 distance = staked + c.principal - Bps.floor(staked, c.weight);
            if (distance > furthest) (furthest, index, found) = (distance, i, true);
        }
    }

    function _setMaxCommission(uint256 percent) internal {
        if (percent > 100) revert CommissionOutOfBounds(percent, 100);
        emit MaxCommissionSet(_set().maxCommission, percent);
        _set().maxCommission = percent.toUint8();
    }

    function _setDeadSliceTime(uint256 time) internal {
        if (time < MIN_DEAD_SLICE_TIME || time > MAX_DEAD_SLICE_TIME) {
            revert DeadSliceTimeOutOfBounds(time, MIN_DEAD_SLICE_TIME, MAX_DEAD_SLICE_TIME);
        }
        emit DeadSliceTimeSet(_set().deadSliceTime, time);
        _set().deadSliceTime = time.toUint32();
    }

    function _set() internal pure returns (SetStorage storage $) {
        assembly {
            $.slot := SET_STORAGE
        }
    }
}
