// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Many view calls in one
/// @notice Lets a tool read the whole state of a model with one `eth_call`.
contract BatchReader {
    struct Query {
        address target;
        bytes data;
    }

    error QueryFailed(uint256 index);

    /// @param queries View calls whose results have a fixed size.
    /// @param wordCount Number of words that all results have together.
    /// @return words The results, one after the other.
    function read(Query[] calldata queries, uint256 wordCount) external view returns (uint256[] memory words) {
        words = new uint256[](wordCount);
        uint256 next;
        for (uint256 i = 0; i < queries.length; ++i) {
            (bool success, bytes memory result) = queries[i].target.staticcall(queries[i].data);
            if (!success || result.length == 0) revert QueryFailed(i);
            for (uint256 offset = 32; offset <= result.length; offset += 32) {
                uint256 word;
                assembly ("memory-safe") {
                    word := mload(add(result, offset))
                }
                words[next++] = word;
            }
        }
    }
}
