// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPolygonMigration} from "../../interfaces/external/polygon/IPolygonMigration.sol";
import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";
import {IValidatorShare} from "../../interfaces/external/polygon/IValidatorShare.sol";
import {IDelegator} from "../../interfaces/IDelegator.sol";

/// @title Every call to Polygon's contracts that may fail
/// @notice The one page of outside calls. Each of them reports failure instead of reverting, so that no validator can
/// stand in the way of the others.
/// @dev Each call gets the same amount of gas, which must be there: a stranger who sends little gas makes the whole
/// transaction revert, not the call look refused; a contract that burns all it gets burns no more than that. Polygon's
/// dearest call costs less than half of it.
library PolygonStaking {
    /// @notice Gas for one call.
    uint256 internal constant CALL_GAS = 1_000_000;

    /// @dev What must be left so that 63/64 of it is `CALL_GAS`.
    uint256 private constant GAS_NEEDED = (CALL_GAS * 64) / 63 + 10_000;

    /// @notice Rate of a validator with id 8 or more at which a share is worth exactly one POL.
    uint256 internal constant RATE_ONE = 1e29;

    /// @notice Highest id of the validators with rates of two digits.
    uint256 internal constant LAST_FOUNDATION_ID = 7;

    // ---------------------------------------------------------------- calls

    /// @notice Delegates `assets` for as many shares; the caller has approved them to the StakeManager.
    function buy(address share, uint256 assets) internal returns (bool ok) {
        return _call(share, abi.encodeCall(IValidatorShare.buyVoucherPOL, (assets, assets)));
    }

    /// @notice Sells `assets`, for any number of shares.
    function sell(address share, uint256 assets) internal returns (bool ok) {
        ok = _call(share, abi.encodeCall(IValidatorShare.sellVoucher_newPOL, (assets, type(uint256).max)));
    }

    /// @notice Claims an unbond.
    function claim(address share, uint256 nonce) internal returns (bool ok) {
        ok = _call(share, abi.encodeCall(IValidatorShare.unstakeClaimTokens_newPOL, (nonce)));
    }

    /// @notice Collects the caller's rewards.
    function withdrawRewards(address share) internal returns (bool ok) {
        ok = _call(share, abi.encodeCall(IValidatorShare.withdrawRewardsPOL, ()));
    }

    /// @notice Moves stake between validators.
    function migrate(IStakeManager manager, uint256 fromId, uint256 toId, uint256 assets) internal returns (bool ok) {
        ok = _call(address(manager), abi.encodeCall(IStakeManager.migrateDelegation, (fromId, toId, assets)));
    }

    /// @notice Turns MATIC into POL; leaves no approval.
    function convert(IPolygonMigration migration, IERC20 matic, uint256 assets) internal returns (bool ok) {
        ok = _call(address(matic), abi.encodeCall(IERC20.approve, (address(migration), assets)));
        if (!ok) return false;
        ok = _call(address(migration), abi.encodeCall(IPolygonMigration.migrate, (assets)));
        if (!ok) _call(address(matic), abi.encodeCall(IERC20.approve, (address(migration), 0)));
    }

    // ---------------------------------------------------------------- reads

    /// @notice Value of this contract's shares, POL wei, at most one POL for a share.
    /// @dev Polygon divides all that is delegated to a validator by the shares of the contract that it names. After it
    /// replaced one, the first shares of the new contract seem to be worth the stake of everybody in the old.
    function stakeOf(address share) internal view returns (bool ok, uint256 value) {
        uint256 shares;
        (ok, value) = _readWord(share, abi.encodeCall(IValidatorShare.getTotalStake, (address(this))));
        if (ok) (ok, shares) = _readWord(share, abi.encodeCall(IValidatorShare.balanceOf, (address(this))));
        if (shares < value) value = shares;
        // More than any ledger holds: no answer.
        if (value > type(uint104).max) return (false, 0);
    }

    /// @notice Number of this contract's last unbond.
    function lastNonce(address share) internal view returns (bool ok, uint256 nonce) {
        return _readWord(share, abi.encodeCall(IValidatorShare.unbondNonces, (address(this))));
    }

    /// @notice The share contract that StakeManager names for a validator.
    function shareOf(IStakeManager manager, uint256 validatorId) internal view returns (bool ok, address share) {
        uint256 word;
        (ok, word) = _readWord(address(manager), abi.encodeCall(IStakeManager.getValidatorContract, (validatorId)));
        share = address(uint160(word));
    }

    /// @notice True if a validator can and should get new stake through `share`: it stays, charges no more than
    /// `maxCommission`, its share contract is the one that StakeManager names, is open, and has a rate of exactly 1.
    function accepts(
        IStakeManager manager,
        address share,
        uint256 validatorId,
        uint256 maxCommission
    ) internal view returns (bool) {
        (bool ok, IStakeManager.Validator memory v) = record(manager, validatorId);
        if (!ok || v.contractAddress != share || v.status != IStakeManager.Status.Active) return false;
        if (v.deactivationEpoch != 0 || v.commissionRate > maxCommission) return false;
        return
            _reads(share, abi.encodeCall(IValidatorShare.locked, ()), 0) &&
            _reads(share, abi.encodeCall(IValidatorShare.delegation, ()), 1) &&
            _reads(share, abi.encodeCall(IValidatorShare.exchangeRate, ()), RATE_ONE) &&
            _reads(address(manager), abi.encodeCall(IStakeManager.delegationEnabled, ()), 1);
    }

    /// @notice A validator's record.
    function record(
        IStakeManager manager,
        uint256 validatorId
    ) internal view returns (bool ok, IStakeManager.Validator memory v) {
        bytes memory data;
        (ok, data) = _read(address(manager), abi.encodeCall(IStakeManager.validators, (validatorId)), 13);
        if (ok) v = abi.decode(data, (IStakeManager.Validator));
    }

    // ---------------------------------------------------------------- the two doors

    // In assembly, because Solidity copies the whole answer, at the caller's cost: eight contracts that answer with all
    // the memory they can pay for would make a harvest cost 29 million gas and more, and 7.7 million so.

    function _call(address target, bytes memory data) private returns (bool ok) {
        _checkGas();
        if (target.code.length == 0) return false;
        assembly ("memory-safe") {
            ok := call(CALL_GAS, target, 0, add(data, 32), mload(data), 0, 0)
        }
    }

    /// @dev Fails if the answer is shorter than `words`, and copies no more of it.
    function _read(
        address target,
        bytes memory data,
        uint256 words
    ) private view returns (bool ok, bytes memory result) {
        _checkGas();
        if (target.code.length == 0) return (false, "");
        result = new bytes(words * 32);
        assembly ("memory-safe") {
            ok := staticcall(CALL_GAS, target, add(data, 32), mload(data), add(result, 32), mload(result))
            ok := and(ok, iszero(lt(returndatasize(), mload(result))))
        }
    }

    function _readWord(address target, bytes memory data) private view returns (bool ok, uint256 word) {
        bytes memory result;
        (ok, result) = _read(target, data, 1);
        if (ok) word = uint256(bytes32(result));
    }

    function _reads(address target, bytes memory data, uint256 expected) private view returns (bool) {
        (bool ok, uint256 word) = _readWord(target, data);
        return ok && word == expected;
    }

    function _checkGas() private view {
        if (gasleft() < GAS_NEEDED) revert IDelegator.NotEnoughGas(gasleft(), GAS_NEEDED);
    }
}
