// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";

import {BridgeRootChain} from "contracts/local/bridge/BridgeRootChain.sol";
import {BridgeProofs} from "./BridgeProofs.sol";
import {BridgeWorld} from "./BridgeWorld.sol";

/// @title Polygon's blocks with withdrawals in them, and their checkpoints
/// @notice One chain plays both, so that blocks are what handlers say: each transaction is a receipt.
contract BridgeChain is CommonBase {
    uint256 private constant ID_STEP = 10_000;

    BridgeRootChain public immutable ROOT_CHAIN;
    address private immutable PROPOSER;

    BridgeProofs.Block[] private _blocks;
    bytes32[] private _leaves;

    constructor(BridgeWorld world) {
        ROOT_CHAIN = world.rootChain();
        PROPOSER = address(world);
    }

    /// @notice A new block of one or two transactions.
    function mine(bytes[] memory receipts) public returns (uint256 number) {
        number = _blocks.length;
        BridgeProofs.Block storage b = _blocks.push();
        // Nothing looks into the transactions: their root has only to be the same in a checkpoint and in a payload.
        (b.number, b.time, b.transactionsRoot) = (number, block.timestamp, keccak256(abi.encode(number)));
        for (uint256 i = 0; i < receipts.length; ++i) b.receipts.push(receipts[i]);
        _leaves.push(BridgeProofs.leafOf(b));
    }

    /// @notice The same transactions in a new block.
    function repeat(uint256 number) external returns (uint256) {
        return mine(_blocks[number].receipts);
    }

    /// @notice Submits a checkpoint of the next blocks.
    function checkpoint(uint256 count) external {
        uint256 start = covered();
        (bytes32 root, ) = BridgeProofs.treeOf(_leavesOf(start, start + count - 1), 0);
        vm.prank(PROPOSER);
        ROOT_CHAIN.submitHeaderBlock(start, start + count - 1, root);
    }

    /// @notice Deletes the last checkpoints: other ones will have the same blocks.
    function dropCheckpoints(uint256 count) external {
        uint256 next = ROOT_CHAIN.currentHeaderBlock() + ID_STEP;
        vm.prank(PROPOSER);
        ROOT_CHAIN.setNextHeaderBlock(next - count * ID_STEP);
    }

    /// @notice Blocks so far.
    function height() external view returns (uint256) {
        return _blocks.length;
    }

    /// @notice How many of them are in a checkpoint.
    function covered() public view returns (uint256) {
        uint256 last = ROOT_CHAIN.currentHeaderBlock();
        return last == 0 ? 0 : ROOT_CHAIN.getLastChildBlock() + 1;
    }

    /// @notice How many checkpoints there are.
    function checkpoints() external view returns (uint256) {
        return ROOT_CHAIN.currentHeaderBlock() / ID_STEP;
    }

    /// @notice The checkpoint of a block; the last one if it is in none.
    function headerOf(uint256 number) public view returns (uint256 headerId) {
        uint256 last = ROOT_CHAIN.currentHeaderBlock();
        for (headerId = ID_STEP; headerId < last; headerId += ID_STEP) {
            (, , uint256 end, , ) = ROOT_CHAIN.headerBlocks(headerId);
            if (number <= end) return headerId;
        }
        return last;
    }

    /// @notice Receipts of a block.
    function receiptsIn(uint256 number) external view returns (bytes[] memory) {
        return _blocks[number].receipts;
    }

    /// @notice The fields of the payload that proves a log.
    function fieldsOf(uint256 number, uint256 index, uint256 position) external view returns (bytes[] memory) {
        uint256 headerId = headerOf(number);
        (, uint256 start, uint256 end, , ) = ROOT_CHAIN.headerBlocks(headerId);
        bytes memory siblings;
        // A block that is in no checkpoint has none.
        if (number < covered()) (, siblings) = BridgeProofs.treeOf(_leavesOf(start, end), number - start);
        return
            BridgeProofs.fieldsOf({
                headerId: headerId,
                siblings: siblings,
                b: _blocks[number],
                index: index,
                position: position
            });
    }

    function _leavesOf(uint256 start, uint256 end) private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](end + 1 - start);
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = _leaves[start + i];
    }
}
