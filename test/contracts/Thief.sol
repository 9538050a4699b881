// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Upgradeable} from "../../contracts/shared/base/Upgradeable.sol";

/// @title What a malicious upgrade puts in the place of a contract
/// @notice It knows no user, and gives all that the contract holds to one account.
contract Thief is Upgradeable {
    using SafeERC20 for IERC20;

    /// @notice Everything was taken.
    event Stolen(address loot, uint256 amount);

    /// @notice Gives whole balances of tokens, and all native tokens, to `receiver`.
    function steal(IERC20[] calldata tokens, address receiver) external {
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 amount = tokens[i].balanceOf(address(this));
            emit Stolen(address(tokens[i]), amount);
            tokens[i].safeTransfer(receiver, amount);
        }
        emit Stolen(address(0), address(this).balance);
        Address.sendValue(payable(receiver), address(this).balance);
    }
}
