// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Polygon's ValidatorShare, as a delegator sees it
/// @notice Delegation to one validator: an ERC-20 of delegation shares with 18 decimals. Every delegation-enabled
/// validator has one, found by `IStakeManager.getValidatorContract(id)`.
/// @dev Units: amounts and shares are wei. Rates are fixed point with 10^29 = 1.0; for validator ids 1 to 7 they
/// are fixed point with 100 = 1.0. Without slashing, which has no code any more, one share is one POL. All
/// divisions round down.
///
/// Only the calls that settle in POL are listed, plus `transfer`, which anyone may use to force a payment in MATIC.
/// Reverts are `Error(string)` with the texts quoted below, or carry no data (shortage of shares or allowance,
/// overflow, owner-only functions, zero address).
///
/// Warning: "pays rewards" means that the caller's whole outstanding reward on this validator is transferred to it as a
/// side effect of the call.
///
/// Warning: anyone can force the rewards of any account out to it, without holding shares or an allowance: in POL
/// by `transferPOL(account, 0)` or `transferFrom(account, x, 0)`, in MATIC by `transfer(account, 0)`. Anyone
/// holding shares can give some to any account.
interface IValidatorShare {
    /// @notice Delegates POL. The approval goes to the StakeManager, not to this contract.
    /// @dev Pays rewards first; pulls the POL last. Reverts, in this order: "locked", "Delegation is disabled" (the
    /// validator's flag), "Too much slippage", "Ongoing exit" (a legacy unbond is open), "Delegation is disabled"
    /// (the global switch, only for amounts above 0), then the token's own error.
    /// @param amount POL wei to delegate. 0 is accepted.
    /// @param minSharesToMint Least number of shares to accept.
    /// @return amountToDeposit POL really taken. Warning: not the shares.
    function buyVoucherPOL(uint256 amount, uint256 minSharesToMint) external returns (uint256 amountToDeposit);

    /// @notice Sells delegation and opens unbond number `unbondNonces(caller) + 1`. Earns nothing from then on.
    /// @dev Warning: the first argument is POL, the second a limit in shares. Pays rewards. Reverts with "Too much
    /// requested" above the caller's stake and whenever that is 0, "too much slippage" above the share limit,
    /// "unstaking" in the epoch in which the validator announced to leave. A sale of 0 uses up a nonce that can
    /// never be claimed.
    /// @param claimAmount POL wei to unbond.
    /// @param maximumSharesToBurn Largest number of shares to burn for it.
    function sellVoucher_newPOL(uint256 claimAmount, uint256 maximumSharesToBurn) external;

    /// @notice Pays out one unbond of the caller in POL: `floor(withdrawExchangeRate * shares / precision)`. Pays
    /// no rewards.
    /// @dev Reverts with "Incomplete withdrawal period" alike for too early, unknown, already claimed, and empty
    /// unbonds. Claimable when `withdrawEpoch + withdrawalDelay() <= epoch()`, with the delay as it is at the time
    /// of the claim.
    /// @param unbondNonce Number of the caller's unbond on this validator, from 1.
    function unstakeClaimTokens_newPOL(uint256 unbondNonce) external;

    /// @notice Pays the caller's rewards in POL. No minimum; does nothing if nothing is due.
    function withdrawRewardsPOL() external;

    /// @notice Delegates the caller's rewards in place.
    /// @dev Returns (0, 0) when nothing is due, whatever the lock and flags say; otherwise reverts as
    /// `buyVoucherPOL` does.
    /// @return amountRestaked POL delegated.
    /// @return liquidReward POL that was due; a part not delegated (rate off 1) is paid out.
    function restakePOL() external returns (uint256 amountRestaked, uint256 liquidReward);

    /// @notice Moves shares; pays the rewards of BOTH parties in POL. Reverts without data on a shortage.
    /// @param to Receives the shares.
    /// @param value Shares to move.
    function transferPOL(address to, uint256 value) external returns (bool);

