// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BondHandler} from "./handlers/BondHandler.sol";
import {BridgeDownHandler} from "./handlers/BridgeDownHandler.sol";
import {BridgeHolderHandler} from "./handlers/BridgeHolderHandler.sol";
import {BridgeRulesHandler} from "./handlers/BridgeRulesHandler.sol";
import {BridgeUpHandler} from "./handlers/BridgeUpHandler.sol";
import {BrokenShareHandler} from "./handlers/BrokenShareHandler.sol";
import {ClaimHandler} from "./handlers/ClaimHandler.sol";
import {GenesisHandler} from "./handlers/GenesisHandler.sol";
import {LossHandler} from "./handlers/LossHandler.sol";
import {ManagerHandler} from "./handlers/ManagerHandler.sol";
import {PolygonHandler} from "./handlers/PolygonHandler.sol";
import {RateHandler} from "./handlers/RateHandler.sol";
import {StakerHandler} from "./handlers/StakerHandler.sol";
import {StrangerHandler} from "./handlers/StrangerHandler.sol";
import {SwapRulesHandler} from "./handlers/SwapRulesHandler.sol";
import {SwitchHandler} from "./handlers/SwitchHandler.sol";
import {SwitchRulesHandler} from "./handlers/SwitchRulesHandler.sol";
import {UnstakeHandler} from "./handlers/UnstakeHandler.sol";
import {UpkeepHandler} from "./handlers/UpkeepHandler.sol";
import {BridgeInvariants} from "./support/BridgeInvariants.sol";
import {EverythingWorld} from "./support/EverythingWorld.sol";
import {LegacyInvariants} from "./support/LegacyInvariants.sol";
import {SwapInvariants} from "./support/SwapInvariants.sol";

/// @title All contracts together, and everyone who may do anything to them
/// @notice What holds of each contract alone holds while all the others go on; in the end everyone leaves everything.
/// @dev A91: what manager and guardian may do, they do in any order, also while messages are on their way.
contract EverythingTest is LegacyInvariants, BridgeInvariants, SwapInvariants {
    uint256 private constant MINTED = 1;
    uint256 private constant KEEPERS = 6;

    function setUp() public {
        EverythingWorld all = new EverythingWorld(MINTED);
        _buildOn(all);
        _useLegacy(all, MINTED);
        _useBridge(all);
        _buildSwaps({stage: all.SWAPS(), assets: 3_000e18, shares: 2_000e18});
        _playPool();
        _playLegacy();
        _playPolygon();
    }

    /// forge-config: default.invariant.runs = 16
    /// forge-config: ci.invariant.runs = 20
    /// forge-config: long.invariant.runs = 100
    /// forge-config: ci.invariant.depth = 96
    function invariant_everything() public view {
        _checkAll({lossFree: false});
        _checkLegacy();
        _checkBridge();
        _checkSwaps();
    }

    /// @dev Out of the swap pool, off Polygon, out of both tokens, and paid.
    function afterInvariant() public {
        _leaveSwaps();
        _checkNumbers();
        home.bringHome();
        _checkNumbers();
        _checkHome();
        _bringHome();
        _leaveBonds();
        _exitAll();
        _bringHome();
        home.bringRate();
        invariant_everything();
    }

    // ---------------------------------------------------------------- who plays

    function _playPool() private {
        targetContract(address(new StakerHandler(world, ghosts)));
        targetContract(address(new ClaimHandler(world, ghosts)));
        targetContract(address(new UpkeepHandler({world: world, ghosts: ghosts, losses: true})));
        targetContract(address(new PolygonHandler(world, ghosts)));
        targetContract(address(new StrangerHandler(world, ghosts)));
        targetContract(address(new ManagerHandler(world, ghosts)));
        targetContract(address(new LossHandler(world, ghosts)));
        targetContract(address(new BrokenShareHandler(world, ghosts)));
    }

    function _playLegacy() private {
        targetContract(address(new BondHandler(legacy, ghosts, bondBook)));
        targetContract(address(new UnstakeHandler(legacy, ghosts, bondBook)));
        targetContract(address(new SwitchHandler(legacy, ghosts, bondBook)));
        targetContract(address(new SwitchRulesHandler(legacy, ghosts, bondBook)));
        targetContract(address(new GenesisHandler(legacy, ghosts, bondBook)));
    }

    function _playPolygon() private {
        targetContract(address(new BridgeDownHandler(stage)));
        targetContract(address(new BridgeUpHandler(stage)));
        targetContract(address(new BridgeHolderHandler(stage)));
        targetContract(address(new BridgeRulesHandler(stage)));
        // Several, so that the rate is often young enough for swaps.
        for (uint256 i = 0; i < KEEPERS; ++i) targetContract(address(new RateHandler(stage)));
        targetContract(address(swapper));
        targetContract(address(new SwapRulesHandler(swaps)));
    }
}
