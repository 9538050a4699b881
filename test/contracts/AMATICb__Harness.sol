// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AMATICb} from "../../contracts/ethereum/legacy/AMATICb.sol";
import {IAnkrMATIC} from "../../contracts/interfaces/IAnkrMATIC.sol";
import {IPolygonPool} from "../../contracts/interfaces/IPolygonPool.sol";
import {StubPool} from "./StubPool.sol";

/// @title aMATICb over a pool of any totals, many moves at a time
/// @notice It is a holder of its own shares and the spender of another's allowance, and calls itself as anybody would.
contract AMATICb__Harness is AMATICb {
    /// @notice What is done.
    enum Move {
        Transfer,
        TransferFrom,
        TransferShares,
        TransferSharesFrom,
        UnstakeBonds,
        UnstakeShares
    }

    /// @notice A move, and all that is there before it.
    struct Case {
        /// Of the pool.
        uint256 totalAssets;
        /// Of the pool.
        uint256 totalShares;
        /// Shares of who gives.
        uint256 held;
        /// Shares of who gets.
        uint256 receiverHeld;
        /// Bonds or shares.
        uint256 amount;
        /// Allowance of who gives.
        uint256 allowed;
        Move move;
        /// True if who gives also gets.
        bool toSelf;
    }

    /// @notice What the views say of a moment.
    struct State {
        uint256 shares;
        uint256 balance;
        uint256 receiverShares;
        uint256 receiverBalance;
        uint256 totalShares;
        uint256 supply;
        uint256 allowance;
    }

    /// @notice What became of one case.
    struct Answer {
        State before;
        State afterwards;
        /// Of the amount, taken for shares.
        uint256 bonds;
        /// Of the amount, taken for bonds.
        uint256 shares;
        /// Shares that the pool was asked to redeem.
        uint256 requested;
        /// Whose the request is.
        address controller;
        /// With what the move reverted; empty if it did not.
        bytes error;
    }

    /// @notice Gives where a spender moves.
    address public constant HOLDER = address(0xA11CE);

    /// @notice Gets.
    address public constant RECEIVER = address(0xB0B);

    StubPool private immutable STUB;

    constructor(StubPool stub) AMATICb(IAnkrMATIC(address(stub)), IPolygonPool(address(stub)), address(stub)) {
        STUB = stub;
    }

    /// @notice Makes the moves one after another, each with nothing left of the one before.
    function answer(Case[] calldata cases) external returns (Answer[] memory answers) {
        answers = new Answer[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) _answer(cases[i], answers[i]);
    }

    function _answer(Case calldata c, Answer memory a) private {
        bool bySpender = c.move == Move.TransferFrom || c.move == Move.TransferSharesFrom;
        address from = bySpender ? HOLDER : address(this);
        address to = c.toSelf ? from : RECEIVER;
        STUB.set(c.totalAssets, c.totalShares);
        _issue(from, c.held, 0);
        _issue(RECEIVER, c.receiverHeld, 0);
        _approve(from, address(this), c.allowed);

        a.before = _state(from);
        (a.bonds, a.shares) = (sharesToBonds(c.amount), this.bondsToShares(c.amount));
        a.error = _move(c, from, to);
        a.afterwards = _state(from);
        (a.requested, a.controller) = (STUB.requested(), STUB.controller());

        _take(from, this.sharesOf(from), 0);
        _take(RECEIVER, this.sharesOf(RECEIVER), 0);
    }

    function _move(Case calldata c, address from, address to) private returns (bytes memory) {
        bytes memory data;
        if (c.move == Move.Transfer) data = abi.encodeCall(this.transfer, (to, c.amount));
        if (c.move == Move.TransferFrom) data = abi.encodeCall(this.transferFrom, (from, to, c.amount));
        if (c.move == Move.TransferShares) data = abi.encodeCall(this.transferShares, (to, c.amount));
        if (c.move == Move.TransferSharesFrom) data = abi.encodeCall(this.transferSharesFrom, (from, to, c.amount));
        if (c.move == Move.UnstakeBonds) data = abi.encodeCall(this.unstakeBonds, (c.amount));
        if (c.move == Move.UnstakeShares) data = abi.encodeCall(this.unstakeShares, (c.amount));
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = address(this).call(data);
        return done ? bytes("") : result;
    }

    function _state(address from) private view returns (State memory) {
        return
            State({
                shares: this.sharesOf(from),
                balance: balanceOf(from),
                receiverShares: this.sharesOf(RECEIVER),
                receiverBalance: balanceOf(RECEIVER),
                totalShares: totalSharesSupply(),
                supply: totalSupply(),
                allowance: allowance(from, address(this))
            });
    }
}
