// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @title A slash of all validators at once
/// @notice Single slashes seldom leave a share worth less than a wei; after this one most are, and some worth nothing.
contract CrashHandler is Handler {
    uint256 private constant BPS = 10_000;

    constructor(World world, Ghosts ghosts) Handler(world, ghosts) {}

    function crash(uint256 bpsSeed, bool withBuffer) external {
        uint256 bps = bpsSeed % 8 == 0 ? BPS : bound(bpsSeed, BPS / 2, BPS);
        if (withBuffer) {
            try POOL.delegate(type(uint256).max) {} catch {}
        }
        uint256 count = DELEGATOR.positionCount();
        for (uint256 i = 1; i <= count; ++i) {
            address share = DELEGATOR.positionAt(i).share;
            if (share == address(0)) continue;
            uint256 id = ValidatorShare(share).validatorId();
            if (STAKE_MANAGER.delegatedAmount(id) == 0) continue;
            STAKE_MANAGER.cheatSlash(id, bps, false);
            GHOSTS.noteSlashed(share);
            POOL.sync(i);
            GHOSTS.noteSynced(STAKE_MANAGER, ValidatorShare(share));
        }
    }
}
