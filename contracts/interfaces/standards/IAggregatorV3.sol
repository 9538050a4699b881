// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Price feed
/// @notice In the form of Chainlink's AggregatorV3Interface, which lenders read.
interface IAggregatorV3 {
    /// @notice Decimals of the answer.
    function decimals() external view returns (uint8);

    /// @notice What the answer is the price of, and in what.
    function description() external view returns (string memory);

    /// @notice Version of this contract.
    function version() external view returns (uint256);

    /// @notice The answer of a round.
    /// @param round Number of the round.
    /// @return roundId The same number.
    /// @return answer The price.
    /// @return startedAt Time of the answer, seconds.
    /// @return updatedAt The same time.
    /// @return answeredInRound The round in which the answer was found: the same.
    function getRoundData(
        uint80 round
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The latest answer.
    /// @return roundId Number of its round, never 0.
    /// @return answer The price.
    /// @return startedAt Time of the answer, seconds.
    /// @return updatedAt The same time.
    /// @return answeredInRound The round in which the answer was found: the same.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
