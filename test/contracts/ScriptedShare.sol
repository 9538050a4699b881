// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title A share contract that does as it is told
/// @notice Answers every call by a script: a test puts it in the place of a validator's share contract, or has Polygon
/// governance name it. A function without a script reverts.
contract ScriptedShare {
    /// What a call does.
    enum Kind {
        /// Reverts.
        Revert,
        /// Returns the scripted bytes, whatever they are.
        Return,
        /// Burns all gas that it is given.
        BurnGas,
        /// Returns the scripted word, and after it as many zeros as it can pay for.
        ReturnBomb,
        /// Calls `target` with the scripted bytes, then returns nothing.
        Call
    }

    struct Script {
        Kind kind;
        address target;
        bytes data;
    }

    mapping(bytes4 selector => Script script) private _scripts;

    /// @notice Nothing was scripted for this function, or that it reverts.
    error Unscripted(bytes4 selector);

    fallback(bytes calldata) external payable returns (bytes memory) {
        return _play(_scripts[msg.sig]);
    }

    receive() external payable {
        revert Unscripted(0x00000000);
    }

    /// @notice Sets what functions do from now on, all at once.
    function learn(bytes4[] calldata selectors, Script[] calldata scripts) external {
        for (uint256 i = 0; i < selectors.length; ++i) _scripts[selectors[i]] = scripts[i];
    }

    function _play(Script storage told) private returns (bytes memory) {
        Kind kind = told.kind;
        if (kind == Kind.Return) return told.data;
        if (kind == Kind.BurnGas) _burn();
        if (kind == Kind.ReturnBomb) _bomb(told.data);
        // What is called, and with what, is the test's choice.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = kind == Kind.Call ? told.target.call(told.data) : (false, bytes(""));
        if (!success) revert Unscripted(msg.sig);
        return "";
    }

    function _burn() private pure {
        assembly ("memory-safe") {
            invalid()
        }
    }

    /// @dev Memory of w words costs 3 w + w^2 / 512: 19,000 words are 762,000 gas.
    function _bomb(bytes memory first) private pure {
        assembly ("memory-safe") {
            mstore(0, mload(add(first, 32)))
            return(0, mul(19000, 32))
        }
    }
}
