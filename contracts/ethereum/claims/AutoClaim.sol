// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAutoClaim} from "../../interfaces/IAutoClaim.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";

/// @title AutoClaim
/// @custom:security-contact SECURITY.md
/// @notice An operator with one action. It has no owner, no storage and no upgrade.
contract AutoClaim is IAutoClaim {
    /// @dev The pool.
    IERC7575 private immutable POOL;

    /// @param pool The pool.
    constructor(IERC7575 pool) {
        POOL = pool;
    }

    /// @inheritdoc IAutoClaim
    function claim(address controller) external returns (uint256 assets) {
        uint256 shares = POOL.maxRedeem(controller);
        if (shares == 0) revert NothingClaimable(controller);
        assets = POOL.redeem(shares, controller, controller);
        emit AutoClaimed(controller, msg.sender, assets);
    }
}
