// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ClaimHandler} from "./handlers/ClaimHandler.sol";
import {ManagerHandler} from "./handlers/ManagerHandler.sol";
import {PolygonHandler} from "./handlers/PolygonHandler.sol";
import {StakerHandler} from "./handlers/StakerHandler.sol";
import {StrangerHandler} from "./handlers/StrangerHandler.sol";
import {UpkeepHandler} from "./handlers/UpkeepHandler.sol";
import {Liveness} from "./support/Liveness.sol";

/// @title The system while Polygon takes nothing away
/// @notice Value per share never falls, and every request is paid what it fixed, to the wei.
contract LossFreeTest is Liveness {
    function setUp() public {
        _build();
        targetContract(address(new StakerHandler(world, ghosts)));
        targetContract(address(new ClaimHandler(world, ghosts)));
        targetContract(address(new UpkeepHandler({world: world, ghosts: ghosts, losses: false})));
        targetContract(address(new PolygonHandler(world, ghosts)));
        targetContract(address(new StrangerHandler(world, ghosts)));
        targetContract(address(new ManagerHandler(world, ghosts)));
    }

    function invariant_lossFree() public view {
        _checkAll({lossFree: true});
        (, , , uint256 losses) = pool.parameters();
        assertEq(losses, 0, "P3: a loss was booked where there was none");
    }

    /// @dev Share contracts are put back, since a replacement that stays is a loss.
    function afterInvariant() public {
        _putSharesBack();
        _bringHome();
        _exitAll();
        _bringHome();
        _bringLate();
        for (uint256 i = 0; i < world.USERS(); ++i) {
            address user = world.userAt(i);
            // Both parts of what is paid in two are rounded down.
            uint256 rounding = _anyShort() ? 2 * ghosts.idsOf(user).length : 0;
            assertGe(ghosts.paid(user) + rounding, ghosts.asked(user), "A46: a user was not paid in full");
        }
        _checkAll({lossFree: true});
    }
}
