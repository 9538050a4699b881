// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StakingInfo} from "../logs/StakingInfo.sol";
import {LegacyMath} from "../math/LegacyMath.sol";
import {ShareRewards} from "./ShareRewards.sol";

/// @title Undelegating
/// @notice Sales open an unbond, claims pay it. An unbond has no currency: the claim chooses it.
abstract contract ShareSelling is ShareRewards {
    using LegacyMath for uint256;

    /// @notice Legacy sale: adds to the one slot of the caller and restarts its clock.
    function sellVoucher(uint256 claimAmount, uint256 maximumSharesToBurn) external {
        _sellToSlot(claimAmount, maximumSharesToBurn, false);
    }

    /// @notice Legacy sale that pays the rewards in POL.
    function sellVoucherPOL(uint256 claimAmount, uint256 maximumSharesToBurn) external {
        _sellToSlot(claimAmount, maximumSharesToBurn, true);
    }

    function sellVoucher_new(uint256 claimAmount, uint256 maximumSharesToBurn) external {
        _sellVoucher_new(claimAmount, maximumSharesToBurn, false);
    }

    function sellVoucher_newPOL(uint256 claimAmount, uint256 maximumSharesToBurn) external {
        _sellVoucher_new(claimAmount, maximumSharesToBurn, true);
    }

    /// @notice Claims the legacy slot in MATIC.
    function unstakeClaimTokens() external {
        _claimSlot(false);
    }

    /// @notice Claims the legacy slot in POL.
    function unstakeClaimTokensPOL() external {
        _claimSlot(true);
    }

    function unstakeClaimTokens_new(uint256 unbondNonce) external {
        _claimNonce(unbondNonce, false);
    }

    function unstakeClaimTokens_newPOL(uint256 unbondNonce) external {
        _claimNonce(unbondNonce, true);
    }

    /// @notice Sells the caller's own stake. Open to anyone in spite of its name.
    function _sellVoucher_new(uint256 claimAmount, uint256 maximumSharesToBurn, bool inPol) public {
        (uint256 shares, uint256 withdrawn) = _sell(claimAmount, maximumSharesToBurn, inPol);
        uint256 nonce = unbondNonces[msg.sender].add(1);
        unbonds_new[msg.sender][nonce] = Unbond({shares: withdrawn, withdrawEpoch: stakeManager.epoch()});
        unbondNonces[msg.sender] = nonce;

        _hub().logShareBurnedWithId({
            validatorId: validatorId,
            user: msg.sender,
            amount: claimAmount,
            tokens: shares,
            nonce: nonce
        });
        stakingLogger.logStakeUpdate(validatorId);
    }

    function _sellToSlot(uint256 claimAmount, uint256 maximumSharesToBurn, bool inPol) private {
        (uint256 shares, uint256 withdrawn) = _sell(claimAmount, maximumSharesToBurn, inPol);
        Unbond storage slot = unbonds[msg.sender];
        slot.shares = slot.shares.add(withdrawn);
        slot.withdrawEpoch = stakeManager.epoch();

        StakingInfo logger = stakingLogger;
        logger.logShareBurned(validatorId, msg.sender, claimAmount, shares);
        logger.logStakeUpdate(validatorId);
    }

    function _sell(
        uint256 claimAmount,
        uint256 maximumSharesToBurn,
        bool inPol
    ) private returns (uint256 shares, uint256 withdrawn) {
        (uint256 totalStake, uint256 rate) = getTotalStake(msg.sender);
        require(totalStake != 0 && totalStake >= claimAmount, "Too much requested");
        shares = _toShares(claimAmount, rate);
        require(shares <= maximumSharesToBurn, "too much slippage");

        _payRewards(msg.sender, inPol);
        _release(msg.sender, claimAmount, shares);

        withdrawn = _toShares(claimAmount, withdrawExchangeRate());
        withdrawPool = withdrawPool.add(claimAmount);
        withdrawShares = withdrawShares.add(withdrawn);
    }

    /// @dev Burns shares and takes their amount out of what is delegated.
    function _release(address user, uint256 amount, uint256 shares) internal {
        _burn(user, shares);
        stakeManager.updateValidatorState(validatorId, -int256(amount));
        activeAmount = activeAmount.sub(amount);
    }

    function _claimSlot(bool inPol) private {
        uint256 amount = _claim(unbonds[msg.sender], inPol);
        stakingLogger.logDelegatorUnstaked(validatorId, msg.sender, amount);
    }

    function _claimNonce(uint256 nonce, bool inPol) private {
        uint256 amount = _claim(unbonds_new[msg.sender][nonce], inPol);
        _hub().logDelegatorUnstakedWithId(validatorId, msg.sender, amount, nonce);
    }

    function _claim(Unbond storage unbond, bool inPol) private returns (uint256 amount) {
        uint256 shares = unbond.shares;
        require(
            unbond.withdrawEpoch.add(stakeManager.withdrawalDelay()) <= stakeManager.epoch() && shares > 0,
            "Incomplete withdrawal period"
        );
        amount = _toAmount(shares, withdrawExchangeRate());
        withdrawShares = withdrawShares.sub(shares);
        withdrawPool = withdrawPool.sub(amount);
        (unbond.shares, unbond.withdrawEpoch) = (0, 0);
        _pay(msg.sender, amount, inPol);
    }
}
