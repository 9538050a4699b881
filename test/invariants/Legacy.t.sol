// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BondHandler} from "./handlers/BondHandler.sol";
import {ClaimHandler} from "./handlers/ClaimHandler.sol";
import {CrashHandler} from "./handlers/CrashHandler.sol";
import {GenesisHandler} from "./handlers/GenesisHandler.sol";
import {LossHandler} from "./handlers/LossHandler.sol";
import {ManagerHandler} from "./handlers/ManagerHandler.sol";
import {PolygonHandler} from "./handlers/PolygonHandler.sol";
import {StakerHandler} from "./handlers/StakerHandler.sol";
import {SwitchHandler} from "./handlers/SwitchHandler.sol";
import {SwitchRulesHandler} from "./handlers/SwitchRulesHandler.sol";
import {UnstakeHandler} from "./handlers/UnstakeHandler.sol";
import {UpkeepHandler} from "./handlers/UpkeepHandler.sol";
import {LegacyInvariants} from "./support/LegacyInvariants.sol";

/// @dev Holders of aMATICb do all they can, among a few calls of everyone else.
abstract contract LegacyCampaign is LegacyInvariants {
    function _playLegacy() internal {
        targetContract(address(new BondHandler(legacy, ghosts, bondBook)));
        targetContract(address(new UnstakeHandler(legacy, ghosts, bondBook)));
        targetContract(address(new SwitchHandler(legacy, ghosts, bondBook)));
        targetContract(address(new SwitchRulesHandler(legacy, ghosts, bondBook)));
        targetContract(address(new GenesisHandler(legacy, ghosts, bondBook)));
    }

    /// @param losses True where `sync` may book a loss.
    function _playOthers(bool losses) internal {
        bytes4[] memory few = new bytes4[](3);
        (few[0], few[1]) = (StakerHandler.deposit.selector, StakerHandler.requestRedeem.selector);
        few[2] = StakerHandler.transfer.selector;
        _play(address(new StakerHandler(world, ghosts)), few);
        few = new bytes4[](1);
        few[0] = ClaimHandler.redeem.selector;
        _play(address(new ClaimHandler(world, ghosts)), few);
        few[0] = ManagerHandler.pauseOrResume.selector;
        _play(address(new ManagerHandler(world, ghosts)), few);
        few = new bytes4[](2);
        (few[0], few[1]) = (PolygonHandler.checkpoints.selector, PolygonHandler.unbond.selector);
        _play(address(new PolygonHandler(world, ghosts)), few);
        few = new bytes4[](4);
        (few[0], few[1]) = (UpkeepHandler.harvestAll.selector, UpkeepHandler.keep.selector);
        (few[2], few[3]) = (UpkeepHandler.delegate.selector, UpkeepHandler.sync.selector);
        _play(address(new UpkeepHandler({world: world, ghosts: ghosts, losses: losses})), few);
    }

    function _play(address handler, bytes4[] memory selectors) private {
        targetContract(handler);
        targetSelector(FuzzSelector({addr: handler, selectors: selectors}));
    }

    /// @dev Everyone leaves both tokens, and is paid.
    function _goHome() internal {
        _bringHome();
        _leaveBonds();
        _exitAll();
        _bringHome();
        _checkLegacy();
    }
}

/// @title aMATICb and its switcher while nothing is lost, from the midst of the genesis
contract LegacyTest is LegacyCampaign {
    function setUp() public {
        _buildLegacy({minted: 1});
        _playLegacy();
        _playOthers({losses: false});
    }

    /// forge-config: default.invariant.runs = 64
    /// forge-config: ci.invariant.runs = 128
    /// forge-config: long.invariant.runs = 100
    function invariant_legacy() public view {
        _checkLegacy();
        _checkSupply();
    }

    function afterInvariant() public {
        _checkAll({lossFree: true});
        _goHome();
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            assertEq(bond.sharesOf(user), 0, "A46: a holder could not leave");
            assertEq(ghosts.paid(user), ghosts.asked(user), "A46: a holder was not paid in full");
        }
        _checkAll({lossFree: true});
    }
}

/// @title The same shortly before the seal, where shares lose most of their worth, or all of it
contract LegacyLossesTest is LegacyCampaign {
    function setUp() public {
        _buildLegacy({minted: 2});
        _playLegacy();
        _playOthers({losses: true});
        targetContract(address(new LossHandler(world, ghosts)));
        targetContract(address(new CrashHandler(world, ghosts)));
    }

    /// forge-config: default.invariant.runs = 64
    /// forge-config: ci.invariant.runs = 128
    /// forge-config: long.invariant.runs = 100
    function invariant_legacyLosses() public view {
        _checkLegacy();
        _checkSupply();
    }

    function afterInvariant() public {
        _checkAll({lossFree: false});
        _goHome();
        _checkAll({lossFree: false});
    }
}
