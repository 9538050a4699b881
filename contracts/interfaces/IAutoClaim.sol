// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title AutoClaim: being paid without coming back
/// @notice A controller makes this contract its operator at the pool; anyone may then have its claimable requests paid,
/// in POL, and to nobody but the controller itself.
interface IAutoClaim {
    /// @notice A controller was paid.
    /// @param controller Account that was paid.
    /// @param caller Account that called.
    /// @param assets POL wei paid.
    event AutoClaimed(address indexed controller, address indexed caller, uint256 assets);

    /// @notice The controller has nothing that can be claimed.
    /// @param controller The controller.
    error NothingClaimable(address controller);

    /// @notice Pays the controller all that the pool's `maxRedeem` says; not what comes later of a batch that was paid
    /// short, which the controller claims itself by the pool's `claimLate`.
    /// @dev Open to anyone. Errors: `NothingClaimable`, and `NotController` of the pool if the controller did not make
    /// this contract its operator.
    /// @param controller Whose requests are paid.
    /// @return assets POL wei paid.
    function claim(address controller) external returns (uint256 assets);
}
