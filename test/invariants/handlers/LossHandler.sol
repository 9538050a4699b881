// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title What takes stake away
/// @notice A slash, with or without what is unbonding. The loss is booked by a later `sync`, or never.
contract LossHandler is Handler {
    uint256 private constant BPS = 10_000;

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    function slash(uint256 positionSeed, uint256 bpsSeed, bool sparePool) external sameBlock {
        address share = DELEGATOR.positionAt(_position(positionSeed)).share;
        uint256 id = ValidatorShare(share).validatorId();
        vm.assume(STAKE_MANAGER.getValidatorContract(id) == share && STAKE_MANAGER.delegatedAmount(id) != 0);
        // A validator that left is in no total any more, from which its loss could be taken.
        vm.assume(STAKE_MANAGER.validators(id).deactivationEpoch == 0);
        uint256 bps = bpsSeed % 10 == 0 ? BPS : _amount(bpsSeed, 1, BPS);
        STAKE_MANAGER.cheatSlash(id, bps, sparePool);
        GHOSTS.noteSlashed(share);
    }
}
