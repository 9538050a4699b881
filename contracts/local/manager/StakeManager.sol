// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StakingInfo} from "../logs/StakingInfo.sol";
import {StakingNFT} from "../registry/StakingNFT.sol";
import {ValidatorShareFactory} from "../share/ValidatorShareFactory.sol";
import {StakeManagerDelegation} from "./StakeManagerDelegation.sol";
import {StakeManagerRig} from "./StakeManagerRig.sol";

/// @title Model of Polygon's StakeManager
/// @notice `IStakeManager` documents what a delegator needs; the parts below this contract hold the rules.
contract StakeManager is StakeManagerDelegation, StakeManagerRig {
    /// Where the manager finds the rest of the system.
    struct Wiring {
        address governance;
        address rootChain;
        address registry;
        address token;
        address tokenMatic;
        address migration;
        StakingInfo logger;
        StakingNFT nft;
        ValidatorShareFactory shareFactory;
    }

    /// @notice Sets the contract up behind its proxy, once, with the parameters of Polygon's source.
    function initialize(Wiring calldata wiring) external {
        require(registry == address(0), "already inited");
        governance = wiring.governance;
        rootChain = wiring.rootChain;
        registry = wiring.registry;
        token = wiring.token;
        tokenMatic = wiring.tokenMatic;
        migration = wiring.migration;
        logger = wiring.logger;
        NFTContract = wiring.nft;
        validatorShareFactory = wiring.shareFactory;

        withdrawalDelay = 2 ** 13;
        dynasty = 886;
        epoch = 1;
        CHECKPOINT_REWARD = 20_188 ether;
        checkPointBlockInterval = 1024;
        proposerBonus = 10;
        delegationEnabled = true;
    }
}
