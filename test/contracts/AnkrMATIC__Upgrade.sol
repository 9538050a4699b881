// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AnkrMATIC} from "../../contracts/ethereum/token/AnkrMATIC.sol";

/// @title A later share token
/// @notice The token as it is, with a namespace of its own that a migration fills.
contract AnkrMATIC__Upgrade is AnkrMATIC {
    /// @custom:storage-location erc7201:ankrmatic.storage.TokenUpgrade
    struct UpgradeStorage {
        uint256 memo;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.TokenUpgrade")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant UPGRADE_STORAGE = 0x57b0ac929a78b273a4abd7cb475416bf76f4aba8eaa9e051bff9548711901600;

    /// @notice The memo was written.
    event MemoSet(uint256 memo);

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address pool, address asset) AnkrMATIC(pool, asset) {}

    /// @notice Writes the memo; runs once, in the call that upgrades.
    /// @dev The parents were initialized when the proxy was constructed.
    /// @custom:oz-upgrades-validate-as-initializer
    /// @custom:oz-upgrades-unsafe-allow missing-initializer-call
    function migrate(uint256 newMemo) external reinitializer(2) {
        _upgrade().memo = newMemo;
        emit MemoSet(newMemo);
    }

    /// @notice What the migration wrote.
    function memo() external view returns (uint256) {
        return _upgrade().memo;
    }

    function _upgrade() private pure returns (UpgradeStorage storage $) {
        assembly {
            $.slot := UPGRADE_STORAGE
        }
    }
}
