// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";

/// @title What a next version adds
/// @notice A namespace of its own that a migration fills in the call that upgrades, and a view of it.
abstract contract NextVersion is Initializable {
    /// @custom:storage-location erc7201:ankrmatic.storage.NextVersion
    struct NextStorage {
        uint256 memo;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.NextVersion")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant NEXT_STORAGE = 0x9b6645a2e0bc53a088e867995941bb0185c70d1842b50ad139844ec282a63c00;

    /// @notice The migration ran.
    event Migrated(uint256 memo);

    /// @notice Writes the memo; runs once, in the call that upgrades.
    /// @dev The parents were initialized when the proxy was constructed.
    /// @custom:oz-upgrades-validate-as-initializer
    /// @custom:oz-upgrades-unsafe-allow missing-initializer-call
    function migrate(uint256 newMemo) external reinitializer(2) {
        _next().memo = newMemo;
        emit Migrated(newMemo);
    }

    /// @notice What the migration wrote.
    function memo() external view returns (uint256) {
        return _next().memo;
    }

    function _next() private pure returns (NextStorage storage $) {
        assembly {
            $.slot := NEXT_STORAGE
        }
    }
}
