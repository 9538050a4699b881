// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRootChain} from "../../contracts/interfaces/external/fx/IRootChain.sol";

/// @title A RootChain that says what it is told
/// @notice For checkpoints that no real one would take: a root of zero, blocks that no chain here has.
contract ScriptedRootChain is IRootChain {
    struct Header {
        bytes32 root;
        uint256 start;
        uint256 end;
        uint256 createdAt;
        address proposer;
    }

    mapping(uint256 headerId => Header header) public override headerBlocks;

    uint256 public override currentHeaderBlock;

    /// @notice Sets a checkpoint, and makes it the last.
    function setHeader(uint256 headerId, Header calldata header) external {
        headerBlocks[headerId] = header;
        currentHeaderBlock = headerId;
    }
}
