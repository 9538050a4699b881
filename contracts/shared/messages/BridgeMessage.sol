// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Messages between the two ends of the bridge
/// @notice One codec for both chains, version 1. A message down, from Ethereum to Polygon, is a deposit or a rate
/// alone, and always brings the rate with it; a message up is a withdrawal. Amounts are shares (ankrMATIC wei), so that
/// no message needs a rate to be executed.
/// @dev Every message is static words as `abi.encode` lays them out, so each has exactly one encoding: what does not
/// encode to itself again is refused, be it for its length, its version or a bit outside of a field's range. What a
/// receiver of zero means, or a rate of zero, is for who receives it to say.
library BridgeMessage {
    /// @notice Totals of the pool, from which anyone can compute the rate without a rounded quotient.
    struct Rate {
        /// Assets of the pool, POL wei.
        uint256 totalAssets;
        /// Supply of ankrMATIC, shares.
        uint256 totalSupply;
        /// Losses that the pool has booked so far.
        uint256 lossCount;
        /// Time at which the totals were read on Ethereum, seconds.
        uint256 time;
    }

    /// @notice A message from Ethereum to Polygon.
    struct Down {
        /// `DEPOSIT` or `RATE`.
        uint8 kind;
        /// Number of the message, one sequence for both kinds.
        uint64 nonce;
        /// Account that gets the shares; zero if the message is a rate alone.
        address receiver;
        /// Shares that were locked; zero if the message is a rate alone.
        uint256 shares;
        /// Totals at the time of sending.
        Rate rate;
    }

    /// @notice A withdrawal from Polygon to Ethereum.
    struct Up {
        /// Number of the message.
        uint64 nonce;
        /// Account that gets the shares.
        address receiver;
        /// Shares that were burned.
        uint256 shares;
    }

    /// @notice Version of all messages.
    uint8 internal constant VERSION = 1;

    /// @notice Kind of a message down that brings shares, and the rate.
    uint8 internal constant DEPOSIT = 1;

    /// @notice Kind of a message down that brings the rate alone.
    uint8 internal constant RATE = 2;

    /// @notice Kind of a message up.
    uint8 internal constant WITHDRAWAL = 1;

    /// @dev Words of a message down, and of a message up.
    uint256 private constant DOWN_WORDS = 9;
    uint256 private constant UP_WORDS = 5;

    /// @notice Not a message of this version and direction, or one with a field out of range.
    /// @param message The message as it came.
    error UnknownMessage(bytes message);

    /// @notice Nine words: version, kind, nonce, receiver, shares, total assets, total supply, loss count, time.
    function encodeDown(Down memory message) internal pure returns (bytes memory encoded) {
        Rate memory rate = message.rate;
        return
            abi.encode(
                VERSION,
                message.kind,
                message.nonce,
                message.receiver,
                message.shares,
                rate.totalAssets,
                rate.totalSupply,
                rate.lossCount,
                rate.time
            );
    }

    /// @notice The message down, or `UnknownMessage`.
    function decodeDown(bytes memory encoded) internal pure returns (Down memory message) {
        if (encoded.length != DOWN_WORDS * 32) revert UnknownMessage(encoded);
        uint256[DOWN_WORDS] memory words = abi.decode(encoded, (uint256[9]));
        // Casts cut off what is out of range, and so the message does not encode to itself.
        message = Down({
            kind: uint8(words[1]),
            nonce: uint64(words[2]),
            receiver: address(uint160(words[3])),
            shares: words[4],
            rate: Rate({totalAssets: words[5], totalSupply: words[6], lossCount: words[7], time: words[8]})
        });
        if (keccak256(encodeDown(message)) != keccak256(encoded)) revert UnknownMessage(encoded);
        if (message.kind == DEPOSIT) return message;
        if (message.kind != RATE || message.receiver != address(0) || message.shares != 0) {
            revert UnknownMessage(encoded);
        }
    }

    /// @notice Five words: version, kind, nonce, receiver, shares.
    function encodeUp(Up memory message) internal pure returns (bytes memory encoded) {
        return abi.encode(VERSION, WITHDRAWAL, message.nonce, message.receiver, message.shares);
    }

    /// @notice The withdrawal, or `UnknownMessage`.
    function decodeUp(bytes memory encoded) internal pure returns (Up memory message) {
        if (encoded.length != UP_WORDS * 32) revert UnknownMessage(encoded);
        uint256[UP_WORDS] memory words = abi.decode(encoded, (uint256[5]));
        // Casts cut off what is out of range, and so the message does not encode to itself.
        message = Up({nonce: uint64(words[2]), receiver: address(uint160(words[3])), shares: words[4]});
        if (keccak256(encodeUp(message)) != keccak256(encoded)) revert UnknownMessage(encoded);
    }
}
