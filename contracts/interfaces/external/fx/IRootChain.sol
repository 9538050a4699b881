// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Polygon's RootChain, as an exit reads it
/// @notice Where the checkpoints of Polygon are kept on Ethereum: for a range of blocks, the root of a Merkle tree over
/// their headers.
/// @dev Header ids are multiples of 10,000. RootChain's owner can delete headers, and the same blocks may then be
/// submitted under another id.
interface IRootChain {
    /// @notice A checkpoint.
    /// @param headerId Its id; for an id that was never submitted, or was deleted, everything is zero.
    /// @return root Root of the tree over the block headers.
    /// @return start First block.
    /// @return end Last block, which the checkpoint includes.
    /// @return createdAt Time at which it was submitted, seconds.
    /// @return proposer Account that proposed it.
    function headerBlocks(
        uint256 headerId
    ) external view returns (bytes32 root, uint256 start, uint256 end, uint256 createdAt, address proposer);

    /// @notice Id of the last checkpoint.
    /// @return headerId The id, or 0 if there is none yet.
    function currentHeaderBlock() external view returns (uint256 headerId);
}
