// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {ShareBuying} from "./ShareBuying.sol";
import {ShareSelling} from "./ShareSelling.sol";

/// @title Delegating one's rewards
/// @notice Rewards become shares without any token moving, alone or together with another deposit or a sale.
abstract contract ShareRestaking is ShareBuying, ShareSelling {
    using LegacyMath for uint256;

    /// @notice Delegates the caller's rewards; what is left over is paid in MATIC.
    function restake() external returns (uint256 amountRestaked, uint256 liquidReward) {
        return _restake(false);
    }

    function restakePOL() external returns (uint256 amountRestaked, uint256 liquidReward) {
        return _restake(true);
    }

    /// @notice Delegates the caller's rewards together with `amount` of POL. Needs a rate of exactly 1.
    /// @return amountStaked `amount` plus the reward.
    /// @return liquidReward Reward that was due.
    function restakeAndStakePOL(uint256 amount) external returns (uint256 amountStaked, uint256 liquidReward) {
        liquidReward = _settle(msg.sender);
        amountStaked = amount.add(liquidReward);
        require(_buyShares(amountStaked, amountStaked, msg.sender) == amountStaked, "exchange rate not 1");
        _logRestaked(msg.sender);
        _deposit(msg.sender, amount, true);
    }

    /// @notice Delegates the caller's rewards, then sells `amount`. Needs a rate of 1 or more.
    /// @return amountRestaked Reward that was delegated.
    function restakeAndUnstakePOL(uint256 amount) external returns (uint256 amountRestaked) {
        (amountRestaked, ) = _restake(true);
        _sellVoucher_new(amount, amount, true);
    }

    function _logRestaked(address user) internal {
        (uint256 totalStake, ) = getTotalStake(user);
        stakingLogger.logDelegatorRestaked(validatorId, user, totalStake);
    }

    /// @dev Delegates a settled reward and pays the part that did not become shares.
    function _restakeReward(
        address user,
        uint256 reward,
        uint256 minShares,
        bool inPol
    ) internal returns (uint256 used) {
        used = _buyShares(reward, minShares, user);
        if (reward > used) _payReward(user, reward - used, inPol);
        _logRestaked(user);
    }

    function _restake(bool inPol) private returns (uint256 amountRestaked, uint256 liquidReward) {
        liquidReward = _settle(msg.sender);
        if (liquidReward > 0) amountRestaked = _restakeReward(msg.sender, liquidReward, 0, inPol);
    }
}
