// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Factory of the proxies
/// @notice Gives contracts addresses that depend on their name alone, so that they can name each other as immutables
/// and a resumed deployment finds what is there. Only the deployer may use it, until the hand-over closes it for ever.
interface IDeploymentFactory {
    /// @notice A contract was deployed.
    /// @param salt Name of the contract, hashed.
    /// @param deployed The contract.
    event Deployed(bytes32 indexed salt, address indexed deployed);

    /// @notice The factory was closed for ever.
    event Closed();

    /// @notice Only the deployer may call this.
    /// @param caller Account that called.
    error NotDeployer(address caller);

    /// @notice The factory is closed.
    error FactoryClosed();

    /// @notice The only account that may call; it has no power over what was deployed.
    function DEPLOYER() external view returns (address);

    /// @notice True once nothing can be deployed any more.
    function closed() external view returns (bool);

    /// @notice Deploys a contract to the address of a salt.
    /// @dev Deployer only, until closed: `NotDeployer`, `FactoryClosed`. Reverts with the constructor's own error, or
    /// if the address is taken.
    /// @param salt Name of the contract, hashed.
    /// @param initCode Creation code with its arguments.
    /// @return deployed The contract.
    function deploy(bytes32 salt, bytes calldata initCode) external returns (address deployed);

    /// @notice Closes the factory for ever.
    /// @dev Deployer only, once: `NotDeployer`, `FactoryClosed`.
    function close() external;

    /// @notice Where the contract of `salt` is, or will be.
    /// @param salt Name of the contract, hashed.
    function addressOf(bytes32 salt) external view returns (address);
}
