// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Messages of the bridge
/// @notice What the two ends of the bridge tell each other.
library BridgeMessage {
    /// @notice What a share is worth, as Ethereum knows it.
    struct Rate {
        /// POL wei of the holders, without what has not vested.
        uint256 totalAssets;
        /// All ankrMATIC on Ethereum, wei.
        uint256 totalSupply;
        /// Number of losses so far that lowered the value of a share.
        uint256 lossCount;
        /// Time of the totals on Ethereum, seconds.
        uint256 time;
    }
}
