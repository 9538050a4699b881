// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title A pause that ends by itself
/// @notice A flow is paused until a time, at most 5 days ahead. When it has ended, by itself or early, it cannot be
/// paused again for 30 days. One clock per flow, whoever pauses.
/// @dev Pure: the caller keeps the time in a slot that its user path reads anyway.
library SelfEndingPause {
    using SafeCast for uint256;

    /// @notice Longest pause.
    uint256 internal constant MAX_PAUSE = 5 days;

    /// @notice Time from the end of a pause to the next.
    uint256 internal constant COOLDOWN = 30 days;

    /// @notice A pause of no time, or beyond the longest.
    error PauseOutOfBounds(uint256 duration, uint256 longest);

    /// @notice The flow is paused, or was until too recently.
    error PauseCoolingDown(uint256 possibleFrom);

    /// @notice The flow is not paused.
    error NotPaused();

    /// @notice End of a pause of `duration` seconds that starts now.
    /// @param until End of the last pause; 0 if there was none.
    /// @param duration Seconds, 1 to `MAX_PAUSE`.
    /// @return end Time at which it ends.
    function start(uint32 until, uint256 duration) internal view returns (uint32 end) {
        if (duration == 0 || duration > MAX_PAUSE) revert PauseOutOfBounds(duration, MAX_PAUSE);
        if (until != 0 && block.timestamp < until + COOLDOWN) revert PauseCoolingDown(until + COOLDOWN);
        return (block.timestamp + duration).toUint32();
    }

    /// @notice Ends a running pause.
    /// @param until End of the pause.
    /// @return end The present time: from it on the cool-down counts.
    function stop(uint32 until) internal view returns (uint32 end) {
        if (!isOn(until)) revert NotPaused();
        return block.timestamp.toUint32();
    }

    /// @notice True while the flow is paused.
    function isOn(uint32 until) internal view returns (bool) {
        return block.timestamp < until;
    }
}
