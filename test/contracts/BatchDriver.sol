// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StakeManager} from "contracts/local/manager/StakeManager.sol";
import {IPoolRedeems} from "contracts/interfaces/IPoolRedeems.sol";

/// @title Many batches in one transaction
/// @notice An operator of a controller that requests for it in one batch after the other, each in an epoch of its own.
/// @dev The pool's buffer must cover all of it.
contract BatchDriver {
    /// @notice Batches were settled.
    /// @param count How many.
    event Driven(uint256 count);

    /// @notice Requests `shares` of `controller` in each of `count` batches and settles them.
    /// @param pool The pool; the controller has made this contract its operator there.
    /// @param stakeManager The local model, for the epochs.
    /// @param controller Owner of the shares and controller of the requests.
    /// @param shares Shares of one request.
    /// @param count Number of batches.
    function drive(
        IPoolRedeems pool,
        StakeManager stakeManager,
        address controller,
        uint256 shares,
        uint256 count
    ) external {
        for (uint256 i = 0; i < count; ++i) {
            pool.requestRedeem(shares, controller, controller);
            stakeManager.checkpoints(1);
            pool.settleBatch();
        }
        emit Driven(count);
    }
}
