// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {FxChild} from "@maticnetwork/fx-portal/contracts/FxChild.sol";
import {FxRoot} from "@maticnetwork/fx-portal/contracts/FxRoot.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {BridgeAdapter} from "contracts/ethereum/bridge/BridgeAdapter.sol";
import {IFxRoot} from "contracts/interfaces/external/fx/IFxRoot.sol";
import {BridgeRootChain} from "contracts/local/bridge/BridgeRootChain.sol";
import {StateSender} from "contracts/local/bridge/StateSender.sol";
import {ChildBridgeAdapter} from "contracts/polygon/bridge/ChildBridgeAdapter.sol";
import {RatioFeed} from "contracts/polygon/bridge/RatioFeed.sol";
import {ChildAnkrMATIC} from "contracts/polygon/token/ChildAnkrMATIC.sol";
import {DeploymentFactory} from "contracts/shared/base/DeploymentFactory.sol";
import {World} from "./World.sol";

/// @title The whole system with the bridge: one chain plays both
/// @notice FxPortal's own FxRoot and FxChild between the two ends, each of which has an AccessManager and a factory of
/// its own, as in production. The world is the proposer of checkpoints.
contract BridgeWorld is World {
    /// FxChild takes messages from here alone.
    address public constant STATE_RECEIVER = 0x0000000000000000000000000000000000001001;

    uint256 public constant RELEASE_CEILING = 10_000e18;
    uint256 public constant MINTING_CEILING = 25_000e18;
    uint256 public constant BURNING_CEILING = 30_000e18;
    uint256 public constant SUPPLY_CAP = 80_000e18;
    uint256 public constant LOCK_CAP = 100_000e18;
    uint256 private constant RELEASE_LIMIT = 5_000e18;

    BridgeAdapter public bridge;
    StateSender public stateSender;
    FxRoot public fxRoot;
    BridgeRootChain public rootChain;

    FxChild public fxChild;
    ChildBridgeAdapter public child;
    ChildAnkrMATIC public childToken;
    RatioFeed public feed;

    constructor() {
        for (uint256 i = 0; i < USERS; ++i) {
            vm.startPrank(userAt(i));
            TOKEN.approve(address(bridge), type(uint256).max);
            childToken.approve(address(child), type(uint256).max);
            vm.stopPrank();
        }
    }

    /// @notice All who can hold shares on Ethereum: the bridge holds what is locked.
    function holders() public view virtual override returns (address[] memory all) {
        address[] memory some = super.holders();
        all = new address[](some.length + 1);
        for (uint256 i = 0; i < some.length; ++i) all[i] = some[i];
        all[some.length] = address(bridge);
    }

    /// @notice Who shares can be sent to over the bridge, from 0 on: the users, and two who have none at first.
    function receiverAt(uint256 index) public view virtual returns (address) {
        uint256 i = index % receivers();
        if (i == USERS) return STRANGER;
        return i > USERS ? TREASURY : userAt(i);
    }

    /// @notice How many of them there are.
    function receivers() public pure virtual returns (uint256) {
        return USERS + 2;
    }

    /// @notice Shares on Polygon that belong to none of them, and can never leave: what the bridge's end was given.
    function stranded() public view virtual returns (uint256 shares) {
        return childToken.balanceOf(address(child));
    }

    // ---------------------------------------------------------------- deployment

    /// @inheritdoc World
    function _deployMore(DeploymentFactory factory, AccessManager access) internal virtual override {
        super._deployMore(factory, access);
        stateSender = new StateSender();
        fxRoot = new FxRoot(address(stateSender));
        fxChild = new FxChild();
        fxRoot.setFxChild(address(fxChild));
        fxChild.setFxRoot(address(fxRoot));
        stateSender.register(address(fxRoot), address(fxChild));
        rootChain = new BridgeRootChain(address(this));

        address bridgeAt = factory.addressOf("bridge");
        _deployPolygon(bridgeAt);
        _deployBridge(factory, access, bridgeAt);
    }

    function _deployPolygon(address peer) private {
        AccessManager access = new AccessManager(address(this));
        DeploymentFactory factory = new DeploymentFactory(address(this));
        feed = RatioFeed(factory.addressOf("feed"));
        childToken = ChildAnkrMATIC(factory.addressOf("token"));
        child = ChildBridgeAdapter(factory.addressOf("adapter"));
        _proxy({
            factory: factory,
            salt: "feed",
            implementation: address(new RatioFeed(address(child))),
            start: abi.encodeCall(RatioFeed.initialize, (address(access)))
        });
        _proxy({
            factory: factory,
            salt: "token",
            implementation: address(new ChildAnkrMATIC(feed)),
            start: abi.encodeCall(ChildAnkrMATIC.initialize, (address(access), SUPPLY_CAP))
        });
        ChildBridgeAdapter.Wiring memory wiring = ChildBridgeAdapter.Wiring({
            fxChild: address(fxChild),
            token: childToken,
            feed: feed,
            peer: peer
        });
        _proxy({
            factory: factory,
            salt: "adapter",
            implementation: address(new ChildBridgeAdapter(wiring)),
            start: abi.encodeCall(ChildBridgeAdapter.initialize, (address(access)))
        });
        childToken.setLimits(address(child), MINTING_CEILING, BURNING_CEILING);

        _allow(access, address(childToken), ChildAnkrMATIC.adjustLimits.selector, MANAGER_ROLE);
        _allow(access, address(childToken), ChildAnkrMATIC.lowerMintingLimit.selector, GUARDIAN_ROLE);
        access.grantRole(MANAGER_ROLE, MANAGER, 0);
        access.grantRole(GUARDIAN_ROLE, GUARDIAN, 0);
        access.renounceRole(access.ADMIN_ROLE(), address(this));
    }

    function _deployBridge(DeploymentFactory factory, AccessManager access, address at) private {
        bridge = BridgeAdapter(at);
        BridgeAdapter.Wiring memory wiring = BridgeAdapter.Wiring({
            fxRoot: IFxRoot(address(fxRoot)),
            rootChain: rootChain,
            pool: POOL,
            token: TOKEN,
            peer: address(child)
        });
        _proxy({
            factory: factory,
            salt: "bridge",
            implementation: address(new BridgeAdapter(wiring, RELEASE_CEILING)),
            start: abi.encodeCall(BridgeAdapter.initialize, (address(access), LOCK_CAP, RELEASE_LIMIT))
        });
        _allow(access, at, BridgeAdapter.setLockCap.selector, MANAGER_ROLE);
        _allow(access, at, BridgeAdapter.setReleaseLimit.selector, MANAGER_ROLE);
        _allow(access, at, BridgeAdapter.resumeBridging.selector, MANAGER_ROLE);
        _allow(access, at, BridgeAdapter.lowerReleaseLimit.selector, GUARDIAN_ROLE);
        _allow(access, at, BridgeAdapter.pauseBridging.selector, GUARDIAN_ROLE);
    }

    function _allow(AccessManager access, address target, bytes4 selector, uint64 role) private {
        bytes4[] memory one = new bytes4[](1);
        one[0] = selector;
        access.setTargetFunctionRole(target, one, role);
    }
}