    /// @notice The ERC-20 transfer. Warning: pays the rewards of BOTH parties in MATIC, and reverts if that cannot
    /// be done.
    /// @param to Receives the shares.
    /// @param value Shares to move.
    function transfer(address to, uint256 value) external returns (bool);

    /// @notice Moves shares by allowance; pays the rewards of BOTH parties in POL.
    /// @dev The allowance shrinks even if it is unlimited.
    /// @param from Gives the shares.
    /// @param to Receives the shares.
    /// @param value Shares to move.
    function transferFrom(address from, address to, uint256 value) external returns (bool);

    /// @notice Lets `spender` move the caller's shares.
    /// @param spender May move the shares.
    /// @param value Shares that may be moved.
    function approve(address spender, uint256 value) external returns (bool);

    /// @notice Shares of an account.
    /// @param account Whose shares.
    function balanceOf(address account) external view returns (uint256);

    /// @notice All shares.
    function totalSupply() external view returns (uint256);

    /// @notice Shares that `spender` may move for `owner`.
    /// @param owner Holds the shares.
    /// @param spender May move the shares.
    function allowance(address owner, address spender) external view returns (uint256);

    /// @notice Value of an account's shares in POL wei, rounded down, and the rate it was computed with.
    /// @dev Warning: anyone can raise it by giving shares away.
    /// @param user Delegator.
    /// @return stake POL wei, rounded down.
    /// @return rate The exchange rate used.
    function getTotalStake(address user) external view returns (uint256 stake, uint256 rate);

    /// @notice Stake and rewards of an account, both in POL wei; the stake is not rounded through the rate.
    /// @param user Delegator.
    /// @return stakeAmount POL wei, rounded down.
    /// @return liquidRewards POL wei due.
    function getStakeAndRewards(address user) external view returns (uint256 stakeAmount, uint256 liquidRewards);

    /// @notice Reward due to an account up to the last checkpoint, in POL wei.
    /// @dev Warning: it may arrive by anyone's call before the account's own.
    /// @param user Delegator.
    function getLiquidRewards(address user) external view returns (uint256);

    /// @notice POL per share: 10^29 = 1.0, for validator ids 1 to 7 100 = 1.0.
    function exchangeRate() external view returns (uint256);

    /// @notice POL per withdrawal share, in the same unit; constant for validator ids 1 to 7.
    function withdrawExchangeRate() external view returns (uint256);

    /// @notice Number of unbonds an account has opened here; the newest one's nonce.
    /// @param user Delegator.
    function unbondNonces(address user) external view returns (uint256);

    /// @notice An unbond: withdrawal shares and the epoch of the SALE (not of the claim). Zeros once claimed.
    /// @param user Delegator.
    /// @param unbondNonce Number of the delegator's unbond on this validator, from 1.
    /// @return shares Withdrawal shares; 0 if there is none.
    /// @return withdrawEpoch Epoch of the sale.
    function unbonds_new(
        address user,
        uint256 unbondNonce
    ) external view returns (uint256 shares, uint256 withdrawEpoch);

    /// @notice The one legacy unbond of an account. While it is not empty the account can neither buy nor restake here.
    /// @param user Delegator.
    /// @return shares Withdrawal shares; 0 if there is none.
    /// @return withdrawEpoch Epoch of the sale.
    function unbonds(address user) external view returns (uint256 shares, uint256 withdrawEpoch);

    /// @notice True for ever once the validator has announced to unstake, or was made to: nothing can be bought any
    /// more.
    function locked() external view returns (bool);

    /// @notice The validator's own switch: false while it accepts no delegation.
    function delegation() external view returns (bool);

    /// @notice Id of the validator.
    function validatorId() external view returns (uint256);

    /// @notice POL delegated, as this contract counts it.
    function activeAmount() external view returns (uint256);

    /// @notice POL that is unbonding.
    function withdrawPool() external view returns (uint256);

    /// @notice Withdrawal shares that are unbonding.
    function withdrawShares() external view returns (uint256);
}
