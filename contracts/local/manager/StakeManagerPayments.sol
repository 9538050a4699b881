// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IPolygonMigration} from "../../interfaces/external/polygon/IPolygonMigration.sol";
import {Registry} from "../registry/Registry.sol";
import {StakeManagerState} from "./StakeManagerState.sol";

/// @title Money in and out
/// @notice The manager holds POL only: MATIC is converted as it comes in, and POL is converted back to pay MATIC.
abstract contract StakeManagerPayments is StakeManagerState {
    function delegationDeposit(
        uint256 validatorId,
        uint256 amount,
        address delegator
    ) external onlyDelegation(validatorId) returns (bool) {
        _pull(delegator, amount, false);
        return true;
    }

    function delegationDepositPOL(
        uint256 validatorId,
        uint256 amount,
        address delegator
    ) external onlyDelegation(validatorId) returns (bool) {
        _pull(delegator, amount, true);
        return true;
    }

    function transferFunds(uint256 validatorId, uint256 amount, address delegator) external returns (bool) {
        _assertPayer(validatorId);
        _push(delegator, amount, false);
        return true;
    }

    function transferFundsPOL(uint256 validatorId, uint256 amount, address delegator) external returns (bool) {
        _assertPayer(validatorId);
        _push(delegator, amount, true);
        return true;
    }

    /// @notice Converts MATIC that was sent here by mistake. Governance only.
    function convertMaticToPOL(uint256 amount) external onlyGovernance {
        _convertToPol(amount);
    }

    function _pull(address from, uint256 amount, bool inPol) internal {
        require(IERC20(inPol ? token : tokenMatic).transferFrom(from, address(this), amount), "transfer from failed");
        if (!inPol) _convertToPol(amount);
    }

    function _push(address to, uint256 amount, bool inPol) internal {
        if (!inPol) _convertToMatic(amount);
        require(IERC20(inPol ? token : tokenMatic).transfer(to, amount), "transfer failed");
    }

    function _convertToPol(uint256 amount) private {
        IERC20 matic = IERC20(tokenMatic);
        require(matic.balanceOf(address(this)) >= amount, "Lacking MATIC");
        address converter = migration;
        matic.approve(converter, matic.allowance(address(this), converter) + amount);
        IPolygonMigration(converter).migrate(amount);
    }

    function _convertToMatic(uint256 amount) private {
        IERC20 pol = IERC20(token);
        require(pol.balanceOf(address(this)) >= amount, "Lacking POL");
        address converter = migration;
        pol.approve(converter, pol.allowance(address(this), converter) + amount);
        IPolygonMigration(converter).unmigrate(amount);
    }

    function _assertPayer(uint256 validatorId) private view {
        require(
            _validators[validatorId].contractAddress == msg.sender ||
                Registry(registry).getSlashingManagerAddress() == msg.sender,
            "not allowed"
        );
    }
}
