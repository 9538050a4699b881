// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {EventsHub} from "contracts/local/logs/EventsHub.sol";
import {StakingInfo} from "contracts/local/logs/StakingInfo.sol";
import {StakeManager} from "contracts/local/manager/StakeManager.sol";
import {UpgradableProxy} from "contracts/local/proxy/UpgradableProxy.sol";
import {Registry} from "contracts/local/registry/Registry.sol";
import {StakingNFT} from "contracts/local/registry/StakingNFT.sol";
import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";
import {ValidatorShareFactory} from "contracts/local/share/ValidatorShareFactory.sol";
import {RootChain} from "contracts/local/checkpoints/RootChain.sol";
import {MaticToken} from "contracts/local/tokens/MaticToken.sol";
import {PolygonEcosystemToken} from "contracts/local/tokens/PolygonEcosystemToken.sol";
import {PolygonMigration} from "contracts/local/tokens/PolygonMigration.sol";

/// @title The local model of Polygon's staking, deployed
/// @notice The contracts as they stand on Ethereum: manager, event hub, migration and share contracts behind proxies.
/// The contract that inherits this governs them.
abstract contract PolygonModel {
    /// Id of the first validator that the pool uses.
    uint256 internal constant FIRST_ID = 8;
    /// Validator outside of the pool, with most of the stake: it never leaves, so that checkpoints go on.
    uint256 private constant OUTSIDER_ID = 99;
    uint256 private constant OWN_STAKE = 1_000_000e18;
    uint256 private constant OUTSIDER_STAKE = 20_000_000e18;
    uint256 private constant RESERVE = 1_000_000_000e18;

    PolygonEcosystemToken public immutable POL;
    MaticToken public immutable MATIC;
    PolygonMigration public immutable MIGRATION;
    StakeManager public immutable STAKE_MANAGER;

    constructor() {
        POL = new PolygonEcosystemToken();
        MATIC = new MaticToken();
        Registry registry = new Registry(address(this));
        EventsHub hub = EventsHub(address(new UpgradableProxy(address(new EventsHub()))));
        MIGRATION = PolygonMigration(address(new UpgradableProxy(address(new PolygonMigration()))));
        STAKE_MANAGER = StakeManager(address(new UpgradableProxy(address(new StakeManager()))));

        hub.initialize(registry);
        MIGRATION.initialize(address(MATIC), address(POL), address(this));
        STAKE_MANAGER.initialize(
            StakeManager.Wiring({
                governance: address(this),
                rootChain: address(new RootChain(STAKE_MANAGER)),
                registry: address(registry),
                token: address(POL),
                tokenMatic: address(MATIC),
                migration: address(MIGRATION),
                logger: new StakingInfo(registry),
                nft: new StakingNFT(address(STAKE_MANAGER)),
                shareFactory: new ValidatorShareFactory()
            })
        );
        registry.updateContractMap(keccak256("stakeManager"), address(STAKE_MANAGER));
        registry.updateContractMap(keccak256("validatorShare"), address(new ValidatorShare()));
        registry.updateContractMap(keccak256("eventsHub"), address(hub));
        registry.updateContractMap(keccak256("pol"), address(POL));
        registry.updateContractMap(keccak256("matic"), address(MATIC));
        registry.updateContractMap(keccak256("polygonMigration"), address(MIGRATION));

        STAKE_MANAGER.setWithdrawalDelay(80);
        POL.mint(address(STAKE_MANAGER), RESERVE);
        POL.mint(address(MIGRATION), RESERVE);
        MATIC.mint(address(MIGRATION), RESERVE);
        _addValidator(OUTSIDER_ID, OUTSIDER_STAKE, 0);
    }

    /// @notice The key that signs for a validator and holds its NFT.
    function keyOf(uint256 validatorId) public pure returns (address) {
        return address(uint160(0xA11CE000 + validatorId));
    }

    function _addValidator(uint256 validatorId, uint256 stake, uint256 commission) internal {
        STAKE_MANAGER.addValidator({
            validatorId: validatorId,
            owner: keyOf(validatorId),
            signer: keyOf(validatorId),
            stake: stake,
            commissionRate: commission,
            acceptDelegation: true
        });
    }

    function _addOrdinaryValidator(uint256 validatorId) internal {
        _addValidator(validatorId, OWN_STAKE, validatorId % 3 == 0 ? 0 : 5);
    }
}
