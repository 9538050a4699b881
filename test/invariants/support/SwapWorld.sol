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
import {BridgeMessage} from "contracts/shared/messages/BridgeMessage.sol";

/// @title The swap pool on Polygon with its users
/// @notice Proxies and roles as in production, without delays; this contract is the bridge, which mints once and tells
/// rates. What the feed refuses fails the campaign.
contract SwapWorld is CommonBase {
    uint256 public constant USERS = 4;
    uint256 public constant PURSE = 1_000_000e18;
    /// Liquidity that nobody can ever remove.
    uint256 public constant LOCKED = 1e15;
    address public constant DEAD = 0x000000000000000000000000000000000000dEaD;

    uint160 private constant FIRST_USER = 0x05E400;
    uint256 private constant LIMIT = 20_000e18;

    ChildAnkrMATIC public immutable TOKEN;
    RatioFeed public immutable FEED;
    WrappedPol public immutable WRAPPED;
    SwapPool public immutable SWAP;

    uint256 public totalAssets = 107_000_003e18 + 11;
    uint256 public totalSupply = 100_000_007e18 + 3;
    uint256 public losses;

    uint64 private _nonce;

    /// @notice The feed did not take a rate: the handler asks for what is not possible.
    error RateWasRefused();

    constructor() {
        AccessManager access = new AccessManager(address(this));
        FEED = RatioFeed(
            _proxy(address(new RatioFeed(address(this))), abi.encodeCall(RatioFeed.initialize, (address(access))))
        );
        TOKEN = ChildAnkrMATIC(
            _proxy(
                address(new ChildAnkrMATIC(IRatioFeed(address(FEED)))),
                abi.encodeCall(ChildAnkrMATIC.initialize, (address(access), 1e30))
            )
        );
        WRAPPED = new WrappedPol();
        address code = address(
            new SwapPool(IChildAnkrMATIC(address(TOKEN)), IRatioFeed(address(FEED)), IWrappedNative(address(WRAPPED)))
        );
        SWAP = SwapPool(payable(_proxy(code, abi.encodeCall(SwapPool.initialize, (address(access), 50, LIMIT)))));
        TOKEN.setLimits(address(this), 1e30, 1e30);
        vm.warp(block.timestamp + 1 days);
        _tell();
        for (uint256 i = 0; i < USERS; ++i) _equip(userAt(i));
    }

    /// @notice A user by any number.
    function userAt(uint256 seed) public pure returns (address) {
        return address(FIRST_USER + uint160(seed % USERS));
    }

    /// @notice Time passes, and Ethereum tells a rate at which shares are worth `growth` wei in 1e18 more.
    function grow(uint256 time, uint256 growth) external {
        vm.warp(block.timestamp + time);
        totalAssets += (totalAssets * growth) / 1e18;
        _tell();
    }

    /// @notice Shares lose `part` wei in 1e18 of their worth, which an hour confirms.
    function lose(uint256 part) external {
        totalAssets -= (totalAssets * part) / 1e18;
        ++losses;
        _tell();
        vm.warp(block.timestamp + 1 hours);
        _tell();
    }

    function _tell() private {
        bool accepted = FEED.push(
            ++_nonce,
            BridgeMessage.Rate({
                totalAssets: totalAssets,
                totalSupply: totalSupply,
                lossCount: losses,
                time: block.timestamp
            })
        );
        if (!accepted) revert RateWasRefused();
    }

    function _equip(address user) private {
        TOKEN.mint(user, PURSE);
        vm.deal(user, 2 * PURSE);
        vm.startPrank(user);
        WRAPPED.deposit{value: PURSE}();
        WRAPPED.approve(address(SWAP), type(uint256).max);
        TOKEN.approve(address(SWAP), type(uint256).max);
        vm.stopPrank();
    }

    function _proxy(address code, bytes memory start) private returns (address) {
        return address(new ERC1967Proxy(code, start));
    }
}
