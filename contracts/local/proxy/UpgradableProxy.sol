// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Polygon's upgradeable proxy
/// @notice Delegates every call to an implementation that the proxy's owner can replace.
/// @dev Both addresses sit in slots named by a hash, out of the way of the implementation's storage.
contract UpgradableProxy {
    bytes32 internal constant OWNER_SLOT = keccak256("matic.network.proxy.owner");
    bytes32 internal constant IMPLEMENTATION_SLOT = keccak256("matic.network.proxy.implementation");

    /// @param implementation_ First implementation. The deployer becomes the owner.
    constructor(address implementation_) {
        _store(OWNER_SLOT, msg.sender);
        _store(IMPLEMENTATION_SLOT, implementation_);
    }

    fallback() external payable {
        address target = _loadImplementation();
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0, calldatasize())
            let success := delegatecall(gas(), target, data, calldatasize(), 0, 0)
            returndatacopy(data, 0, returndatasize())
            switch success
            case 0 {
                revert(data, returndatasize())
            }
            default {
                return(data, returndatasize())
            }
        }
    }

    receive() external payable {}

    /// @notice Replaces the implementation. Owner only.
    function updateImplementation(address newImplementation) external {
        require(msg.sender == _load(OWNER_SLOT), "NOT_OWNER");
        _store(IMPLEMENTATION_SLOT, newImplementation);
    }

    /// @notice Code that calls run at present.
    function implementation() external view returns (address) {
        return _loadImplementation();
    }

    function _loadImplementation() internal view virtual returns (address) {
        return _load(IMPLEMENTATION_SLOT);
    }

    function _load(bytes32 slot) internal view returns (address value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    function _store(bytes32 slot, address value) private {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}
