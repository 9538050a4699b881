// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title A contract that comes back
/// @notice Answers every call with one word, but for one function: when that is called, it makes a call of its own
/// first and passes on the error of it.
contract Reenterer {
    bytes4 private when;
    address private target;
    bytes private data;
    uint256 private word;

    /// @notice From now on answers with `answer`, and comes back with `comeback` when `selector` is called.
    function arm(uint256 answer, bytes4 selector, address victim, bytes calldata comeback) external {
        (word, when, target, data) = (answer, selector, victim, comeback);
    }

    /// @notice Makes a call.
    function exec(address to, bytes calldata what) external {
        _call(to, what);
    }

    receive() external payable {}

    /// @dev Everything else.
    fallback(bytes calldata) external payable returns (bytes memory) {
        return _answer();
    }

    function _answer() private returns (bytes memory) {
        if (msg.sig == when) _call(target, data);
        return abi.encode(word);
    }

    function _call(address to, bytes memory what) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory error) = to.call(what);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(error, 32), mload(error))
        }
    }
}
