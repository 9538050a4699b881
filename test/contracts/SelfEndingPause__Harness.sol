// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SelfEndingPause} from "../../contracts/shared/access/SelfEndingPause.sol";

/// @title A flow that can be paused
contract SelfEndingPause__Harness {
    using SelfEndingPause for uint32;

    /// @notice End of the last pause.
    uint32 public until;

    /// @notice The pause now ends at `until`.
    event PauseSet(uint256 until);

    /// @notice Pauses for `duration` seconds.
    function start(uint256 duration) external {
        until = until.start(duration);
        emit PauseSet(until);
    }

    /// @notice Ends the pause.
    function stop() external {
        until = until.stop();
        emit PauseSet(until);
    }

    /// @notice True while the flow is paused.
    function isOn() external view returns (bool) {
        return until.isOn();
    }
}
