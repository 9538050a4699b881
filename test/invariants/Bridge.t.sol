// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeDownHandler} from "./handlers/BridgeDownHandler.sol";
import {BridgeHolderHandler} from "./handlers/BridgeHolderHandler.sol";
import {BridgeRulesHandler} from "./handlers/BridgeRulesHandler.sol";
import {BridgeUpHandler} from "./handlers/BridgeUpHandler.sol";
import {LossHandler} from "./handlers/LossHandler.sol";
import {PolygonHandler} from "./handlers/PolygonHandler.sol";
import {StakerHandler} from "./handlers/StakerHandler.sol";
import {UpkeepHandler} from "./handlers/UpkeepHandler.sol";
import {BridgeInvariants} from "./support/BridgeInvariants.sol";

/// @dev Users, relayers and forgers do all they can at the bridge, while the pool goes on.
abstract contract BridgeCampaign is BridgeInvariants {
    function _playBridge() internal {
        targetContract(address(new BridgeDownHandler(stage)));
        targetContract(address(new BridgeUpHandler(stage)));
        targetContract(address(new BridgeHolderHandler(stage)));
        targetContract(address(new BridgeRulesHandler(stage)));
    }

    /// @param losses True where `sync` may book a loss.
    function _playPool(bool losses) internal {
        bytes4[] memory few = new bytes4[](2);
        (few[0], few[1]) = (StakerHandler.requestRedeem.selector, StakerHandler.transfer.selector);
        _play(address(new StakerHandler(world, ghosts)), few);
        (few[0], few[1]) = (PolygonHandler.checkpoints.selector, PolygonHandler.warp.selector);
        _play(address(new PolygonHandler(world, ghosts)), few);
        (few[0], few[1]) = (UpkeepHandler.harvestAll.selector, UpkeepHandler.sync.selector);
        _play(address(new UpkeepHandler({world: world, ghosts: ghosts, losses: losses})), few);
    }

    function _play(address handler, bytes4[] memory selectors) private {
        targetContract(handler);
        targetSelector(FuzzSelector({addr: handler, selectors: selectors}));
    }

    /// @dev Everyone leaves Polygon, and is paid.
    function _goHome() internal {
        _checkNumbers();
        home.bringHome();
        _checkBridge();
        _checkNumbers();
        _checkHome();
        home.bringRate();
        _checkBridge();
        _checkSupply();
    }
}

/// @title The bridge while nothing is lost
contract BridgeTest is BridgeCampaign {
    function setUp() public {
        _buildBridge();
        _playBridge();
        _playPool({losses: false});
    }

    function invariant_bridge() public view {
        _checkBridge();
        _checkSupply();
    }

    function afterInvariant() public {
        _checkAll({lossFree: true});
        _goHome();
    }
}

/// @title The bridge while stake is slashed: the feed follows the pool down
contract BridgeLossesTest is BridgeCampaign {
    function setUp() public {
        _buildBridge();
        _playBridge();
        _playPool({losses: true});
        targetContract(address(new LossHandler(world, ghosts)));
    }

    function invariant_bridgeLosses() public view {
        _checkBridge();
        _checkSupply();
    }

    function afterInvariant() public {
        _checkAll({lossFree: false});
        _goHome();
    }
}
