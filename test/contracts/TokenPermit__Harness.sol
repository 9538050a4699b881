// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {TokenPermit} from "../../contracts/shared/access/TokenPermit.sol";

/// @title Something that is paid after a permit
contract TokenPermit__Harness {
    using SafeERC20 for IERC20;
    using TokenPermit for TokenPermit.Permit;

    /// @notice Takes an amount from the caller, after its permit.
    function pay(IERC20 token, uint256 amount, TokenPermit.Permit calldata permit) external {
        permit.trySubmit(address(token));
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Submits a permit of the caller, and no more.
    function submit(address token, TokenPermit.Permit calldata permit) external {
        permit.trySubmit(token);
    }
}
