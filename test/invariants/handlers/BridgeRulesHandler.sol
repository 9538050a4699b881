// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IBridgeAdapter} from "contracts/interfaces/IBridgeAdapter.sol";
import {IChildAnkrMATIC} from "contracts/interfaces/IChildAnkrMATIC.sol";
import {SelfEndingPause} from "contracts/shared/access/SelfEndingPause.sol";
import {BridgeGhosts} from "../support/BridgeGhosts.sol";
import {BridgeHandler} from "./BridgeHandler.sol";

/// @title What governance changes at the bridge
/// @notice Every power of MANAGER and GUARDIAN over it, within its bounds and beyond them. No change of a limit frees
/// anything.
contract BridgeRulesHandler is BridgeHandler {
    uint256 private immutable RELEASE_CEILING;
    uint256 private immutable MINTING_CEILING;
    uint256 private immutable BURNING_CEILING;

    modifier byManager() {
        vm.startPrank(WORLD.MANAGER());
        _;
        vm.stopPrank();
    }

    modifier byGuardian() {
        vm.startPrank(WORLD.GUARDIAN());
        _;
        vm.stopPrank();
    }

    constructor(Stage memory stage) BridgeHandler(stage) {
        RELEASE_CEILING = stage.world.RELEASE_CEILING();
        MINTING_CEILING = stage.world.MINTING_CEILING();
        BURNING_CEILING = stage.world.BURNING_CEILING();
    }

    // ---------------------------------------------------------------- Ethereum

    /// @dev In one of four cases at most what is locked already.
    function setLockCap(uint256 seed) external sameBlock byManager {
        (uint256 locked, uint256 highest) = (BRIDGE.locked(), BRIDGED.LOCK_CAP());
        BRIDGE.setLockCap(_mix(seed) % 4 == 0 ? bound(seed, 0, locked) : bound(seed, locked, highest));
    }

    function setReleaseLimit(uint256 seed) external sameBlock byManager {
        uint256 limit = bound(_mix(seed), RELEASE_CEILING / 10, RELEASE_CEILING);
        uint256 free = BRIDGE.remainingRelease();
        BRIDGE.setReleaseLimit(limit);
        _noteReleaseLimit(limit, free);
    }

    function lowerReleaseLimit(uint256 seed) external sameBlock byGuardian {
        (, uint256 highest, ) = BRIDGE.parameters();
        uint256 limit = bound(_mix(seed), RELEASE_CEILING / 10, highest);
        uint256 free = BRIDGE.remainingRelease();
        BRIDGE.lowerReleaseLimit(limit);
        _noteReleaseLimit(limit, free);
    }

    /// @dev Pauses deposits, or ends a pause that runs.
    function pauseOrResumeBridging(uint256 duration, bool early) external sameBlock {
        (, , uint256 until) = BRIDGE.parameters();
        if (block.timestamp < until) {
            vm.assume(early);
            vm.prank(WORLD.MANAGER());
            BRIDGE.resumeBridging();
            return;
        }
        vm.assume(until == 0 || block.timestamp >= until + SelfEndingPause.COOLDOWN);
        vm.prank(WORLD.GUARDIAN());
        BRIDGE.pauseBridging(_amount(_mix(duration), 1, SelfEndingPause.MAX_PAUSE));
    }

    // ---------------------------------------------------------------- Polygon

    /// @dev No minting in one of eight cases.
    function adjustLimits(uint256 mintingSeed, uint256 burningSeed) external sameBlock byManager {
        uint256 minting = _mix(mintingSeed) % 8 == 0 ? 0 : _amount(_mix(mintingSeed), 1, MINTING_CEILING);
        uint256 burning = bound(_mix(burningSeed), BURNING_CEILING / 10, BURNING_CEILING);
        (uint256 free, uint256 freeToBurn) = _freeOnPolygon();
        CHILD_TOKEN.adjustLimits(address(CHILD), minting, burning);
        _noteLimitsOnPolygon(minting, burning, free, freeToBurn);
    }

    function lowerMintingLimit(uint256 seed) external sameBlock byGuardian {
        vm.assume(_mix(seed) % 2 == 0);
        uint256 minting = bound(seed, 0, CHILD_TOKEN.mintingMaxLimitOf(address(CHILD)));
        (uint256 free, uint256 freeToBurn) = _freeOnPolygon();
        CHILD_TOKEN.lowerMintingLimit(address(CHILD), minting);
        _noteLimitsOnPolygon(minting, CHILD_TOKEN.burningMaxLimitOf(address(CHILD)), free, freeToBurn);
    }

    // ---------------------------------------------------------------- beyond the bounds

    function setTooMuch(uint256 moreSeed, uint256 kind) external sameBlock {
        uint256 more = _amount(moreSeed, 1, 1e30);
        uint256 floor = RELEASE_CEILING / 10;
        kind = _mix(kind) % 4;
        bool byGuardian_ = kind == 1 || kind == 3;
        vm.startPrank(byGuardian_ ? WORLD.GUARDIAN() : WORLD.MANAGER());
        if (kind < 2) {
            (, uint256 limit, ) = BRIDGE.parameters();
            uint256 highest = kind == 0 ? RELEASE_CEILING : limit;
            uint256 asked = moreSeed % 2 == 0 ? highest + more : (floor - 1) / (1 + (more % 3));
            bytes4 reason = IBridgeAdapter.ReleaseLimitOutOfBounds.selector;
            vm.expectRevert(abi.encodeWithSelector(reason, asked, floor, highest));
            if (kind == 0) BRIDGE.setReleaseLimit(asked);
            else BRIDGE.lowerReleaseLimit(asked);
        } else {
            uint256 limit = CHILD_TOKEN.mintingMaxLimitOf(address(CHILD));
            uint256 highest = kind == 2 ? MINTING_CEILING : limit;
            bytes4 reason = IChildAnkrMATIC.LimitOutOfBounds.selector;
            vm.expectRevert(abi.encodeWithSelector(reason, highest + more, highest));
            if (kind == 2) CHILD_TOKEN.adjustLimits(address(CHILD), highest + more, BURNING_CEILING);
            else CHILD_TOKEN.lowerMintingLimit(address(CHILD), highest + more);
        }
        vm.stopPrank();
    }

    /// @dev The manager cannot keep holders on Polygon.
    function setTooLittleBurning(uint256 seed) external sameBlock byManager {
        uint256 floor = BURNING_CEILING / 10;
        uint256 burning = bound(seed, 0, floor - 1);
        vm.expectRevert(abi.encodeWithSelector(IChildAnkrMATIC.BurningLimitTooLow.selector, burning, floor));
        CHILD_TOKEN.adjustLimits(address(CHILD), MINTING_CEILING, burning);
    }

    // ---------------------------------------------------------------- internals

    function _noteReleaseLimit(uint256 limit, uint256 free) private {
        BOOK.noteLimit(BridgeGhosts.Side.Release, limit);
        assertEq(BRIDGE.remainingRelease(), _least(free, limit), "J4: a new limit changed what is free");
    }

    function _noteLimitsOnPolygon(uint256 minting, uint256 burning, uint256 free, uint256 freeToBurn) private {
        BOOK.noteLimit(BridgeGhosts.Side.Mint, minting);
        BOOK.noteLimit(BridgeGhosts.Side.Burn, burning);
        (uint256 freeNow, uint256 freeToBurnNow) = _freeOnPolygon();
        assertEq(freeNow, _least(free, minting), "J4: a new limit changed what is free");
        assertEq(freeToBurnNow, _least(freeToBurn, burning), "J4: a new limit changed what is free");
    }

    function _freeOnPolygon() private view returns (uint256 minting, uint256 burning) {
        minting = CHILD_TOKEN.mintingCurrentLimitOf(address(CHILD));
        burning = CHILD_TOKEN.burningCurrentLimitOf(address(CHILD));
    }
}
