// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {Liveness} from "./support/Liveness.sol";

/// @title A share contract that took the place of another, registered as a position
/// @notice Polygon's books show the stake of the old contract as the new one's, which can pay none of it: it must not
/// come into the ledger as a recovery, or the last to leave would wait for it in vain.
contract ReplacedSharesTest is Liveness {
    uint256 private constant OLD = 2;
    uint256 private constant NEW = 6;
    uint256 private constant WEIGHT = 2_000;

    address private _share;

    function setUp() public {
        _build();
        _replaceForGood();
        _registerAgain();
    }

    /// forge-config: default.fuzz.runs = 16
    /// forge-config: ci.fuzz.runs = 32
    /// forge-config: long.fuzz.runs = 1000
    function testFuzz_newStakeIsWorthItself(uint256 assets) public {
        address user = world.userAt(0);
        vm.prank(user);
        pool.deposit(bound(assets, 100e18, 1_000_000e18), user);
        pool.delegate(type(uint256).max);
        uint256 principal = delegator.positionAt(NEW).principal;
        assertGt(principal, 0, "D4: the new position got no stake");
        pool.sync(NEW);
        assertEq(delegator.positionAt(NEW).principal, principal, "R7: a position is worth more than can be sold of it");
        _checkAllLeave();
    }

    /// forge-config: default.fuzz.runs = 16
    /// forge-config: ci.fuzz.runs = 32
    /// forge-config: long.fuzz.runs = 1000
    function testFuzz_giftIsWorthItself(uint256 assets) public {
        assets = bound(assets, 1, 100_000e18);
        vm.startPrank(world.STRANGER());
        pol.approve(address(stakeManager), assets);
        ValidatorShare(_share).buyVoucherPOL(assets, assets);
        assertTrue(ValidatorShare(_share).transferPOL(address(delegator), assets), "I4: a gift of shares failed");
        pool.sync(NEW);
        vm.stopPrank();
        assertEq(delegator.positionAt(NEW).principal, assets, "R7: a position is worth more than can be sold of it");
        _checkAllLeave();
    }

    // ---------------------------------------------------------------- internals

    function _replaceForGood() private {
        uint256 id = delegator.positionAt(OLD).validatorId;
        _share = stakeManager.createShareContract(id);
        vm.prank(address(world));
        stakeManager.updateValidatorContractAddress(id, _share);
        pool.sync(OLD);
        vm.warp(block.timestamp + delegator.DISPLACEMENT_TIME());
        pool.sync(OLD);
        assertEq(delegator.positionAt(OLD).principal, 0, "P4: a lost position was not written off");
    }

    /// @dev The new position takes the weight of the old one.
    function _registerAgain() private {
        uint256 id = delegator.positionAt(OLD).validatorId;
        uint256[] memory weights = new uint256[](NEW);
        uint256[] memory caps = new uint256[](NEW);
        for (uint256 i = 0; i < NEW; ++i) {
            (weights[i], caps[i]) = (i + 1 == OLD ? 0 : WEIGHT, world.MAX_SHARE_BPS());
        }
        vm.startPrank(world.MANAGER());
        assertEq(delegator.addPosition(id), NEW, "G1: the new position has another number");
        delegator.setWeights(weights, caps);
        vm.stopPrank();
        IDelegator.Position memory position = delegator.positionAt(NEW);
        assertEq(position.share, _share, "G1: the new position has another share contract");
    }

    function _checkAllLeave() private {
        _checkAll({lossFree: false});
        vm.warp(block.timestamp + 7 days);
        _exitAll();
        _bringHome();
        _checkAll({lossFree: false});
    }
}
