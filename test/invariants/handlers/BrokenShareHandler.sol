// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IDelegator} from "contracts/interfaces/IDelegator.sol";
import {IPoolRedeems} from "contracts/interfaces/IPoolRedeems.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title Upkeep while a validator's share contract fails in every call
/// @notice It reverts, burns all the gas that it gets, or is gone; afterwards it is as it was. Nobody else is
/// stopped, and nothing is booked that was not read.
contract BrokenShareHandler is Handler {
    struct Before {
        uint256 losses;
        uint256 principal;
    }

    address private _share;
    bytes private _code;

    /// @dev The share contract of the position fails while the action runs.
    modifier broken(uint256 positionSeed, uint256 kind) {
        uint256 position = _position(positionSeed);
        _share = DELEGATOR.positionAt(position).share;
        _code = _share.code;
        bytes[3] memory failures = [bytes(hex"5f5ffd"), hex"fe", ""];
        vm.etch(_share, failures[kind % 3]);
        Before memory before = _before(position);
        vm.startPrank(WORLD.STRANGER());
        _;
        vm.stopPrank();
        (, , , uint256 losses) = POOL.parameters();
        assertEq(losses, before.losses, "Z2: a loss was booked that nobody could read");
        uint256 principal = DELEGATOR.positionAt(position).principal;
        assertEq(principal, before.principal, "Z2: stake was moved through a contract that fails");
        vm.etch(_share, _code);
    }

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    function harvest(uint256 positionSeed, uint256 kind) external sameBlock broken(positionSeed, kind) {
        uint256 pooled = POOL.totalPooled();
        uint256 rewards = POOL.harvest(new uint256[](0));
        assertEq(POOL.totalPooled() - pooled, rewards, "Z2: a harvest next to a validator that fails lost something");
    }

    function delegate(uint256 positionSeed, uint256 kind) external sameBlock broken(positionSeed, kind) {
        try POOL.delegate(type(uint256).max) {} catch (bytes memory reason) {
            assertEq(
                bytes4(reason),
                IDelegator.NothingToDelegate.selector,
                "Z2: delegating was stopped by one validator"
            );
        }
    }

    function sync(uint256 positionSeed, uint256 kind) external sameBlock broken(positionSeed, kind) {
        uint256 pooled = POOL.totalPooled();
        POOL.sync(_position(positionSeed));
        assertEq(POOL.totalPooled(), pooled, "Z2: something was booked that nobody could read");
    }

    function continueBatch(uint256 positionSeed, uint256 kind) external sameBlock broken(positionSeed, kind) {
        (, , , uint256 funding, , ) = POOL.queue();
        vm.assume(funding != 0);
        try POOL.continueBatch(funding) {} catch (bytes memory reason) {
            assertEq(bytes4(reason), IPoolRedeems.NoProgress.selector, "Z2: selling was stopped by one validator");
        }
    }

    function finalizeBatch(uint256 positionSeed, uint256 kind) external sameBlock broken(positionSeed, kind) {
        (uint256 open, , , , , ) = POOL.queue();
        for (uint256 batch = 1; batch < open; ++batch) {
            if (DELEGATOR.slicesOf(batch).length == 0) continue;
            try POOL.finalizeBatch(batch) {} catch (bytes memory reason) {
                assertEq(bytes4(reason), IDelegator.BatchNotRipe.selector, "Z2: claiming was stopped by one validator");
            }
        }
    }

    // ---------------------------------------------------------------- internals

    function _before(uint256 position) private view returns (Before memory before) {
        (, , , before.losses) = POOL.parameters();
        before.principal = DELEGATOR.positionAt(position).principal;
    }
}
