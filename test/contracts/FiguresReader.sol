// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAMATICb} from "../../contracts/interfaces/IAMATICb.sol";
import {IDelegator} from "../../contracts/interfaces/IDelegator.sol";
import {IPolygonPool} from "../../contracts/interfaces/IPolygonPool.sol";
import {IPoolLens} from "../../contracts/interfaces/IPoolLens.sol";
import {IPoolRedeems} from "../../contracts/interfaces/IPoolRedeems.sol";
import {IValidatorShare} from "../../contracts/interfaces/external/polygon/IValidatorShare.sol";

/// @title Everything that the watch over the ledgers compares, read by one call
/// @notice Never deployed: its creation is called, and what the constructor returns is the answer instead of code. So
/// no transaction of its own, no block and no nonce come into a test.
contract FiguresReader {
    struct System {
        IPolygonPool pool;
        IDelegator delegator;
        IPoolLens lens;
        IERC20 token;
        IAMATICb bond;
        IERC20 pol;
    }

    struct Stake {
        uint256 position;
        uint256 principal;
        uint256 stake;
    }

    struct Queue {
        uint256 openAssets;
        uint256 unsold;
        uint256 sold;
    }

    struct Figures {
        IPoolLens.Books books;
        Queue queue;
        IDelegator.Reserves real;
        IDelegator.Ledger held;
        uint256 poolPol;
        uint256 assets;
        uint256 shares;
        uint256 supply;
        uint256 bonds;
        uint256 backing;
        Stake[] positions;
    }

    /// @notice Returns `read`.
    /// @param system What is read.
    /// @param unsynced Positions that are left out.
    constructor(System memory system, uint256[] memory unsynced) {
        bytes memory answer = abi.encode(read(system, unsynced));
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }

    /// @notice The figures, at this moment.
    /// @param system What is read.
    /// @param unsynced Positions that are left out.
    /// @return figures What the ledgers say, and what is there.
    function read(System memory system, uint256[] memory unsynced) public view returns (Figures memory figures) {
        figures.books = system.lens.books();
        figures.queue = _queue(system.pool);
        figures.real = system.delegator.reserves();
        figures.held = system.delegator.ledger();
        figures.poolPol = system.pol.balanceOf(address(system.pool));
        figures.assets = system.pool.totalAssets();
        if (figures.assets != 0) figures.shares = system.pool.convertToShares(figures.assets);
        figures.supply = system.token.totalSupply();
        figures.bonds = system.bond.totalSharesSupply();
        figures.backing = system.token.balanceOf(address(system.bond));
        figures.positions = _positions(system.delegator, unsynced);
    }

    function _queue(IPoolRedeems pool) private view returns (Queue memory queue) {
        (, queue.openAssets, , , queue.unsold, queue.sold) = pool.queue();
    }

    function _positions(IDelegator delegator, uint256[] memory unsynced) private view returns (Stake[] memory found) {
        uint256 count = delegator.positionCount();
        found = new Stake[](count);
        uint256 length;
        for (uint256 position = 1; position <= count; ++position) {
            IDelegator.Position memory at = delegator.positionAt(position);
            if (at.share == address(0) || _contains(unsynced, position)) continue;
            (uint256 stake, ) = IValidatorShare(at.share).getTotalStake(address(delegator));
            found[length++] = Stake({position: position, principal: at.principal, stake: stake});
        }
        assembly ("memory-safe") {
            mstore(found, length)
        }
    }

    function _contains(uint256[] memory numbers, uint256 wanted) private pure returns (bool) {
        for (uint256 i = 0; i < numbers.length; ++i) if (numbers[i] == wanted) return true;
        return false;
    }
}
