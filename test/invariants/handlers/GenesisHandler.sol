// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IBondGenesis} from "contracts/interfaces/IBondGenesis.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {LegacyGhosts} from "../support/LegacyGhosts.sol";
import {LegacyWorld} from "../support/LegacyWorld.sol";
import {LegacyHandler} from "./LegacyHandler.sol";

/// @title Those who mint the genesis, and those who try what is not in it
/// @notice Batches come in any order, at any time, and from any payer.
contract GenesisHandler is LegacyHandler {
    constructor(LegacyWorld world, Ghosts ghosts, LegacyGhosts book) LegacyHandler(world, ghosts, book) {}

    /// @dev A user pays if it has enough, otherwise the stranger does.
    function mintGenesis(uint256 batchSeed, uint256 payerSeed) external sameBlock {
        uint256 batch = _open(batchSeed);
        uint256 shares = LEGACY.sharesIn(batch);
        address payer = WORLD.userAt(payerSeed);
        if (TOKEN.balanceOf(payer) < shares) payer = WORLD.STRANGER();
        IBondGenesis.Holding[] memory holdings = LEGACY.holdingsOf(batch);
        uint256[] memory expected = _after(holdings);
        uint256 tokens = TOKEN.balanceOf(payer);
        uint256 total = BOND.totalSharesSupply();
        bytes32[] memory proof = LEGACY.proofOf(batch);

        vm.startPrank(payer);
        TOKEN.approve(address(BOND), type(uint256).max);
        assertEq(BOND.mintGenesis(batch, holdings, proof), shares, "N1: another number of shares was minted");
        vm.stopPrank();
        for (uint256 i = 0; i < holdings.length; ++i) {
            assertEq(
                BOND.sharesOf(holdings[i].holder),
                expected[i],
                "N1: a holder got something else than the list says"
            );
        }
        assertEq(TOKEN.balanceOf(payer), tokens - shares, "N1: the payer paid something else");
        assertEq(BOND.totalSharesSupply(), total + shares, "N1: the total grew by something else");
        assertTrue(BOND.genesisMinted(batch), "N1: a batch is not marked");
        BOOK.noteMinted(shares);
    }

    /// @dev A batch once more or after the seal, with a share too many, under another number, with another proof, or
    /// without the money.
    function mintWrongly(uint256 batchSeed, uint256 kind) external sameBlock {
        uint256 batch = batchSeed % LEGACY.LEAVES();
        IBondGenesis.Holding[] memory holdings = LEGACY.holdingsOf(batch);
        bytes32[] memory proof = LEGACY.proofOf(batch);
        bool poor = kind % 4 == 0 && !BOND.genesisMinted(batch) && !BOND.genesisSealed();
        if (kind % 4 == 1) ++holdings[kind % holdings.length].shares;
        else if (kind % 4 == 2) batch += LEGACY.LEAVES() * (1 + (kind % 300));
        else if (kind % 4 == 3) proof = LEGACY.proofOf(batch ^ 1);
        address payer = WORLD.STRANGER();
        if (poor) {
            payer = WORLD.MANAGER();
            bytes4 selector = IERC20Errors.ERC20InsufficientAllowance.selector;
            vm.expectRevert(abi.encodeWithSelector(selector, BOND, 0, LEGACY.sharesIn(batch)));
        } else {
            bool done = BOND.genesisMinted(batch);
            bytes4 selector = done ? IBondGenesis.GenesisBatchDone.selector : IBondGenesis.NotInGenesis.selector;
            vm.expectRevert(abi.encodeWithSelector(selector, batch));
        }
        vm.prank(payer);
        BOND.mintGenesis(batch, holdings, proof);
    }

    // ---------------------------------------------------------------- internals

    /// @dev A batch that is not minted; none after the seal: then the action is discarded.
    function _open(uint256 seed) private view returns (uint256 batch) {
        vm.assume(!BOND.genesisSealed());
        uint256 leaves = LEGACY.LEAVES();
        batch = seed % leaves;
        while (BOND.genesisMinted(batch)) batch = (batch + 1) % leaves;
    }

    /// @dev What each holder will have, by all holdings of a batch.
    function _after(IBondGenesis.Holding[] memory holdings) private view returns (uint256[] memory expected) {
        expected = new uint256[](holdings.length);
        for (uint256 i = 0; i < holdings.length; ++i) {
            expected[i] = BOND.sharesOf(holdings[i].holder);
            for (uint256 k = 0; k < holdings.length; ++k) {
                if (holdings[k].holder == holdings[i].holder) expected[i] += holdings[k].shares;
            }
        }
    }
}
