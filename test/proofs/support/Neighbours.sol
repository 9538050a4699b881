// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeMessage} from "contracts/shared/messages/BridgeMessage.sol";

/// @title What the bridge's end on Polygon calls: the token and the feed
/// @notice The limit is what was set; mints and rates are taken as they come.
contract Neighbours {
    /// @notice What can be minted now.
    uint256 public limit;

    /// @notice Sets what can be minted now.
    function setLimit(uint256 limit_) external {
        limit = limit_;
    }

    /// @notice What the bridge can mint now.
    function mintingCurrentLimitOf(address) external view returns (uint256) {
        return limit;
    }

    /// @notice Mints: nothing is kept of it.
    function mint(address, uint256) external {}

    /// @notice Takes a rate.
    function push(uint64, BridgeMessage.Rate calldata) external pure returns (bool) {
        return true;
    }
}
