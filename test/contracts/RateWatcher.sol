// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IRateProvider} from "../../contracts/interfaces/standards/IRateProvider.sol";

/// @title Many calls in one transaction, with an eye on the rate
contract RateWatcher {
    using Address for address;

    /// @notice A call.
    struct Step {
        address target;
        bytes data;
    }

    /// @notice The rate before the first call, and after each.
    event Watched(uint256[] rates);

    /// @notice Makes the calls.
    function run(IRateProvider provider, Step[] calldata steps) external {
        uint256[] memory rates = new uint256[](steps.length + 1);
        rates[0] = provider.getRate();
        for (uint256 i = 0; i < steps.length; ++i) {
            steps[i].target.functionCall(steps[i].data);
            rates[i + 1] = provider.getRate();
        }
        emit Watched(rates);
    }
}
