// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRatioFeed} from "../../contracts/interfaces/IRatioFeed.sol";
import {BridgeMessage} from "../../contracts/shared/messages/BridgeMessage.sol";

/// @title An adapter that pushes many rates in one transaction
/// @notice Tells what the feed said after each.
contract RatePusher {
    /// @notice Whether each rate was accepted; the rate and the time of the last loss after it.
    event Pushed(bool[] accepted, uint256[] rates, uint256[] lossTimes);

    /// @notice Pushes rates in their order.
    function pushAll(IRatioFeed feed, uint64[] calldata nonces, BridgeMessage.Rate[] calldata rates) external {
        bool[] memory accepted = new bool[](nonces.length);
        uint256[] memory after_ = new uint256[](nonces.length);
        uint256[] memory lossTimes = new uint256[](nonces.length);
        for (uint256 i; i < nonces.length; ++i) {
            accepted[i] = feed.push(nonces[i], rates[i]);
            after_[i] = feed.getRate();
            (, , , lossTimes[i]) = feed.latest();
        }
        emit Pushed(accepted, after_, lossTimes);
    }
}
