// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPolygonPool} from "../../../contracts/interfaces/IPolygonPool.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A contract that stakes for its owner
/// @notice It holds the ankrMATIC, and its owner alone can ask for the POL behind it.
contract Treasury {
    using SafeERC20 for IERC20;

    /// @notice The pool.
    IPolygonPool public immutable POOL;
    /// @notice Whose it is.
    address public immutable OWNER;

    /// @notice The caller is not the owner.
    error NotOwner(address caller);

    modifier onlyOwner() {
        if (msg.sender != OWNER) revert NotOwner(msg.sender);
        _;
    }

    constructor(IPolygonPool pool) {
        (POOL, OWNER) = (pool, msg.sender);
    }

    /// @notice Takes POL of the owner and stakes it.
    /// @param assets POL wei.
    /// @param minShares Fewest shares, wei.
    /// @return shares ankrMATIC wei.
    function stake(uint256 assets, uint256 minShares) external onlyOwner returns (uint256 shares) {
        IERC20 pol = IERC20(POOL.asset());
        pol.safeTransferFrom(msg.sender, address(this), assets);
        pol.forceApprove(address(POOL), assets);
        return POOL.stake(assets, address(this), minShares, block.timestamp);
    }

    /// @notice Asks for the POL of shares, as the controller of its own request.
    /// @param shares ankrMATIC wei.
    /// @return requestId Id of the request.
    function unstake(uint256 shares) external onlyOwner returns (uint256 requestId) {
        return POOL.requestRedeem(shares, address(this), address(this));
    }

    /// @notice Sends the owner the POL of all requests that can be claimed.
    /// @return assets POL wei.
    function claim() external onlyOwner returns (uint256 assets) {
        return POOL.redeem(POOL.maxRedeem(address(this)), msg.sender, address(this));
    }

    /// @notice What it holds is worth.
    /// @return assets POL wei, rounded down.
    function worth() external view returns (uint256 assets) {
        return POOL.convertToAssets(IERC20(POOL.share()).balanceOf(address(this)));
    }
}
