// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What aMATICb and its switcher must answer for
/// @notice Written by handlers, read by the invariants: shares that came and left, and the daily limit in exact
/// numbers.
/// @dev The limit is counted in shares times seconds of a day, so that nothing of its refill is ever rounded.
contract LegacyGhosts {
    /// @dev A switch, or a change of the limit, which moves no shares.
    struct Step {
        uint256 time;
        uint256 shares;
        /// The limit that held; the higher of two when it changed.
        uint256 limit;
    }

    uint256 private constant DAY = 1 days;

    /// @notice Shares of the batches that were minted.
    uint256 public minted;
    /// @notice How many batches that were.
    uint256 public batches;
    /// @notice Shares that left by requests to unstake.
    uint256 public unstaked;
    /// @notice Shares that left by switches.
    uint256 public switched;
    /// @notice ankrMATIC wei that came to aMATICb without shares.
    uint256 public donated;

    /// @notice Shares of the daily limit; 0 if there is none.
    uint256 public limit;
    /// @notice How often the contract may have rounded since the limit was first set, less than a share each.
    uint256 public roundings;

    uint256 private _level;
    uint256 private _levelAt;
    Step[] private _steps;

    function noteMinted(uint256 shares) external {
        minted += shares;
        ++batches;
    }

    function noteUnstaked(uint256 shares) external {
        unstaked += shares;
    }

    function noteDonated(uint256 shares) external {
        donated += shares;
    }

    function noteSwitched(uint256 shares) external {
        switched += shares;
        if (limit == 0) return;
        _level = _levelNow() - shares * DAY;
        _step(shares, limit);
    }

    /// @dev A first limit starts full, and no limit has no history.
    function noteLimit(uint256 limit_) external {
        if (limit == 0 || limit_ == 0) {
            (_level, roundings) = (limit_ * DAY, 0);
            delete _steps;
            _levelAt = block.timestamp;
        } else {
            uint256 level = _levelNow();
            _level = level < limit_ * DAY ? level : limit_ * DAY;
            _step(0, limit < limit_ ? limit_ : limit);
        }
        limit = limit_;
    }

    /// @notice Shares that the daily limit leaves, rounded down.
    function dailyFree() external view returns (uint256 shares) {
        return limit == 0 ? type(uint256).max : _levelNow() / DAY;
    }

    /// @notice What was switched within the last day under a limit.
    /// @return shares Shares.
    /// @return highest The highest limit that held since.
    function lastDay() external view returns (uint256 shares, uint256 highest) {
        highest = limit;
        for (uint256 i = _steps.length; i != 0; --i) {
            Step memory step = _steps[i - 1];
            if (step.time + DAY <= block.timestamp) break;
            shares += step.shares;
            if (step.limit > highest) highest = step.limit;
        }
    }

    function _step(uint256 shares, uint256 limit_) private {
        _levelAt = block.timestamp;
        ++roundings;
        _steps.push(Step({time: block.timestamp, shares: shares, limit: limit_}));
    }

    function _levelNow() private view returns (uint256 level) {
        level = _level + limit * (block.timestamp - _levelAt);
        if (level > limit * DAY) level = limit * DAY;
    }
}
