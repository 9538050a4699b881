// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ShareRestaking} from "./ShareRestaking.sol";

/// @title Moving shares between accounts
/// @notice Every move pays the rewards of both parties first, receiver before sender.
abstract contract ShareTransfers is ShareRestaking {
    function transfer(address to, uint256 value) external returns (bool) {
        _transferShares(msg.sender, to, value, false);
        _logMove(msg.sender, to, value);
        return true;
    }

    function transferPOL(address to, uint256 value) external returns (bool) {
        _transferShares(msg.sender, to, value, true);
        _logMove(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _transferShares(from, to, value, true);
        _reduceAllowance(from, msg.sender, value);
        _logMove(from, to, value);
        return true;
    }

    /// @notice Takes `value` shares of `from` by allowance and restakes the caller's own rewards; `from` is paid
    /// its rewards. On a locked validator the caller's rewards are paid out instead.
    /// @return success Always true.
    /// @return amountRestaked Part of the caller's reward that was delegated.
    function restakeAndTransferFrom(
        address from,
        uint256 value
    ) external returns (bool success, uint256 amountRestaked) {
        _payRewards(from, true);
        uint256 reward = _settle(msg.sender);
        if (reward > 0) {
            if (locked) _payReward(msg.sender, reward, true);
            else amountRestaked = _restakeReward(msg.sender, reward, reward, true);
        }
        _moveShares(from, msg.sender, value);
        _reduceAllowance(from, msg.sender, value);
        _logMove(from, msg.sender, value);
        return (true, amountRestaked);
    }

    function _transferShares(address from, address to, uint256 value, bool inPol) private {
        _payRewards(to, inPol);
        _payRewards(from, inPol);
        _moveShares(from, to, value);
    }

    function _logMove(address from, address to, uint256 value) private {
        _hub().logSharesTransfer(validatorId, from, to, value);
    }
}
