// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AutoClaim} from "contracts/ethereum/claims/AutoClaim.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title Users who are paid
/// @notice What the views promise is paid, to the wei, to the one who was named.
contract ClaimHandler is Handler {
    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    function redeem(uint256 userSeed, uint256 sharesSeed) external sameBlock {
        address user = _claimer(userSeed);
        uint256 most = POOL.maxRedeem(user);
        uint256 promised = POOL.maxWithdraw(user);
        uint256 shares = sharesSeed % 3 == 0 ? most : _amount(sharesSeed, 1, most);
        uint256 before = POL.balanceOf(user);
        vm.prank(user);
        uint256 assets = POOL.redeem(shares, user, user);
        _checkPaid(user, before, assets, promised);
        assertEq(POOL.maxRedeem(user), most - shares, "C3: redeemed shares are still there");
        if (shares == most) assertEq(assets, promised, "C2: redeeming all paid less than promised");
    }

    function withdraw(uint256 userSeed, uint256 assetsSeed) external sameBlock {
        address user = _claimer(userSeed);
        uint256 promised = POOL.maxWithdraw(user);
        vm.assume(promised != 0);
        uint256 assets = assetsSeed % 3 == 0 ? promised : _amount(assetsSeed, 1, promised);
        uint256 before = POL.balanceOf(user);
        vm.prank(user);
        POOL.withdraw(assets, user, user);
        _checkPaid(user, before, assets, promised);
        assertEq(POOL.maxWithdraw(user), promised - assets, "C3: withdrawn assets are still there");
    }

    function claim(uint256 userSeed, uint256 countSeed) external sameBlock {
        address user = _claimer(userSeed);
        (uint256[] memory ids, uint256 promised) = _claimable(user, countSeed);
        uint256 before = POL.balanceOf(user);
        vm.prank(user);
        uint256 assets = POOL.claim(ids, user, user);
        _checkPaid(user, before, assets, promised);
        assertEq(assets, promised, "C2: a claim paid less than promised");
    }

    /// @dev By the operator, who takes nothing.
    function claimAsOperator(uint256 userSeed, uint256 countSeed) external sameBlock {
        address user = _claimer(userSeed);
        (uint256[] memory ids, uint256 promised) = _claimable(user, countSeed);
        uint256 before = POL.balanceOf(user);
        vm.prank(WORLD.operatorOf(user));
        uint256 assets = POOL.claim(ids, user, user);
        _checkPaid(user, before, assets, promised);
        assertEq(assets, promised, "C2: a claim paid less than promised");
    }

    function claimInMatic(uint256 userSeed, uint256 countSeed) external sameBlock {
        vm.assume(!WORLD.MIGRATION().unmigrationLocked());
        address user = _claimer(userSeed);
        (uint256[] memory ids, uint256 promised) = _claimable(user, countSeed);
        uint256 before = MATIC.balanceOf(user);
        vm.prank(user);
        uint256 assets = POOL.claimInMatic(ids, user, user);
        assertEq(MATIC.balanceOf(user) - before, promised, "C2: a claim in MATIC paid something else than promised");
        assertEq(assets, promised, "C2: a claim in MATIC paid something else than it said");
        GHOSTS.notePaid(user, assets);
    }

    function autoClaim(uint256 userSeed) external sameBlock {
        address user = _claimer(userSeed);
        uint256 promised = POOL.maxWithdraw(user);
        uint256 before = POL.balanceOf(user);
        AutoClaim autoClaims = WORLD.AUTO_CLAIM();
        vm.prank(WORLD.STRANGER());
        uint256 assets = autoClaims.claim(user);
        _checkPaid(user, before, assets, promised);
        assertEq(assets, promised, "C2: AutoClaim paid less than promised");
    }

    function claimLate(uint256 userSeed) external sameBlock {
        address user = WORLD.userAt(userSeed);
        uint256[] memory all = GHOSTS.idsOf(user);
        uint256[] memory ids = new uint256[](1);
        uint256 promised = 0;
        for (uint256 i = 0; i < all.length && promised == 0; ++i) {
            (ids[0], promised) = (all[i], POOL.lateAssetsOf(all[i]));
        }
        vm.assume(promised != 0);
        uint256 before = POL.balanceOf(user);
        vm.prank(user);
        uint256 assets = POOL.claimLate(ids, user, user);
        _checkPaid(user, before, assets, promised);
        assertEq(assets, promised, "C2: a late claim paid less than promised");
        assertEq(POOL.lateAssetsOf(ids[0]), 0, "C3: late assets that were paid are still there");
    }

    // ---------------------------------------------------------------- internals

    function _claimer(uint256 seed) private view returns (address user) {
        for (uint256 i = 0; i < WORLD.USERS(); ++i) {
            user = WORLD.userAt((seed % WORLD.USERS()) + i);
            if (POOL.maxRedeem(user) != 0) return user;
        }
        vm.assume(false);
    }

    /// @dev Some of the user's claimable requests, at least one.
    function _claimable(address user, uint256 countSeed) private view returns (uint256[] memory ids, uint256 promised) {
        ids = POOL.requestsOf(user);
        uint256 most = bound(countSeed, 1, ids.length < 100 ? ids.length : 100);
        uint256 count = 0;
        for (uint256 i = 0; i < ids.length && count < most; ++i) {
            if (POOL.claimableRedeemRequest(ids[i], user) == 0) continue;
            ids[count++] = ids[i];
            promised += LENS.assetsOf(ids[count - 1], user);
        }
        assembly ("memory-safe") {
            mstore(ids, count)
        }
    }

    function _checkPaid(address user, uint256 before, uint256 assets, uint256 promised) private {
        assertEq(POL.balanceOf(user) - before, assets, "C1: what was paid is not what was said");
        assertLe(assets, promised, "C2: more was paid than promised");
        GHOSTS.notePaid(user, assets);
    }
}
