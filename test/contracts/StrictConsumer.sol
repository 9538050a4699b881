// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAggregatorV3} from "../../contracts/interfaces/standards/IAggregatorV3.sol";

/// @title A reader of price feeds that believes nothing
/// @notice All checks that lenders make, in one place.
contract StrictConsumer {
    /// @notice An answer of a feed.
    struct Round {
        uint80 id;
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    /// @notice The feed is refused.
    error Refused(string reason);

    /// @notice The price, if nothing is wrong with it.
    function priceOf(IAggregatorV3 feed, uint256 maxAge) external view returns (uint256 price) {
        if (feed.decimals() != 18) revert Refused("decimals");
        Round memory latest;
        (latest.id, latest.answer, latest.startedAt, latest.updatedAt, latest.answeredInRound) = feed.latestRoundData();
        if (latest.id == 0) revert Refused("roundId");
        if (latest.answer <= 0) revert Refused("answer");
        if (latest.answeredInRound != latest.id) revert Refused("answeredInRound");
        if (latest.startedAt == 0 || latest.startedAt != latest.updatedAt) revert Refused("startedAt");
        if (latest.updatedAt > block.timestamp) revert Refused("future");
        if (block.timestamp - latest.updatedAt > maxAge) revert Refused("age");
        _checkRounds(feed, latest);
        return uint256(latest.answer);
    }

    function _checkRounds(IAggregatorV3 feed, Round memory latest) private view {
        Round memory same;
        (same.id, same.answer, same.startedAt, same.updatedAt, same.answeredInRound) = feed.getRoundData(latest.id);
        if (keccak256(abi.encode(same)) != keccak256(abi.encode(latest))) revert Refused("getRoundData");
        if (_knows(feed, latest.id - 1) || _knows(feed, latest.id + 1)) revert Refused("unknown round");
    }

    function _knows(IAggregatorV3 feed, uint80 round) private view returns (bool) {
        try feed.getRoundData(round) {
            return true;
        } catch {
            return false;
        }
    }
}
