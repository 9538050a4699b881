// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IRatioFeed} from "contracts/interfaces/IRatioFeed.sol";
import {RatioFeed} from "contracts/polygon/bridge/RatioFeed.sol";
import {ChildAnkrMATIC} from "contracts/polygon/token/ChildAnkrMATIC.sol";
import {BridgeMessage} from "contracts/shared/messages/BridgeMessage.sol";
import {SwapStage} from "./SwapStage.sol";

/// @title The swap pool on Polygon, without Ethereum
/// @notice Proxies and roles as in production, without delays; this contract is the bridge, which mints once and tells
/// rates. What the feed refuses fails the campaign.
contract SwapWorld is CommonBase {
    uint256 private constant USERS = 4;

    SwapStage public immutable STAGE;

    uint256 public totalAssets = 107_000_003e18 + 11;
    uint256 public totalSupply = 100_000_007e18 + 3;
    uint256 public losses;

    RatioFeed private immutable FEED;

    uint64 private _nonce;

    /// @notice The feed did not take a rate: the handler asks for what is not possible.
    error RateWasRefused();

    constructor() {
        AccessManager access = new AccessManager(address(this));
        FEED = RatioFeed(
            _proxy(address(new RatioFeed(address(this))), abi.encodeCall(RatioFeed.initialize, (address(access))))
        );
        ChildAnkrMATIC token = ChildAnkrMATIC(
            _proxy(
                address(new ChildAnkrMATIC(IRatioFeed(address(FEED)))),
                abi.encodeCall(ChildAnkrMATIC.initialize, (address(access), 1e30))
            )
        );
        token.setLimits(address(this), 1e30, 1e30);
        STAGE = new SwapStage(token, FEED, USERS);
        vm.warp(block.timestamp + 1 days);
        _tell();
        for (uint256 i = 0; i < USERS; ++i) token.mint(STAGE.userAt(i), STAGE.PURSE());
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

    function _proxy(address code, bytes memory start) private returns (address) {
        return address(new ERC1967Proxy(code, start));
    }
}
