// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ClaimHandler} from "./handlers/ClaimHandler.sol";
import {LossHandler} from "./handlers/LossHandler.sol";
import {ManagerHandler} from "./handlers/ManagerHandler.sol";
import {PolygonHandler} from "./handlers/PolygonHandler.sol";
import {StakerHandler} from "./handlers/StakerHandler.sol";
import {StrangerHandler} from "./handlers/StrangerHandler.sol";
import {UpkeepHandler} from "./handlers/UpkeepHandler.sol";
import {Liveness} from "./support/Liveness.sol";

/// @title The system while stake is slashed and share contracts are lost
/// @notice Value per share falls by a booked loss and by nothing else, nobody is paid more than he fixed, and nobody is
/// stuck.
contract LossesTest is Liveness {
    function setUp() public {
        _build();
        targetContract(address(new StakerHandler(world, ghosts)));
        targetContract(address(new ClaimHandler(world, ghosts)));
        targetContract(address(new UpkeepHandler({world: world, ghosts: ghosts, losses: true})));
        targetContract(address(new PolygonHandler(world, ghosts)));
        targetContract(address(new StrangerHandler(world, ghosts)));
        targetContract(address(new ManagerHandler(world, ghosts)));
        targetContract(address(new LossHandler(world, ghosts)));
    }

    function invariant_losses() public view {
        _checkAll({lossFree: false});
    }

    /// @dev Nothing is put back: what was replaced stays lost.
    function afterInvariant() public {
        _bringHome();
        _exitAll();
        _bringHome();
        _checkAll({lossFree: false});
    }
}
