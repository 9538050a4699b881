// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";
import {StdAssertions} from "forge-std/StdAssertions.sol";
import {StdUtils} from "forge-std/StdUtils.sol";

import {PoolLens} from "contracts/adapters/PoolLens.sol";
import {Delegator} from "contracts/ethereum/delegator/Delegator.sol";
import {PolygonPool} from "contracts/ethereum/pool/PolygonPool.sol";
import {AnkrMATIC} from "contracts/ethereum/token/AnkrMATIC.sol";
import {StakeManager} from "contracts/local/manager/StakeManager.sol";
import {MaticToken} from "contracts/local/tokens/MaticToken.sol";
import {PolygonEcosystemToken} from "contracts/local/tokens/PolygonEcosystemToken.sol";
import {Ghosts} from "../support/Ghosts.sol";
import {World} from "../support/World.sol";

/// @title What all handlers share
/// @notice Every action either does what it is named for or is discarded by `vm.assume`, so the table that Foundry
/// prints after a campaign says how often each one really acted. An unexpected revert fails the campaign.
/// @dev `sameBlock` and `neverDown` compare the value of a share before and after the action.
abstract contract Handler is CommonBase, StdAssertions, StdUtils {
    struct Price {
        uint256 assets;
        uint256 shares;
        uint256 losses;
    }

    World internal immutable WORLD;
    Ghosts internal immutable GHOSTS;
    PolygonPool internal immutable POOL;
    AnkrMATIC internal immutable TOKEN;
    Delegator internal immutable DELEGATOR;
    PoolLens internal immutable LENS;
    StakeManager internal immutable STAKE_MANAGER;
    PolygonEcosystemToken internal immutable POL;
    MaticToken internal immutable MATIC;

    /// @dev For actions that take no time and convert once: all that a share may gain is the rounding.
    modifier sameBlock() {
        Price memory before = _price();
        _;
        Price memory since = _price();
        _checkNoFall(before, since);
        assertLe(
            since.assets * before.shares,
            before.assets * since.shares + before.assets + before.shares,
            "P2: a share rose within a block by more than rounding"
        );
    }

    /// @dev For actions that take time, in which rewards vest, and those that convert several times.
    modifier neverDown() {
        Price memory before = _price();
        _;
        _checkNoFall(before, _price());
    }

    constructor(World world, Ghosts ghosts) {
        WORLD = world;
        GHOSTS = ghosts;
        POOL = world.POOL();
        TOKEN = world.TOKEN();
        DELEGATOR = world.DELEGATOR();
        LENS = world.LENS();
        STAKE_MANAGER = world.STAKE_MANAGER();
        POL = world.POL();
        MATIC = world.MATIC();
    }

    /// @dev An amount of any size from `lowest` to `highest`, small ones as likely as large ones.
    function _amount(uint256 seed, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        uint256 ceiling = highest;
        for (uint256 tenths = seed % 7; tenths != 0 && ceiling / 10 > lowest; --tenths) ceiling /= 10;
        return bound(seed, lowest, ceiling);
    }

    /// @dev A position in use, or none: then the action is discarded.
    function _position(uint256 seed) internal view returns (uint256 position) {
        uint256 count = DELEGATOR.positionCount();
        for (uint256 i = 0; i < count; ++i) {
            position = 1 + (((seed % count) + i) % count);
            if (DELEGATOR.positionAt(position).share != address(0)) return position;
        }
        vm.assume(false);
    }

    /// @dev Requests can be made unless they are worth nothing, or the open batch lost nearly everything.
    function _requestable(uint256 shares) internal view returns (bool open, uint256 value) {
        (, uint256 openAssets, uint256 openUnits, , , ) = POOL.queue();
        return (openUnits == openAssets || openAssets * 1_000 >= openUnits, POOL.convertToAssets(shares));
    }

    /// @dev Discards the action if the call failed with one of two expected errors, and fails the campaign if it was
    /// another.
    function _discardIf(bytes memory reason, bytes4 expected, bytes4 orExpected) internal pure {
        bytes4 selector = bytes4(reason);
        if (selector == expected || selector == orExpected) vm.assume(false);
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _price() internal view returns (Price memory) {
        (, , , uint256 losses) = POOL.parameters();
        return Price({assets: POOL.totalAssets(), shares: TOKEN.totalSupply(), losses: losses});
    }

    function _checkNoFall(Price memory before, Price memory since) private pure {
        if (since.losses != before.losses) return;
        assertGe(since.assets * before.shares, before.assets * since.shares, "P1: a share fell without a loss");
    }
}
