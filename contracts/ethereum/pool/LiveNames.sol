// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILiveNames} from "../../interfaces/ILiveNames.sol";
import {DepositDesk} from "./DepositDesk.sol";
import {RedeemDesk} from "./RedeemDesk.sol";

/// @title The names that live integrations call
/// @notice Thin aliases of the functions named by the standards.
abstract contract LiveNames is ILiveNames, DepositDesk, RedeemDesk {
    /// @inheritdoc ILiveNames
    function stakeAndClaimCerts(uint256 amount) external nonReentrant {
        emit StakePendingV2(msg.sender, amount, false);
        _stakeAssets(MATIC, amount, msg.sender);
    }

    /// @inheritdoc ILiveNames
    function unstakeCerts(
        uint256 shares,
        uint256 fee,
        uint256 useBeforeBlock,
        bytes calldata signature
    ) external nonReentrant {
        if (fee != 0 || useBeforeBlock != 0 || signature.length != 0) {
            revert LegacyParameters(fee, useBeforeBlock, signature.length);
        }
        (, uint256 assets) = _request(shares, msg.sender, msg.sender);
        emit TokensBurned({staker: msg.sender, amount: assets, shares: shares, fee: 0, isRebasing: false});
    }

    /// @inheritdoc ILiveNames
    function getMinimumStake() external pure returns (uint256) {
        return MIN_STAKE;
    }

    /// @inheritdoc ILiveNames
    function ethUnstakeFee() external pure returns (uint256) {
        return 0;
    }
}
