// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";
import {IDeploymentFactory} from "../../interfaces/IDeploymentFactory.sol";

/// @title DeploymentFactory
/// @custom:security-contact SECURITY.md
/// @notice Deploys by CREATE3 for one account, until it is closed.
contract DeploymentFactory is IDeploymentFactory {
    /// @inheritdoc IDeploymentFactory
    bool public closed;

    /// @inheritdoc IDeploymentFactory
    address public immutable DEPLOYER;

    modifier onlyDeployer() {
        if (msg.sender != DEPLOYER) revert NotDeployer(msg.sender);
        if (closed) revert FactoryClosed();
        _;
    }

    /// @param deployer The only account that may call.
    constructor(address deployer) {
        DEPLOYER = deployer;
    }

    /// @inheritdoc IDeploymentFactory
    function deploy(bytes32 salt, bytes calldata initCode) external onlyDeployer returns (address deployed) {
        deployed = Create3.deploy(0, salt, initCode);
        emit Deployed(salt, deployed);
    }

    /// @inheritdoc IDeploymentFactory
    function close() external onlyDeployer {
        closed = true;
        emit Closed();
    }

    /// @inheritdoc IDeploymentFactory
    function addressOf(bytes32 salt) external view returns (address) {
        return Create3.computeAddress(salt);
    }
}
