// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PoolLens} from "contracts/adapters/PoolLens.sol";
import {AutoClaim} from "contracts/ethereum/claims/AutoClaim.sol";
import {AssetLedger} from "contracts/ethereum/delegator/AssetLedger.sol";
import {Delegator} from "contracts/ethereum/delegator/Delegator.sol";
import {PolygonPool} from "contracts/ethereum/pool/PolygonPool.sol";
import {PoolLedger} from "contracts/ethereum/pool/PoolLedger.sol";
import {AnkrMATIC} from "contracts/ethereum/token/AnkrMATIC.sol";
import {IPayoutMigration} from "contracts/interfaces/IPayoutMigration.sol";
import {IPolygonMigration} from "contracts/interfaces/external/polygon/IPolygonMigration.sol";
import {IStakeManager} from "contracts/interfaces/external/polygon/IStakeManager.sol";
import {DeploymentFactory} from "contracts/shared/base/DeploymentFactory.sol";
import {PolygonModel} from "./PolygonModel.sol";

/// @title The whole system on the local model of Polygon, with its users
/// @notice Proxies, AccessManager and the share token as in production; the manager's role has no delay, so that its
/// calls take no time. Validators 8 to 12 are positions 1 to 5; 13 and 14 are free to be added.
contract World is CommonBase, PolygonModel {
    uint256 public constant USERS = 5;
    uint256 public constant POSITIONS = 5;
    uint256 public constant VALIDATORS = 7;
    uint256 public constant MAX_SHARE_BPS = 5_000;

    uint64 internal constant MANAGER_ROLE = 1;
    uint64 internal constant GUARDIAN_ROLE = 2;
    uint160 private constant FIRST_USER = 0x05E400;
    uint256 private constant SEED = 1e18;
    uint256 private constant PURSE = 100_000_000e18;
    address private constant SEED_HOLDER = 0x000000000000000000000000000000000000dEaD;

    AnkrMATIC public immutable TOKEN;
    PolygonPool public immutable POOL;
    Delegator public immutable DELEGATOR;
    AutoClaim public immutable AUTO_CLAIM;
    PoolLens public immutable LENS;

    address public immutable MANAGER = address(0xB055);
    address public immutable GUARDIAN = address(0x60A4D);
    address public immutable TREASURY = address(0x7EA5);
    /// Has tokens and no part in anything.
    address public immutable STRANGER = address(0x57A6);

    constructor() {
        for (uint256 i = 0; i < VALIDATORS; ++i) _addOrdinaryValidator(FIRST_ID + i);

        AccessManager access = new AccessManager(address(this));
        DeploymentFactory factory = new DeploymentFactory(address(this));
        TOKEN = AnkrMATIC(factory.addressOf("token"));
        POOL = PolygonPool(factory.addressOf("pool"));
        DELEGATOR = Delegator(factory.addressOf("delegator"));
        _deployToken(factory, access);
        _deployDelegator(factory, access);
        _deployPool(factory, access);
        AUTO_CLAIM = new AutoClaim(POOL);
        LENS = new PoolLens(POOL, DELEGATOR);

        _deployMore(factory, access);
        _configure(access);
        _startPositions();
        _fillPurses();
    }

    // ---------------------------------------------------------------- who and where

    /// @notice The users, from 0 on; any number gives one.
    function userAt(uint256 index) public pure returns (address) {
        return address(uint160(FIRST_USER + (index % USERS)));
    }

    /// @notice The user whom a user made its operator.
    function operatorOf(address user) public pure returns (address) {
        return userAt(uint160(user) - FIRST_USER + 1);
    }

    /// @notice The validators, from 0 on; any number gives one.
    function validatorAt(uint256 index) external pure returns (uint256 validatorId) {
        return FIRST_ID + (index % VALIDATORS);
    }

    /// @notice All who can hold shares.
    function holders() public view virtual returns (address[] memory all) {
        all = new address[](USERS + 3);
        for (uint256 i = 0; i < USERS; ++i) all[i] = userAt(i);
        (all[USERS], all[USERS + 1], all[USERS + 2]) = (TREASURY, STRANGER, SEED_HOLDER);
    }

    /// @notice Everything that a user has, in POL wei: coins, the value of shares, what requests are owed.
    function worthOf(address user) external view returns (uint256 assets) {
        assets = POL.balanceOf(user) + MATIC.balanceOf(user) + TOKEN.balanceWithRewardsOf(user);
        uint256[] memory ids = POOL.requestsOf(user);
        for (uint256 i = 0; i < ids.length; ++i) assets += LENS.assetsOf(ids[i], user);
    }

    // ---------------------------------------------------------------- deployment

    function _deployToken(DeploymentFactory factory, AccessManager access) private {
        address implementation = address(new AnkrMATIC(address(POOL), address(POL)));
        _proxy(factory, "token", implementation, abi.encodeCall(AnkrMATIC.initialize, (address(access))));
    }

    function _deployDelegator(DeploymentFactory factory, AccessManager access) private {
        AssetLedger.Wiring memory wiring = AssetLedger.Wiring({
            pool: address(POOL),
            stakeManager: IStakeManager(address(STAKE_MANAGER)),
            pol: IERC20(address(POL)),
            matic: IERC20(address(MATIC)),
            migration: IPolygonMigration(address(MIGRATION))
        });
        address implementation = address(new Delegator(wiring, MAX_SHARE_BPS));
        bytes memory start = abi.encodeCall(Delegator.initialize, (address(access), 15, 7 days));
        _proxy(factory, "delegator", implementation, start);
    }

    function _deployPool(DeploymentFactory factory, AccessManager access) private {
        PoolLedger.Wiring memory wiring = PoolLedger.Wiring({
            token: TOKEN,
            delegator: DELEGATOR,
            pol: IERC20(address(POL)),
            matic: IERC20(address(MATIC)),
            migration: IPayoutMigration(address(MIGRATION)),
            treasury: TREASURY,
            legacyBond: factory.addressOf("legacyBond")
        });
        address implementation = address(new PolygonPool(wiring));
        POL.mint(address(this), SEED);
        POL.approve(address(POOL), SEED);
        PolygonPool.Start memory start = PolygonPool.Start({
            authority: address(access),
            seeder: address(this),
            seed: SEED,
            assetCap: 1_000_000_000e18,
            feeBps: 500
        });
        _proxy(factory, "pool", implementation, abi.encodeCall(PolygonPool.initialize, (start)));
    }

    /// @dev What a world has beyond the core. Called while it can still be configured.
    function _deployMore(DeploymentFactory factory, AccessManager access) internal virtual {}

    function _proxy(DeploymentFactory factory, bytes32 salt, address implementation, bytes memory start) internal {
        factory.deploy(salt, abi.encodePacked(type(ERC1967Proxy).creationCode, abi.encode(implementation, start)));
    }

    function _configure(AccessManager access) private {
        bytes4[] memory ofPool = new bytes4[](3);
        (ofPool[0], ofPool[1]) = (POOL.setFee.selector, POOL.setAssetCap.selector);
        ofPool[2] = POOL.resumeStakes.selector;
        bytes4[] memory ofGuardian = new bytes4[](1);
        ofGuardian[0] = POOL.pauseStakes.selector;
        bytes4[] memory ofDelegator = new bytes4[](5);
        (ofDelegator[0], ofDelegator[1]) = (DELEGATOR.addPosition.selector, DELEGATOR.removePosition.selector);
        (ofDelegator[2], ofDelegator[3]) = (DELEGATOR.setWeights.selector, DELEGATOR.setMaxCommission.selector);
        ofDelegator[4] = DELEGATOR.setDeadSliceTime.selector;

        access.setTargetFunctionRole(address(POOL), ofPool, MANAGER_ROLE);
        access.setTargetFunctionRole(address(POOL), ofGuardian, GUARDIAN_ROLE);
        access.setTargetFunctionRole(address(DELEGATOR), ofDelegator, MANAGER_ROLE);
        access.grantRole(MANAGER_ROLE, MANAGER, 0);
        access.grantRole(GUARDIAN_ROLE, GUARDIAN, 0);
        access.renounceRole(access.ADMIN_ROLE(), address(this));
    }

    function _startPositions() private {
        uint256[] memory weights = new uint256[](POSITIONS);
        uint256[] memory caps = new uint256[](POSITIONS);
        vm.startPrank(MANAGER);
        for (uint256 i = 0; i < POSITIONS; ++i) {
            DELEGATOR.addPosition(FIRST_ID + i);
            (weights[i], caps[i]) = (10_000 / POSITIONS, MAX_SHARE_BPS);
        }
        DELEGATOR.setWeights(weights, caps);
        vm.stopPrank();
    }

    /// @dev Each user makes the next one its operator, and AutoClaim too.
    function _fillPurses() private {
        for (uint256 i = 0; i < USERS; ++i) {
            address user = userAt(i);
            _fillPurse(user);
            vm.startPrank(user);
            POOL.setOperator(operatorOf(user), true);
            POOL.setOperator(address(AUTO_CLAIM), true);
            vm.stopPrank();
        }
        _fillPurse(STRANGER);
    }

    function _fillPurse(address account) private {
        POL.mint(account, PURSE);
        MATIC.mint(account, PURSE);
        vm.startPrank(account);
        POL.approve(address(POOL), type(uint256).max);
        MATIC.approve(address(POOL), type(uint256).max);
        vm.stopPrank();
    }
}
