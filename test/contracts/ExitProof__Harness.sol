// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ExitProof} from "../../contracts/ethereum/bridge/ExitProof.sol";
import {IRootChain} from "../../contracts/interfaces/external/fx/IRootChain.sol";

/// @title Exits that can be consumed once
contract ExitProof__Harness {
    IRootChain public immutable ROOT_CHAIN;

    mapping(bytes32 exitId => bool used) public used;

    /// @notice A message arrived.
    event Consumed(bytes32 exitId, address emitter, bytes message);

    /// @notice The exit was consumed before.
    error ExitUsed(bytes32 exitId);

    constructor(IRootChain rootChain) {
        ROOT_CHAIN = rootChain;
    }

    /// @notice Reads a payload and uses up its exit.
    function consume(bytes calldata payload) external {
        (bytes32 exitId, address emitter, bytes memory message) = ExitProof.read(ROOT_CHAIN, payload);
        if (used[exitId]) revert ExitUsed(exitId);
        used[exitId] = true;
        emit Consumed(exitId, emitter, message);
    }

    /// @notice What a payload proves.
    function read(
        bytes calldata payload
    ) external view returns (bytes32 exitId, address emitter, bytes memory message) {
        return ExitProof.read(ROOT_CHAIN, payload);
    }
}
