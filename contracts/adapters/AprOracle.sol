// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAprOracle} from "../interfaces/IAprOracle.sol";
import {IRateSource} from "../interfaces/IRateSource.sol";

/// @title AprOracle
/// @custom:security-contact SECURITY.md
/// @notice The same on both chains. Called by anyone; calls the chain's rate provider.
contract AprOracle is IAprOracle {
    using SafeCast for uint256;

    /// @dev The totals and not their quotient, so that nothing is rounded; one word.
    struct Snapshot {
        uint104 totalAssets;
        uint104 totalSupply;
        uint48 time;
    }

    /// @dev Seconds between two snapshots, at least: less than a day, so that a daily call may vary.
    uint256 private constant LEAST_GAP = 20 hours;

    /// @dev Highest number of days.
    uint256 private constant MAX_DAYS = 7;

    /// @dev Snapshots that are kept: the first of so many is at least 9 gaps, 7.5 days, older than the last.
    uint256 private constant KEPT = 10;

    /// @dev A growth by all of the value in a year, times the seconds of a year.
    uint256 private constant YEARLY_HUNDRED = 100e18 * 365 days;

    /// @dev Snapshot n, from 0, is at n % KEPT.
    Snapshot[KEPT] private _snapshots;

    /// @dev How many were taken so far.
    uint256 private _count;

    /// @inheritdoc IAprOracle
    IRateSource public immutable SOURCE;

    /// @inheritdoc IAprOracle
    address public immutable TOKEN;

    /// @param source The rate provider of this chain.
    /// @param token ankrMATIC of this chain.
    constructor(IRateSource source, address token) {
        SOURCE = source;
        TOKEN = token;
    }

    /// @inheritdoc IAprOracle
    function snapshot() external {
        (uint256 totalAssets, uint256 totalSupply, uint256 time, ) = SOURCE.latest();
        uint256 earliest = nextSnapshotAt();
        if (time < earliest) revert TooEarly(time, earliest);
        _snapshots[_count++ % KEPT] = Snapshot({
            totalAssets: totalAssets.toUint104(),
            totalSupply: totalSupply.toUint104(),
            time: time.toUint48()
        });
        emit SnapshotTaken(totalAssets, totalSupply, time);
    }

    /// @inheritdoc IAprOracle
    function averagePercentageRate(address token, uint256 daysCount) external view returns (uint256 percentage) {
        if (token != TOKEN) revert UnknownToken(token);
        (uint256 totalAssets, uint256 totalSupply, uint256 time, ) = SOURCE.latest();
        Snapshot memory then = _olderBy(daysCount, time);
        // The quotients of the totals, brought to one denominator. Totals are below 2^104: nothing overflows.
        uint256 worthThen = then.totalAssets * totalSupply;
        uint256 worthNow = totalAssets * then.totalSupply;
        if (worthThen == 0 || worthNow <= worthThen) return 0;
        return Math.mulDiv(worthNow - worthThen, YEARLY_HUNDRED, worthThen * (time - then.time));
    }

    /// @inheritdoc IAprOracle
    function windowOf(uint256 daysCount) external view returns (uint256 from, uint256 to) {
        (, , to, ) = SOURCE.latest();
        from = _olderBy(daysCount, to).time;
    }

    /// @inheritdoc IAprOracle
    function nextSnapshotAt() public view returns (uint256) {
        return _count == 0 ? 0 : _snapshots[(_count - 1) % KEPT].time + LEAST_GAP;
    }

    /// @dev The newest snapshot that is at least so many days older than a time.
    function _olderBy(uint256 daysCount, uint256 time) private view returns (Snapshot memory found) {
        if (daysCount == 0 || daysCount > MAX_DAYS) revert DaysOutOfBounds(daysCount, MAX_DAYS);
        uint256 count = _count;
        uint256 oldest = Math.saturatingSub(count, KEPT);
        for (uint256 n = count; n > oldest; --n) {
            found = _snapshots[(n - 1) % KEPT];
            if (found.time + daysCount * 1 days <= time) return found;
        }
        revert TooFewSnapshots(daysCount);
    }
}
