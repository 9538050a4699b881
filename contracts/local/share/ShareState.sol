// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IValidatorShare} from "../../interfaces/external/polygon/IValidatorShare.sol";
import {EventsHub} from "../logs/EventsHub.sol";
import {StakingInfo} from "../logs/StakingInfo.sol";
import {IDelegationDesk} from "../manager/IDelegationDesk.sol";
import {LegacyMath} from "../math/LegacyMath.sol";
import {Registry} from "../registry/Registry.sol";
import {SharePermit} from "./SharePermit.sol";
import {ShareToken} from "./ShareToken.sol";

/// @title State and rates of a share contract
/// @notice The storage that all parts of a share contract share, and the rates between shares and POL.
abstract contract ShareState is IValidatorShare, SharePermit {
    using LegacyMath for uint256;

    struct Unbond {
        uint256 shares;
        uint256 withdrawEpoch;
    }

    /// Rates of the "foundation" validators, ids 1 to 7.
    uint256 private constant OLD_PRECISION = 100;
    uint256 private constant PRECISION = 10 ** 29;
    uint256 private constant FIRST_PRECISE_ID = 8;

    bool public locked;
    bool public delegation;

    IDelegationDesk public stakeManager;
    StakingInfo public stakingLogger;
    uint256 public validatorId;

    /// @notice Reward collected per share since the beginning, 10^25 = 1.0.
    uint256 public rewardPerShare;
    uint256 public activeAmount;
    uint256 public withdrawPool;
    uint256 public withdrawShares;

    mapping(address user => Unbond unbond) public unbonds;
    /// @notice Value of `rewardPerShare` up to which a user was settled.
    mapping(address user => uint256 value) public initalRewardPerShare;
    mapping(address user => uint256 nonce) public unbondNonces;
    mapping(address user => mapping(uint256 nonce => Unbond unbond)) public unbonds_new;

    EventsHub public eventsHub;

    modifier onlyOwner() {
        require(msg.sender == address(stakeManager));
        _;
    }

    function exchangeRate() public view returns (uint256) {
        uint256 totalShares = totalSupply();
        uint256 precision = _precision();
        if (totalShares == 0) return precision;
        return stakeManager.delegatedAmount(validatorId).mul(precision).div(totalShares);
    }

    function withdrawExchangeRate() public view returns (uint256) {
        uint256 precision = _precision();
        uint256 shares = withdrawShares;
        if (precision == OLD_PRECISION || shares == 0) return precision;
        return withdrawPool.mul(precision).div(shares);
    }

    function getTotalStake(address user) public view returns (uint256 stake, uint256 rate) {
        uint256 shares = balanceOf(user);
        rate = exchangeRate();
        if (shares > 0) stake = _toAmount(shares, rate);
    }

    function approve(address spender, uint256 value) public override(IValidatorShare, ShareToken) returns (bool) {
        return super.approve(spender, value);
    }

    function totalSupply() public view override(IValidatorShare, ShareToken) returns (uint256) {
        return super.totalSupply();
    }

    function balanceOf(address account) public view override(IValidatorShare, ShareToken) returns (uint256) {
        return super.balanceOf(account);
    }

    function allowance(
        address owner_,
        address spender
    ) public view override(IValidatorShare, ShareToken) returns (uint256) {
        return super.allowance(owner_, spender);
    }

    function _toShares(uint256 amount, uint256 rate) internal view returns (uint256) {
        return amount.mul(_precision()).div(rate);
    }

    function _toAmount(uint256 shares, uint256 rate) internal view returns (uint256) {
        return rate.mul(shares).div(_precision());
    }

    /// @dev The address is kept from its first use on; later changes of the Registry are not followed.
    function _hub() internal returns (EventsHub hub) {
        hub = eventsHub;
        if (address(hub) == address(0)) {
            hub = EventsHub(_registered("eventsHub"));
            eventsHub = hub;
        }
    }

    function _registered(string memory contractName) internal view returns (address) {
        return Registry(stakeManager.getRegistry()).contractMap(keccak256(bytes(contractName)));
    }

    function _precision() private view returns (uint256) {
        return validatorId < FIRST_PRECISE_ID ? OLD_PRECISION : PRECISION;
    }
}
