// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";
import {ShareState} from "./ShareState.sol";

/// @title Delegators' rewards
/// @notice Collects the delegators' reward from the StakeManager, shares it out over the shares, and pays it.
abstract contract ShareRewards is ShareState {
    using LegacyMath for uint256;

    uint256 private constant REWARD_PRECISION = 10 ** 25;

    function withdrawRewards() external {
        _payRewards(msg.sender, false);
    }

    function withdrawRewardsPOL() external {
        _payRewards(msg.sender, true);
    }

    function getStakeAndRewards(address user) external view returns (uint256 stakeAmount, uint256 liquidRewards) {
        uint256 shares = balanceOf(user);
        if (shares == 0) return (0, 0);
        stakeAmount = stakeManager.delegatedAmount(validatorId).mul(shares).div(totalSupply());
        liquidRewards = getLiquidRewards(user);
    }

    function getLiquidRewards(address user) public view returns (uint256) {
        return _rewardOf(user, getRewardPerShare());
    }

    /// @notice `rewardPerShare` as it would be if the rewards were collected now.
    function getRewardPerShare() public view returns (uint256) {
        return _rewardPerShareWith(stakeManager.delegatorsReward(validatorId));
    }

    /// @dev Collects, and returns what is due to `user`; the caller must pay or delegate all of it.
    function _settle(address user) internal returns (uint256 reward) {
        uint256 current = _rewardPerShareWith(stakeManager.withdrawDelegatorsReward(validatorId));
        reward = _rewardOf(user, current);
        rewardPerShare = current;
        initalRewardPerShare[user] = current;
    }

    function _payRewards(address user, bool inPol) internal {
        uint256 reward = _settle(user);
        if (reward > 0) _payReward(user, reward, inPol);
    }

    function _payReward(address user, uint256 reward, bool inPol) internal {
        _pay(user, reward, inPol);
        stakingLogger.logDelegatorClaimRewards(validatorId, user, reward);
    }

    function _pay(address user, uint256 amount, bool inPol) internal {
        bool paid =
            inPol
                ? stakeManager.transferFundsPOL(validatorId, amount, user)
                : stakeManager.transferFunds(validatorId, amount, user);
        require(paid, "Insufficent rewards");
    }

    /// @dev Rewards that arrive while nobody holds a share are lost.
    function _rewardPerShareWith(uint256 collected) private view returns (uint256 current) {
        current = rewardPerShare;
        if (collected == 0) return current;
        uint256 totalShares = totalSupply();
        if (totalShares > 0) current = current.add(collected.mul(REWARD_PRECISION).div(totalShares));
    }

    function _rewardOf(address user, uint256 current) private view returns (uint256) {
        uint256 shares = balanceOf(user);
        if (shares == 0) return 0;
        uint256 initial = initalRewardPerShare[user];
        if (initial == current) return 0;
        return current.sub(initial).mul(shares).div(REWARD_PRECISION);
    }
}
