// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IRateSource} from "../interfaces/IRateSource.sol";
import {IAggregatorV3} from "../interfaces/standards/IAggregatorV3.sol";
import {ShareMath} from "../shared/math/ShareMath.sol";

/// @title PriceFeed
/// @custom:security-contact SECURITY.md
/// @notice The same on both chains. Called by anyone; calls the chain's rate provider.
contract PriceFeed is IPriceFeed {
    using SafeCast for uint256;

    /// @inheritdoc IPriceFeed
    IRateSource public immutable SOURCE;

    /// @param source The rate provider of this chain.
    constructor(IRateSource source) {
        SOURCE = source;
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (roundId, answer, updatedAt) = _latest();
        (startedAt, answeredInRound) = (updatedAt, roundId);
    }

    /// @inheritdoc IAggregatorV3
    /// @dev Error: `NoDataPresent` for every round but the latest.
    function getRoundData(
        uint80 round
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (roundId, answer, updatedAt) = _latest();
        if (round != roundId) revert NoDataPresent(round, roundId);
        (startedAt, answeredInRound) = (updatedAt, roundId);
    }

    /// @inheritdoc IPriceFeed
    function latestAnswer() external view returns (int256 answer) {
        (, answer, ) = _latest();
    }

    /// @inheritdoc IPriceFeed
    function latestTimestamp() external view returns (uint256 updatedAt) {
        (, , updatedAt) = _latest();
    }

    /// @inheritdoc IAggregatorV3
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc IAggregatorV3
    function description() external pure returns (string memory) {
        return "ankrMATIC / POL exchange rate";
    }

    /// @inheritdoc IAggregatorV3
    function version() external pure returns (uint256) {
        return 1;
    }

    function _latest() private view returns (uint80 roundId, int256 answer, uint256 updatedAt) {
        (uint256 totalAssets, uint256 totalSupply, uint256 time, uint256 round) = SOURCE.latest();
        roundId = round.toUint80();
        answer = ShareMath.assetsForSharesFloor(1e18, totalAssets, totalSupply).toInt256();
        // Ethereum's clock may be ahead of Polygon's, and readers subtract this from the present.
        updatedAt = Math.min(time, block.timestamp);
    }
}
