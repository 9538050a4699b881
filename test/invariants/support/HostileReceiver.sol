// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SwapPool} from "contracts/polygon/swap/SwapPool.sol";

/// @title A receiver of native tokens that does not behave
/// @notice It takes what it is paid, refuses it, burns all the gas that it gets, or calls the pool that pays it.
contract HostileReceiver {
    enum Mode {
        Take,
        Refuse,
        Burn,
        Enter
    }

    SwapPool private immutable SWAP;

    /// @notice What the call into the pool answered, and whether it went through.
    bytes4 public answer;
    bool public entered;
    /// @notice True if the pool had less than its books say while it paid.
    bool public wasShort;

    Mode private _mode;
    bytes private _attack;

    /// @notice This one does not want to be paid.
    error Refused();

    constructor(SwapPool swap) {
        SWAP = swap;
    }

    /// @notice Does what it was told to do.
    receive() external payable {
        _behave();
    }

    /// @notice What to do with the next payment.
    /// @param attack The call into the pool, if that is what to do.
    function prepare(Mode mode, bytes calldata attack) external {
        (_mode, _attack, entered, wasShort, answer) = (mode, attack, false, false, 0);
    }

    function _behave() private {
        if (_mode == Mode.Refuse) revert Refused();
        if (_mode == Mode.Burn) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        (uint256 assets, uint256 shares) = SWAP.reserves();
        wasShort = address(SWAP).balance < assets || SWAP.TOKEN().balanceOf(address(SWAP)) < shares;
        if (_mode == Mode.Enter) _enter();
    }

    function _enter() private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory data) = address(SWAP).call(_attack);
        (entered, answer) = (done, bytes4(data));
    }
}
