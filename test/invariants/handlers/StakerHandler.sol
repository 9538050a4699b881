// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title Users who stake and ask to unstake
/// @notice None of these actions may leave its user with more than before.
contract StakerHandler is Handler {
    uint256 private constant MIN_STAKE = 1e18;
    uint256 private constant MAX_STAKE = 1_000_000e18;

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    // ---------------------------------------------------------------- staking

    function deposit(uint256 userSeed, uint256 assetsSeed) external sameBlock {
        address user = WORLD.userAt(userSeed);
        uint256 assets = _stakeOf(user, assetsSeed);
        uint256 worth = WORLD.worthOf(user);
        vm.prank(user);
        uint256 shares = POOL.deposit(assets, user);
        assertGt(shares, 0, "U3: a stake brought nothing");
        _checkNoGain(user, worth);
    }

    function mint(uint256 userSeed, uint256 assetsSeed) external sameBlock {
        address user = WORLD.userAt(userSeed);
        uint256 assets = _stakeOf(user, assetsSeed);
        uint256 shares = POOL.convertToShares(assets);
        vm.assume(shares != 0 && POOL.previewMint(shares) >= MIN_STAKE);
        uint256 worth = WORLD.worthOf(user);
        vm.prank(user);
        assertLe(POOL.mint(shares, user), assets, "U3: shares cost more than the assets that buy them");
        _checkNoGain(user, worth);
    }

    function stakeAndClaimCerts(uint256 userSeed, uint256 assetsSeed) external sameBlock {
        address user = WORLD.userAt(userSeed);
        uint256 assets = _stakeOf(user, assetsSeed);
        uint256 worth = WORLD.worthOf(user);
        vm.prank(user);
        POOL.stakeAndClaimCerts(assets);
        _checkNoGain(user, worth);
    }

    // ---------------------------------------------------------------- requests

    function requestRedeem(uint256 userSeed, uint256 sharesSeed) external sameBlock {
        address user = _holder(userSeed);
        uint256 shares = _sharesOf(user, sharesSeed);
        uint256 worth = WORLD.worthOf(user);
        uint256 pooled = POOL.totalPooled();
        vm.prank(user);
        uint256 id = POOL.requestRedeem(shares, user, user);
        GHOSTS.noteRequest(user, id, pooled - POOL.totalPooled());
        _checkNoGain(user, worth);
    }

    function unstakeCerts(uint256 userSeed, uint256 sharesSeed) external sameBlock {
        address user = _holder(userSeed);
        uint256 shares = _sharesOf(user, sharesSeed);
        uint256 worth = WORLD.worthOf(user);
        uint256 pooled = POOL.totalPooled();
        (uint256 batch, , , , , ) = POOL.queue();
        vm.prank(user);
        POOL.unstakeCerts(shares, 0, 0, "");
        GHOSTS.noteRequest(user, (batch << 160) | uint160(user), pooled - POOL.totalPooled());
        _checkNoGain(user, worth);
    }

    /// @dev The operator files for the owner.
    function requestAsOperator(uint256 userSeed, uint256 sharesSeed) external sameBlock {
        address user = _holder(userSeed);
        uint256 shares = _sharesOf(user, sharesSeed);
        uint256 worth = WORLD.worthOf(user);
        uint256 pooled = POOL.totalPooled();
        vm.prank(WORLD.operatorOf(user));
        uint256 id = POOL.requestRedeem(shares, user, user);
        GHOSTS.noteRequest(user, id, pooled - POOL.totalPooled());
        _checkNoGain(user, worth);
    }

    /// @dev Another user spends an allowance of shares for a request of its own.
    function requestByAllowance(uint256 userSeed, uint256 sharesSeed, uint256 stepSeed) external sameBlock {
        address owner = _holder(userSeed);
        // Not its operator, which would spend no allowance.
        address spender = WORLD.operatorOf(WORLD.operatorOf(owner));
        if (stepSeed % 2 == 0) spender = WORLD.operatorOf(spender);
        uint256 shares = _sharesOf(owner, sharesSeed);
        uint256 worth = WORLD.worthOf(owner) + WORLD.worthOf(spender);
        uint256 pooled = POOL.totalPooled();
        vm.prank(owner);
        TOKEN.approve(spender, shares);
        vm.prank(spender);
        uint256 id = POOL.requestRedeem(shares, spender, owner);
        GHOSTS.noteRequest(spender, id, pooled - POOL.totalPooled());
        assertEq(TOKEN.allowance(owner, spender), 0, "U4: an allowance was not spent");
        // Two floors instead of one.
        assertLe(WORLD.worthOf(owner) + WORLD.worthOf(spender), worth + 1, "U1: a request enriched its parties");
    }

    // ---------------------------------------------------------------- round trips

    /// @dev In and out in one block, around a harvest of everything.
    function roundTrip(uint256 userSeed, uint256 assetsSeed, bool withHarvest) external neverDown {
        address user = WORLD.userAt(userSeed);
        uint256 assets = _stakeOf(user, assetsSeed);
        vm.prank(user);
        uint256 shares = POOL.deposit(assets, user);
        if (withHarvest) POOL.harvest(new uint256[](0));
        (bool open, uint256 value) = _requestable(shares);
        vm.assume(open && value != 0);
        uint256 pooled = POOL.totalPooled();
        vm.prank(user);
        uint256 id = POOL.requestRedeem(shares, user, user);
        uint256 fixedAssets = pooled - POOL.totalPooled();
        GHOSTS.noteRequest(user, id, fixedAssets);
        // The fee's shares are rounded down: less than the worth of a share is left to all holders.
        uint256 rounding = withHarvest ? 1 + POOL.convertToAssets(1) : 0;
        assertLe(fixedAssets, assets + rounding, "U2: a round trip within a block brought a gain");
    }

    function transfer(uint256 fromSeed, uint256 toSeed, uint256 sharesSeed) external sameBlock {
        address from = _holder(fromSeed);
        uint256 shares = bound(sharesSeed, 0, TOKEN.balanceOf(from));
        address to = WORLD.userAt(toSeed);
        vm.prank(from);
        assertTrue(TOKEN.transfer(to, shares), "U4: a transfer failed");
    }

    // ---------------------------------------------------------------- internals

    function _stakeOf(address user, uint256 seed) private view returns (uint256 assets) {
        uint256 room = POOL.maxDeposit(user);
        vm.assume(room >= MIN_STAKE);
        assets = _amount(seed, MIN_STAKE, room < MAX_STAKE ? room : MAX_STAKE);
        vm.assume(POL.balanceOf(user) >= assets && MATIC.balanceOf(user) >= assets);
        vm.assume(POOL.convertToShares(assets) != 0);
    }

    function _holder(uint256 seed) private view returns (address user) {
        for (uint256 i = 0; i < WORLD.USERS(); ++i) {
            user = WORLD.userAt((seed % WORLD.USERS()) + i);
            if (TOKEN.balanceOf(user) != 0) return user;
        }
        vm.assume(false);
    }

    /// @dev All of them in one of four cases.
    function _sharesOf(address user, uint256 seed) private view returns (uint256 shares) {
        uint256 held = TOKEN.balanceOf(user);
        shares = seed % 4 == 0 ? held : _amount(seed, 1, held);
        (bool open, uint256 value) = _requestable(shares);
        vm.assume(open && value != 0);
    }

    function _checkNoGain(address user, uint256 worth) private view {
        assertLe(WORLD.worthOf(user), worth, "U1: an action enriched its user");
    }
}
