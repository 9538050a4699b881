// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {DeploymentFactory} from "contracts/shared/base/DeploymentFactory.sol";
import {BridgeWorld} from "./BridgeWorld.sol";
import {LegacyWorld} from "./LegacyWorld.sol";
import {SwapStage} from "./SwapStage.sol";
import {World} from "./World.sol";

/// @title All contracts together
/// @notice The pool with the token of its first generation and with the bridge; on the bridge's token and feed the swap
/// pool, with a receiver that does not behave.
contract EverythingWorld is LegacyWorld, BridgeWorld {
    SwapStage public immutable SWAPS;

    /// @param minted Batches of the genesis that are minted at once.
    constructor(uint256 minted) LegacyWorld(minted) {
        SWAPS = new SwapStage(childToken, feed, USERS);
    }

    /// @inheritdoc World
    function holders() public view override(LegacyWorld, BridgeWorld) returns (address[] memory all) {
        address[] memory some = super.holders();
        all = new address[](some.length + 1);
        for (uint256 i = 0; i < some.length; ++i) all[i] = some[i];
        all[some.length] = address(SWAPS.HOSTILE());
    }

    /// @inheritdoc BridgeWorld
    function receiverAt(uint256 index) public view override returns (address) {
        uint256 i = index % receivers();
        return i == super.receivers() ? address(SWAPS.HOSTILE()) : super.receiverAt(i);
    }

    /// @inheritdoc BridgeWorld
    function receivers() public pure override returns (uint256) {
        return super.receivers() + 1;
    }

    /// @notice The swap pool holds what its providers put in, and what it was given.
    function stranded() public view override returns (uint256 shares) {
        return super.stranded() + childToken.balanceOf(address(SWAPS.SWAP()));
    }

    function _deployMore(DeploymentFactory factory, AccessManager access) internal override(LegacyWorld, BridgeWorld) {
        super._deployMore(factory, access);
    }
}
