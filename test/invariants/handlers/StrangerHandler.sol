// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title Strangers who send what nobody asked for
/// @notice Donations of both coins, gifts of validator shares, and transfers of nothing that push rewards out.
contract StrangerHandler is Handler {
    uint256 private constant RATE_ONE = 1e29;
    uint256 private constant MAX_GIFT = 100_000e18;

    modifier byStranger() {
        vm.startPrank(WORLD.STRANGER());
        _;
        vm.stopPrank();
    }

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    function donate(uint256 assetsSeed, bool toPool, bool inMatic) external sameBlock byStranger {
        uint256 assets = _amount(assetsSeed, 1, MAX_GIFT);
        address target = toPool ? address(POOL) : address(DELEGATOR);
        (uint256 pooled, uint256 buffer) = (POOL.totalPooled(), DELEGATOR.buffer());
        if (inMatic) MATIC.transfer(target, assets);
        else POL.transfer(target, assets);
        assertEq(POOL.totalPooled(), pooled, "I4: a donation moved the pool");
        assertEq(DELEGATOR.buffer(), buffer, "I4: a donation moved the buffer");
    }

    function giftShares(uint256 positionSeed, uint256 assetsSeed) external sameBlock byStranger {
        ValidatorShare share = _shareOf(positionSeed);
        uint256 id = share.validatorId();
        uint256 assets = _amount(assetsSeed, 1, MAX_GIFT);
        vm.assume(STAKE_MANAGER.delegationEnabled() && share.delegation() && !share.locked());
        vm.assume(STAKE_MANAGER.validators(id).deactivationEpoch == 0 && share.exchangeRate() == RATE_ONE);
        POL.approve(address(STAKE_MANAGER), assets);
        share.buyVoucherPOL(assets, assets);
        assertTrue(share.transferPOL(address(DELEGATOR), assets), "I4: a gift of shares failed");
    }

    /// @dev Pays the delegator's rewards out, in the coin that the stranger chooses.
    function pushRewards(uint256 positionSeed, bool inMatic) external sameBlock byStranger {
        ValidatorShare share = _shareOf(positionSeed);
        bool pushed =
            inMatic && !WORLD.MIGRATION().unmigrationLocked()
                ? share.transfer(address(DELEGATOR), 0)
                : share.transferPOL(address(DELEGATOR), 0);
        assertTrue(pushed, "I4: a transfer of nothing failed");
    }

    /// @dev The share contract of a position, if it is the one in force.
    function _shareOf(uint256 positionSeed) private view returns (ValidatorShare share) {
        share = ValidatorShare(DELEGATOR.positionAt(_position(positionSeed)).share);
        vm.assume(STAKE_MANAGER.getValidatorContract(share.validatorId()) == address(share));
    }
}
