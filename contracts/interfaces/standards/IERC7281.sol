// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ERC-7281: a token that several bridges may mint and burn
/// @notice Each bridge has a limit for minting and one for burning, which refill over a day.
/// @dev Source: the draft of ERC-7281, which calls it IXERC20; names are the draft's.
interface IERC7281 {
    /// @notice A lockbox was set.
    /// @param lockbox The lockbox.
    event LockboxSet(address lockbox);

    /// @notice The limits of a bridge were set.
    /// @param mintingLimit Most that it can mint, wei.
    /// @param burningLimit Most that it can burn, wei.
    /// @param bridge The bridge.
    event BridgeLimitsSet(uint256 mintingLimit, uint256 burningLimit, address indexed bridge);

    /// @notice The caller's limit is too low for it now.
    error IXERC20_NotHighEnoughLimits();

    /// @notice Sets the lockbox.
    /// @param lockbox The lockbox.
    function setLockbox(address lockbox) external;

    /// @notice Sets both limits of a bridge.
    /// @param bridge The bridge.
    /// @param mintingLimit Most that it can mint, wei.
    /// @param burningLimit Most that it can burn, wei.
    function setLimits(address bridge, uint256 mintingLimit, uint256 burningLimit) external;

    /// @notice Mints tokens, within the caller's limit.
    /// @param user Account that receives them.
    /// @param amount Wei.
    function mint(address user, uint256 amount) external;

    /// @notice Burns tokens, within the caller's limit.
    /// @param user Account whose tokens are burnt.
    /// @param amount Wei.
    function burn(address user, uint256 amount) external;

    /// @notice Most that a bridge can ever mint at once. Never reverts.
    /// @param bridge The bridge.
    /// @return limit Wei; 0 if it is no bridge.
    function mintingMaxLimitOf(address bridge) external view returns (uint256 limit);

    /// @notice Most that a bridge can ever burn at once. Never reverts.
    /// @param bridge The bridge.
    /// @return limit Wei; 0 if it is no bridge.
    function burningMaxLimitOf(address bridge) external view returns (uint256 limit);

    /// @notice What a bridge can mint now. Never reverts.
    /// @param bridge The bridge.
    /// @return limit Wei; 0 if it is no bridge.
    function mintingCurrentLimitOf(address bridge) external view returns (uint256 limit);

    /// @notice What a bridge can burn now. Never reverts.
    /// @param bridge The bridge.
    /// @return limit Wei; 0 if it is no bridge.
    function burningCurrentLimitOf(address bridge) external view returns (uint256 limit);
}
