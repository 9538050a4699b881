// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRootChain} from "../../interfaces/external/fx/IRootChain.sol";

/// @title Checkpoints, as exits read them
/// @notice Model of Polygon's RootChain, reduced to what the bridge sees of it: one proposer stands for the validators,
/// and is believed.
contract BridgeRootChain is IRootChain {
    /// Field by field what RootChain keeps of a checkpoint.
    struct HeaderBlock {
        bytes32 root;
        uint256 start;
        uint256 end;
        uint256 createdAt;
        address proposer;
    }

    /// Header block ids grow by this, as Polygon's do.
    uint256 private constant ID_STEP = 10_000;

    /// Account that submits checkpoints and, as RootChain's owner can, deletes them.
    address public immutable PROPOSER;

    mapping(uint256 headerId => HeaderBlock header) public override headerBlocks;

    // Called by this name on the original.
    // solhint-disable-next-line var-name-mixedcase
    uint256 public _nextHeaderBlock = ID_STEP;

    event NewHeaderBlock(
        address indexed proposer,
        uint256 indexed headerBlockId,
        uint256 indexed reward,
        uint256 start,
        uint256 end,
        bytes32 root
    );

    modifier onlyProposer() {
        require(msg.sender == PROPOSER, "NOT_PROPOSER");
        _;
    }

    constructor(address proposer) {
        PROPOSER = proposer;
    }

    /// @notice Accepts a checkpoint over the blocks from `start` to `end`, which continue the last one's.
    /// @param start First block; 0 for the first checkpoint.
    /// @param end Last block, included.
    /// @param root Root of the tree over the block headers.
    function submitHeaderBlock(uint256 start, uint256 end, bytes32 root) external onlyProposer {
        uint256 headerId = _nextHeaderBlock;
        uint256 expected = headerId == ID_STEP ? 0 : headerBlocks[headerId - ID_STEP].end + 1;
        require(start == expected && end >= start, "INCORRECT_HEADER_DATA");
        headerBlocks[headerId] = HeaderBlock({
            root: root,
            start: start,
            end: end,
            createdAt: block.timestamp,
            proposer: msg.sender
        });
        emit NewHeaderBlock({
            proposer: msg.sender,
            headerBlockId: headerId,
            reward: 0,
            start: start,
            end: end,
            root: root
        });
        _nextHeaderBlock = headerId + ID_STEP;
    }

    /// @notice Deletes the checkpoints from an id on.
    /// @param value The id, a multiple of 10,000 that is not above the next one.
    function setNextHeaderBlock(uint256 value) external onlyProposer {
        require(value % ID_STEP == 0 && value >= ID_STEP && value <= _nextHeaderBlock, "INVALID_HEADER");
        for (uint256 id = value; id < _nextHeaderBlock; id += ID_STEP) delete headerBlocks[id];
        _nextHeaderBlock = value;
    }

    /// @inheritdoc IRootChain
    function currentHeaderBlock() public view returns (uint256 headerId) {
        return _nextHeaderBlock - ID_STEP;
    }

    /// @notice Last block of the last checkpoint.
    /// @return number The block; 0 if there is no checkpoint, too.
    function getLastChildBlock() external view returns (uint256 number) {
        return headerBlocks[currentHeaderBlock()].end;
    }
}
