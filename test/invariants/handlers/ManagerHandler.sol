// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {SelfEndingPause} from "contracts/shared/access/SelfEndingPause.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title What governance changes
/// @notice Every power of MANAGER and GUARDIAN, within its bounds.
contract ManagerHandler is Handler {
    uint256 private constant BPS = 10_000;

    modifier byManager() {
        vm.startPrank(WORLD.MANAGER());
        _;
        vm.stopPrank();
    }

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    // ---------------------------------------------------------------- the pool

    function setTerms(uint256 feeBps, uint256 capSeed) external sameBlock byManager {
        POOL.setFee(bound(feeBps, 0, 1_000));
        POOL.setAssetCap(capSeed % 4 == 0 ? bound(capSeed, 0, 10_000_000) * 1e18 : 1_000_000_000e18);
    }

    /// @dev Pauses new stakes, or ends a pause that runs.
    function pauseOrResume(uint256 duration) external sameBlock {
        (, , uint256 until, ) = POOL.parameters();
        if (block.timestamp < until) {
            vm.prank(WORLD.MANAGER());
            POOL.resumeStakes();
            return;
        }
        vm.assume(until == 0 || block.timestamp >= until + SelfEndingPause.COOLDOWN);
        vm.prank(WORLD.GUARDIAN());
        POOL.pauseStakes(bound(duration, 1, SelfEndingPause.MAX_PAUSE));
    }

    // ---------------------------------------------------------------- the validators

    /// @dev Every position gets a random part of 10,000, within the constitutional maximum; a few get none.
    function setWeights(uint256 seed) external sameBlock byManager {
        uint256 count = DELEGATOR.positionCount();
        uint256[] memory weights = new uint256[](count);
        uint256[] memory caps = new uint256[](count);
        uint256 maximum = WORLD.MAX_SHARE_BPS();
        uint256 left = BPS;
        for (uint256 i = 0; i < count; ++i) {
            if (DELEGATOR.positionAt(i + 1).share == address(0)) continue;
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 most = left < maximum ? left : maximum;
            weights[i] = random % 4 == 0 ? 0 : random % (most + 1);
            caps[i] = bound(random >> 128, weights[i], maximum);
            left -= weights[i];
        }
        for (uint256 i = 0; i < count && left != 0; ++i) {
            if (DELEGATOR.positionAt(i + 1).share == address(0)) continue;
            uint256 more = left < maximum - weights[i] ? left : maximum - weights[i];
            weights[i] += more;
            if (caps[i] < weights[i]) caps[i] = weights[i];
            left -= more;
        }
        DELEGATOR.setWeights(weights, caps);
    }

    function setLimits(uint256 commissionSeed, uint256 time) external sameBlock byManager {
        DELEGATOR.setMaxCommission(commissionSeed % 4 == 0 ? bound(commissionSeed, 0, 100) : 15);
        DELEGATOR.setDeadSliceTime(bound(time, 1 days, 30 days));
    }

    /// @dev A validator whose share contract was replaced is left alone: both contracts would claim the same stake.
    function addPosition(uint256 validatorSeed) external sameBlock byManager {
        uint256 id = WORLD.validatorAt(validatorSeed);
        vm.assume(GHOSTS.original(id) == address(0));
        address share = STAKE_MANAGER.getValidatorContract(id);
        for (uint256 i = 1; i <= DELEGATOR.positionCount(); ++i) {
            vm.assume(DELEGATOR.positionAt(i).share != share);
        }
        DELEGATOR.addPosition(id);
    }

    function removePosition(uint256 positionSeed) external sameBlock byManager {
        uint256 position = _position(positionSeed);
        IDelegator.Position memory held = DELEGATOR.positionAt(position);
        vm.assume(held.principal == 0 && held.weightBps == 0 && held.openSlices == 0);
        DELEGATOR.removePosition(position);
    }
}
