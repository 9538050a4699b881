// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title A contract that stakes, unstakes and provides, and does something about being paid
/// @notice Calls whatever it is told to. When native tokens come it counts them, which takes more than 2,300 gas;
/// refuses them; or makes a call of its own first.
contract SwapVisitor {
    /// @notice What to do when native tokens come.
    enum Manner {
        Count,
        Refuse,
        ComeBack,
        ComeBackOrFail
    }

    /// @notice Native wei that came, and how often.
    uint256 public received;
    uint256 public payments;

    Manner private _manner;
    address private _target;
    bytes private _data;
    uint256 private _value;

    /// @notice What the call in the middle of a payment came to.
    event CameBack(bool success, bytes result);

    /// @notice Native tokens are not welcome.
    error Refused(uint256 value);

    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        if (_manner == Manner.Refuse) revert Refused(msg.value);
        received += msg.value;
        ++payments;
        if (_manner == Manner.Count) return;
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = _target.call{value: _value}(_data);
        if (!success && _manner == Manner.ComeBackOrFail) _revertWith(result);
        emit CameBack(success, result);
    }

    /// @notice Chooses what to do from now on.
    function behave(Manner manner, address target, bytes calldata data, uint256 value) external {
        (_manner, _target, _data, _value) = (manner, target, data, value);
    }

    /// @notice Makes a call with native tokens of the caller.
    function exec(address to, bytes calldata data) external payable {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = to.call{value: msg.value}(data);
        if (!success) _revertWith(result);
    }

    function _revertWith(bytes memory error) private pure {
        assembly ("memory-safe") {
            revert(add(error, 32), mload(error))
        }
    }
}
