// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRateSource} from "./IRateSource.sol";
import {IAggregatorV3} from "./standards/IAggregatorV3.sol";

/// @title The rate as a price feed
/// @notice POL per ankrMATIC with 18 decimals: what the pool's books say, not what a market pays, and not in dollars.
/// @dev Each answer is that of the rate provider, and the rules on reverts are the provider's.
///
/// Warning: after a total loss the answer is 0, which is the price. Chainlink's feeds never answer 0, and careful
/// readers refuse it; a revert would decide for the others too.
///
/// Warning: an old rate is answered too. `updatedAt` is the time on Ethereum of the rate. On Ethereum that is the
/// present; on Polygon a reader should refuse what is older than it can accept.
///
/// `startedAt` is `updatedAt`, `answeredInRound` is `roundId`. Only the latest round is known.
interface IPriceFeed is IAggregatorV3 {
    /// @notice A round that is not the latest. The words are Chainlink's, which has them in a text.
    /// @param round The round that was asked for.
    /// @param latestRound The latest.
    error NoDataPresent(uint80 round, uint80 latestRound);

    /// @notice The rate provider of this chain.
    function SOURCE() external view returns (IRateSource);

    /// @notice The latest answer, for readers of Chainlink's first interface.
    /// @return answer POL wei for 1e18 shares.
    function latestAnswer() external view returns (int256 answer);

    /// @notice Time of the latest answer, for readers of Chainlink's first interface.
    /// @return updatedAt Seconds.
    function latestTimestamp() external view returns (uint256 updatedAt);
}
