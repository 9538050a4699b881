// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ERC-7540: asynchronous redemption
/// @notice A request burns shares now; its assets can be claimed later, by its controller.
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

    /// @notice Burns shares and queues their assets, rounded down, for a controller.
    /// @param shares Shares to burn, wei.
    /// @param controller Account that may claim the request.
    /// @param owner Account whose shares are burnt.
    /// @return requestId `(batch << 160) | controller`.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @notice Shares of a request that cannot be claimed yet. Never reverts.
    /// @param requestId Id of the request.
    /// @param controller Its controller.
    /// @return pendingShares Shares, wei; 0 for an unknown id, or a controller not its own.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 pendingShares);

    /// @notice Shares of a request that can be claimed. Never reverts.
    /// @param requestId Id of the request.
    /// @param controller Its controller.
    /// @return claimableShares Shares, wei; 0 for an unknown id, or a controller not its own.
    function claimableRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 claimableShares);
}
