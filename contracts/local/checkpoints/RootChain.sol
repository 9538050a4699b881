// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StakeManager} from "../manager/StakeManager.sol";

/// @title Where checkpoints of Polygon arrive
/// @notice Model of Polygon's RootChain, reduced to what staking sees of it: the model is told who signed.
contract RootChain {
    /// Header block ids grow by this, as Polygon's do.
    uint256 private constant ID_STEP = 10_000;

    StakeManager private immutable MANAGER;

    uint256 private _nextHeaderBlock = ID_STEP;
    uint256 private _nextBlock;

    event NewHeaderBlock(
        address indexed proposer,
        uint256 indexed headerBlockId,
        uint256 indexed reward,
        uint256 start,
        uint256 end,
        bytes32 root
    );

    constructor(StakeManager manager) {
        MANAGER = manager;
    }

    /// @notice Accepts a checkpoint over the next `blockInterval` blocks.
    /// @param blockInterval Number of blocks, at least 1.
    /// @param signedBy Ids of the validators that signed; at least two thirds of the stake.
    /// @param proposer Signer key of the validator that proposed it.
    /// @param root Root of the block headers; staking does not look at it.
    function submitCheckpoint(
        uint256 blockInterval,
        uint256[] calldata signedBy,
        address proposer,
        bytes32 root
    ) external {
        require(blockInterval > 0, "INCORRECT_HEADER_DATA");
        uint256 reward = MANAGER.checkSignatures(blockInterval, signedBy, proposer);
        require(reward != 0, "Invalid checkpoint");

        uint256 start = _nextBlock;
        _nextBlock = start + blockInterval;
        emit NewHeaderBlock({
            proposer: proposer,
            headerBlockId: _nextHeaderBlock,
            reward: reward,
            start: start,
            end: _nextBlock - 1,
            root: root
        });
        _nextHeaderBlock += ID_STEP;
    }
}
