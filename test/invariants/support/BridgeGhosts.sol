// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeLimits} from "./BridgeLimits.sol";

/// @title What the bridge must answer for
/// @notice Written by handlers, read by the invariants: every message in either direction and what became of it, what
/// each receiver was due and got, what the limits let pass.
contract BridgeGhosts {
    using BridgeLimits for BridgeLimits.Bucket;

    /// @dev A daily limit: of releases on Ethereum, of minting and of burning on Polygon.
    enum Side {
        Release,
        Mint,
        Burn
    }

    /// @dev The pool as it was.
    struct Rate {
        uint256 assets;
        uint256 supply;
        uint256 losses;
        uint256 time;
    }

    /// @dev A message to Polygon: its number is its place, from 1. Shares are 0 if it is a rate alone.
    struct Down {
        uint256 stateId;
        bytes data;
        address receiver;
        uint256 shares;
        Rate rate;
        bool delivered;
    }

    /// @dev A message to Ethereum, and where its log is: its number is its place, from 1.
    struct Up {
        address receiver;
        uint256 shares;
        uint256 number;
        uint256 index;
        uint256 position;
        bool proven;
    }

    /// @notice Shares of deposits that were sent, and of those that arrived.
    uint256 public sentDown;
    uint256 public arrivedDown;
    /// @notice The same of withdrawals.
    uint256 public sentUp;
    uint256 public arrivedUp;
    /// @notice Shares of either chain that were given to its end of the bridge.
    uint256 public donated;
    uint256 public donatedOnPolygon;
    /// @notice Number of the message whose rate the feed must have; 0 for none.
    uint256 public feedNonce;
    /// @notice The highest rate that was ever sent, as assets of as many shares.
    uint256 public highestAssets;
    uint256 public highestSupply = 1;

    /// @notice Shares that arrived for an account, and what it got of them.
    mapping(address receiver => uint256 shares) public dueDown;
    mapping(address receiver => uint256 shares) public paidDown;
    mapping(address receiver => uint256 shares) public dueUp;
    mapping(address receiver => uint256 shares) public paidUp;

    Down[] private _downs;
    Up[] private _ups;
    mapping(Side side => BridgeLimits.Bucket bucket) private _buckets;

    constructor(uint256 releases, uint256 minting, uint256 burning) {
        _buckets[Side.Release].start(releases);
        _buckets[Side.Mint].start(minting);
        _buckets[Side.Burn].start(burning);
    }

    // ---------------------------------------------------------------- down

    function noteSentDown(Down memory message) external {
        _downs.push(message);
        sentDown += message.shares;
        if (message.rate.assets * highestSupply <= highestAssets * message.rate.supply) return;
        (highestAssets, highestSupply) = (message.rate.assets, message.rate.supply);
    }

    function noteArrivedDown(uint256 nonce) external {
        Down storage message = _downs[nonce - 1];
        message.delivered = true;
        arrivedDown += message.shares;
        dueDown[message.receiver] += message.shares;
    }

    function notePaidDown(address receiver, uint256 shares) external {
        paidDown[receiver] += shares;
        _buckets[Side.Mint].use(shares);
    }

    function noteFeed(uint256 nonce) external {
        feedNonce = nonce;
    }

    function downs() external view returns (uint256) {
        return _downs.length;
    }

    function downAt(uint256 nonce) external view returns (Down memory) {
        return _downs[nonce - 1];
    }

    function isDelivered(uint256 nonce) external view returns (bool) {
        return _downs[nonce - 1].delivered;
    }

    // ---------------------------------------------------------------- up

    function noteSentUp(Up memory message) external {
        _ups.push(message);
        sentUp += message.shares;
        _buckets[Side.Burn].use(message.shares);
    }

    function noteArrivedUp(uint256 nonce) external {
        Up storage message = _ups[nonce - 1];
        message.proven = true;
        arrivedUp += message.shares;
        dueUp[message.receiver] += message.shares;
    }

    function notePaidUp(address receiver, uint256 shares) external {
        paidUp[receiver] += shares;
        _buckets[Side.Release].use(shares);
    }

    function ups() external view returns (uint256) {
        return _ups.length;
    }

    function upAt(uint256 nonce) external view returns (Up memory) {
        return _ups[nonce - 1];
    }

    function isProven(uint256 nonce) external view returns (bool) {
        return _ups[nonce - 1].proven;
    }

    // ---------------------------------------------------------------- limits and gifts

    function noteLimit(Side side, uint256 limit) external {
        _buckets[side].change(limit);
    }

    function limitOf(Side side) external view returns (uint256) {
        return _buckets[side].limit;
    }

    /// @notice Shares that a limit leaves, rounded down, and how often the contract may have rounded it down.
    function freeOf(Side side) external view returns (uint256 shares, uint256 roundings) {
        return (_buckets[side].free(), _buckets[side].steps.length);
    }

    function lastDayOf(Side side) external view returns (uint256 shares, uint256 highest) {
        return _buckets[side].lastDay();
    }

    function noteDonated(uint256 onEthereum, uint256 onPolygon) external {
        donated += onEthereum;
        donatedOnPolygon += onPolygon;
    }
}
