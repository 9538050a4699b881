// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";

/// @title Factory of the proxies
/// @notice Gives contracts addresses that depend on their name alone, so that they can name each other as immutables and a
/// resumed deployment finds what is there. Only the deployer may use it, until the hand-over closes it for ever.
contract DeploymentFactory {
    /// @notice The only account that may call; it has no power over what was deployed.
    address public immutable DEPLOYER;

    /// @notice True once nothing can be deployed any more.
    bool public closed;

    /// @notice A contract was deployed.
    event Deployed(bytes32 indexed salt, address indexed deployed);

    /// @notice The factory was closed for ever.
    event Closed();

    /// @notice `caller` is not the deployer.
    error NotDeployer(address caller);

    /// @notice The factory is closed.
    error FactoryClosed();

    modifier onlyDeployer() {
        if (msg.sender != DEPLOYER) revert NotDeployer(msg.sender);
        if (closed) revert FactoryClosed();
        _;
    }

    /// @param deployer The only account that may call.
    constructor(address deployer) {
        DEPLOYER = deployer;
    }

    /// @notice Deploys `initCode` to the address of `salt`.
    /// @dev Reverts with the constructor's own error, or if the address is taken.
    /// @param salt Name of the contract, hashed.
    /// @param initCode Creation code with its arguments.
    /// @return deployed The contract.
    function deploy(bytes32 salt, bytes calldata initCode) external onlyDeployer returns (address deployed) {
        deployed = Create3.deploy(0, salt, initCode);
        emit Deployed(salt, deployed);
    }

    /// @notice Closes the factory for ever.
    function close() external onlyDeployer {
        closed = true;
        emit Closed();
    }

    /// @notice Where the contract of `salt` is, or will be.
    function addressOf(bytes32 salt) external view returns (address) {
        return Create3.computeAddress(salt);
    }
}
