// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {StakingInfo} from "../logs/StakingInfo.sol";
import {IDelegationDesk} from "../manager/IDelegationDesk.sol";
import {IShareHooks} from "./IShareHooks.sol";
import {ShareTransfers} from "./ShareTransfers.sol";

/// @title Model of Polygon's ValidatorShare, version 2.3.0
/// @notice Delegation to one validator. `IValidatorShare` documents the calls; the parts below this contract hold
/// the rules.
contract ValidatorShare is ShareTransfers, IShareHooks {
    /// @notice Sets the contract up behind its proxy, once. The StakeManager becomes its owner.
    function initialize(uint256 validatorId_, address stakingLogger_, address stakeManager_) external {
        require(address(stakeManager) == address(0), "already inited");
        validatorId = validatorId_;
        stakingLogger = StakingInfo(stakingLogger_);
        stakeManager = IDelegationDesk(stakeManager_);
        delegation = true;
        _hub();
        _cacheDomainSeparatorV4();
    }

    /// @notice First half of `IStakeManager.migrateDelegation`: takes `amount` of the user's stake off this validator.
    function migrateOut(address user, uint256 amount) external onlyOwner {
        _payRewards(user, true);
        (uint256 totalStake, uint256 rate) = getTotalStake(user);
        require(totalStake >= amount, "Migrating too much");
        uint256 shares = _toShares(amount, rate);
        _release(user, amount, shares);

        StakingInfo logger = stakingLogger;
        logger.logShareBurned(validatorId, user, amount, shares);
        logger.logStakeUpdate(validatorId);
        logger.logDelegatorUnstaked(validatorId, user, amount);
    }

    /// @notice Second half of `IStakeManager.migrateDelegation`: delegates `amount` to this validator.
    function migrateIn(address user, uint256 amount) external onlyOwner {
        _payRewards(user, true);
        _buyShares(amount, 0, user);
    }

    /// @notice Stops buying for good.
    function lock() external onlyOwner {
        locked = true;
    }

    /// @notice Undoes `lock`; nothing in Polygon's code calls it.
    function unlock() external onlyOwner {
        locked = false;
    }

    /// @notice Sets the validator's own switch for delegation.
    function updateDelegation(bool enabled) external onlyOwner {
        delegation = enabled;
    }

    /// @notice Model only: sets what slashing would set. StakeManager only.
    function cheatSetPools(uint256 activeAmount_, uint256 withdrawPool_) external onlyOwner {
        activeAmount = activeAmount_;
        withdrawPool = withdrawPool_;
    }

    /// @notice The StakeManager.
    function owner() external view returns (address) {
        return address(stakeManager);
    }

    function symbol() external view returns (string memory) {
        return string.concat("dPOL", _hexId());
    }

    function version() external pure returns (string memory) {
        return "2.3.0";
    }

    function name() public view override returns (string memory) {
        return string.concat("Delegated POL #", _hexId());
    }

    /// @dev Lower-case hexadecimal without prefix and leading zeros.
    function _hexId() private view returns (string memory) {
        bytes memory padded = bytes(Strings.toHexString(validatorId));
        uint256 skipped = padded[2] == "0" && padded.length > 3 ? 3 : 2;
        bytes memory digits = new bytes(padded.length - skipped);
        for (uint256 i = 0; i < digits.length; ++i) digits[i] = padded[i + skipped];
        return string(digits);
    }
}
