// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title Permits that cannot be spoiled
/// @notice An allowance by signature, for the caller's own call.
library TokenPermit {
    /// @notice A signature of the caller by EIP-2612, with the called contract as spender.
    struct Permit {
        /// Allowance that was signed, in the token's unit.
        uint256 value;
        /// Last second at which it can be submitted.
        uint256 deadline;
        /// Signature.
        uint8 v;
        /// Signature.
        bytes32 r;
        /// Signature.
        bytes32 s;
    }

    /// @notice Submits a permit of the caller, and ignores whether it works: whoever saw it may have submitted it
    /// before. The allowance decides.
    /// @param p The permit.
    /// @param token The token.
    function trySubmit(Permit calldata p, address token) internal {
        try
            IERC20Permit(token).permit({
                owner: msg.sender,
                spender: address(this),
                value: p.value,
                deadline: p.deadline,
                v: p.v,
                r: p.r,
                s: p.s
            })
        {
            // The allowance is set.
        } catch {
            // It may be set all the same.
        }
    }
}
