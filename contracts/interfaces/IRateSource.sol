// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRateProvider} from "./standards/IRateProvider.sol";

/// @title What a share is worth, in the same words on both chains
/// @notice One contract for each chain: `PoolRateProvider` on Ethereum, `ChildRateProvider` on Polygon. The price feed
/// and the APR oracle of a chain read from it, so that no two of them disagree.
/// @dev Nobody owns a provider, it cannot be upgraded, and it holds nothing. What is behind it can be upgraded, after
/// the 7 days that the upgrader waits; no other role can move the rate.
///
/// The rate is the quotient of two totals that the pool keeps in its books, never of balances: a gift does not move it
/// (what `skim` makes of one vests over 7 days), and within a block nothing moves it but the rounding of a wei per
/// call, upwards, and a loss that Polygon's contracts show. It falls by such a loss alone.
///
/// On Polygon everything reverts with the feed's `NoRate` until a first rate has come; from then on nothing does. An
/// old rate is answered as it is, for a reader can judge its age and a pool that meets a revert cannot go on.
interface IRateSource is IRateProvider {
    /// @notice All that is known of the rate.
    /// @dev Error on Polygon: `NoRate`.
    /// @return totalAssets Assets of the holders on Ethereum, POL wei; 0 after a total loss.
    /// @return totalSupply All shares on Ethereum, wei; never 0.
    /// @return time Time on Ethereum at which they were so, seconds. On Polygon it is not that of arrival, and may be
    /// ahead of the clock by 15 minutes.
    /// @return round A number that is never 0, and higher for each later rate: on Ethereum the time, as the rate grows
    /// with time and not with transactions; on Polygon the nonce of the message that brought the rate.
    function latest() external view returns (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 round);

    /// @notice Time on Ethereum at which the rate was so, seconds: on Ethereum the present.
    /// @dev Error on Polygon: `NoRate`.
    function lastUpdated() external view returns (uint256);
}
