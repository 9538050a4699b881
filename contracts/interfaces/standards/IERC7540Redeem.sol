// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ERC-7540: asynchronous redemption
/// @dev Source: EIP-7540. `type(IERC7540Redeem).interfaceId` is 0x620ee8e4.
interface IERC7540Redeem {
    /// @notice A request to redeem shares was made.
    /// @param controller Account that may claim it.
    /// @param owner Account whose shares were burnt.
    /// @param requestId `(batch << 160) | controller`.
    /// @param sender Account that called.
    /// @param shares Shares burnt.
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );

    /// @notice Burns `shares` of `owner` and queues their assets for `controller`.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @notice Shares of the request that cannot be claimed yet. Never reverts.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 pendingShares);

    /// @notice Shares of the request that can be claimed. Never reverts.
    function claimableRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 claimableShares);
}
