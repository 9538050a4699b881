// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IChildAnkrMATIC} from "contracts/interfaces/IChildAnkrMATIC.sol";
import {IRatioFeed} from "contracts/interfaces/IRatioFeed.sol";
import {IWrappedNative} from "contracts/interfaces/external/polygon/IWrappedNative.sol";
import {WrappedPol} from "contracts/local/tokens/WrappedPol.sol";
import {RatioFeed} from "contracts/polygon/bridge/RatioFeed.sol";
import {SwapPool} from "contracts/polygon/swap/SwapPool.sol";
import {ChildAnkrMATIC} from "contracts/polygon/token/ChildAnkrMATIC.sol";
import {HostileReceiver} from "./HostileReceiver.sol";

/// @title The swap pool with its users, on whatever token and feed there are
/// @notice A proxy as in production, governed by this contract. One receiver does not behave.
contract SwapStage is CommonBase {
    uint256 public constant PURSE = 1_000_000e18;
    uint256 public constant LIMIT = 20_000e18;
    /// Liquidity that nobody can ever remove.
    uint256 public constant LOCKED = 1e15;
    address public constant DEAD = 0x000000000000000000000000000000000000dEaD;

    uint160 private constant FIRST_USER = 0x05E400;
    uint256 private constant FEE_BPS = 50;

    ChildAnkrMATIC public immutable TOKEN;
    RatioFeed public immutable FEED;
    WrappedPol public immutable WRAPPED;
    SwapPool public immutable SWAP;
    HostileReceiver public immutable HOSTILE;
    uint256 public immutable USERS;

    constructor(ChildAnkrMATIC token, RatioFeed feed, uint256 users) {
        (TOKEN, FEED, USERS) = (token, feed, users);
        WRAPPED = new WrappedPol();
        AccessManager access = new AccessManager(address(this));
        address code = address(
            new SwapPool(IChildAnkrMATIC(address(token)), IRatioFeed(address(feed)), IWrappedNative(address(WRAPPED)))
        );
        bytes memory start = abi.encodeCall(SwapPool.initialize, (address(access), FEE_BPS, LIMIT));
        SWAP = SwapPool(payable(address(new ERC1967Proxy(code, start))));
        HOSTILE = new HostileReceiver(SWAP);
        for (uint256 i = 0; i < users; ++i) _equip(userAt(i));
    }

    /// @notice A user by any number.
    function userAt(uint256 seed) public view returns (address) {
        return address(FIRST_USER + uint160(seed % USERS));
    }

    /// @notice Swaps are paused for a while, or go on again.
    function pauseOrResume(uint256 duration) external {
        (, , uint256 until) = SWAP.parameters();
        if (block.timestamp < until) SWAP.resumeSwaps();
        else SWAP.pauseSwaps(duration);
    }

    /// @notice Sets the fee on unstaking.
    function setFee(uint256 bps) external {
        SWAP.setFee(bps);
    }

    function _equip(address user) private {
        vm.deal(user, 2 * PURSE);
        vm.startPrank(user);
        WRAPPED.deposit{value: PURSE}();
        WRAPPED.approve(address(SWAP), type(uint256).max);
        TOKEN.approve(address(SWAP), type(uint256).max);
        vm.stopPrank();
    }
}
