// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {StakingInfo} from "../logs/StakingInfo.sol";
import {LegacyMath} from "../math/LegacyMath.sol";
import {ShareRewards} from "./ShareRewards.sol";

/// @title Delegating
/// @notice Mints shares at the present rate and has the StakeManager pull the tokens last.
abstract contract ShareBuying is ShareRewards {
    using LegacyMath for uint256;

    /// @dev The address is kept from its first use on.
    IERC20Permit private _pol;

    function buyVoucher(uint256 amount, uint256 minSharesToMint) external returns (uint256) {
        return _buyVoucher(amount, minSharesToMint, false);
    }

    function buyVoucherPOL(uint256 amount, uint256 minSharesToMint) external returns (uint256) {
        return _buyVoucher(amount, minSharesToMint, true);
    }

    /// @notice As `buyVoucherPOL`, with the approval of exactly `amount` of POL to the StakeManager by signature.
    function buyVoucherWithPermit(
        uint256 amount,
        uint256 minSharesToMint,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256) {
        _polToken().permit({
            owner: msg.sender,
            spender: address(stakeManager),
            value: amount,
            deadline: deadline,
            v: v,
            r: r,
            s: s
        });
        return _buyVoucher(amount, minSharesToMint, true);
    }

    /// @dev Takes no token. The amount used is less than asked for if the shares round down.
    function _buyShares(uint256 amount, uint256 minSharesToMint, address user) internal returns (uint256 used) {
        require(!locked, "locked");
        require(delegation, "Delegation is disabled");

        uint256 rate = exchangeRate();
        uint256 shares = _toShares(amount, rate);
        require(shares >= minSharesToMint, "Too much slippage");
        require(unbonds[user].shares == 0, "Ongoing exit");

        _mint(user, shares);
        used = _toAmount(shares, rate);
        stakeManager.updateValidatorState(validatorId, int256(used));
        activeAmount = activeAmount.add(used);

        StakingInfo logger = stakingLogger;
        logger.logShareMinted(validatorId, user, used, shares);
        logger.logStakeUpdate(validatorId);
    }

    function _deposit(address user, uint256 amount, bool inPol) internal {
        bool taken =
            inPol
                ? stakeManager.delegationDepositPOL(validatorId, amount, user)
                : stakeManager.delegationDeposit(validatorId, amount, user);
        require(taken, "deposit failed");
    }

    function _buyVoucher(uint256 amount, uint256 minSharesToMint, bool inPol) private returns (uint256 used) {
        _payRewards(msg.sender, inPol);
        used = _buyShares(amount, minSharesToMint, msg.sender);
        _deposit(msg.sender, used, inPol);
    }

    function _polToken() private returns (IERC20Permit pol) {
        pol = _pol;
        if (address(pol) == address(0)) {
            pol = IERC20Permit(_registered("pol"));
            _pol = pol;
        }
    }
}
