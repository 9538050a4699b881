// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {IChildAnkrMATIC} from "../../interfaces/IChildAnkrMATIC.sol";
import {IRatioFeed} from "../../interfaces/IRatioFeed.sol";
import {IERC7281} from "../../interfaces/standards/IERC7281.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {DailyLimit} from "../../shared/state/DailyLimit.sol";

/// @title ChildAnkrMATIC
/// @custom:security-contact SECURITY.md
/// @notice ankrMATIC on Polygon. Called by holders and by bridges; calls nothing but the feed's views.
contract ChildAnkrMATIC is IChildAnkrMATIC, ERC20PermitUpgradeable, Upgradeable {
    using DailyLimit for RateLimiter.RefillingBucket;

    /// @dev One side of a bridge, minting or burning.
    struct Allowed {
        uint256 ceiling;
        // A limiter of its own: its capacity is this side's limit.
        RateLimiter.RefillingBucket bucket;
    }

    /// @dev What a bridge may do.
    struct Bridge {
        Allowed minting;
        Allowed burning;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.ChildAnkrMATIC
    struct ChildStorage {
        uint256 supplyCap;
        mapping(address bridge => Bridge) bridges;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.ChildAnkrMATIC")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant CHILD_STORAGE = 0x33d2097142c4ca7d75ff84a20eebfe0044ceac23871ae4ad59145d95cc6b6700;

    /// @dev Highest limit and highest cap on the supply, wei: a hundred times all POL, and far from where the limiter
    /// could overflow.
    uint256 private constant MAX_LIMIT = 1e30;

    /// @dev MANAGER cannot set a limit of burning below this part of its ceiling: leaving is limited, never stopped.
    uint256 private constant BURNING_FLOOR = 10;

    /// @inheritdoc IChildAnkrMATIC
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRatioFeed public immutable FEED;

    /// @param feed Where the value of a share is known.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IRatioFeed feed) {
        if (address(feed) == address(0)) revert ZeroAddress();
        FEED = feed;
    }

    /// @notice Sets name, permit domain, authority and cap; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    /// @param cap Most tokens that there can be, wei.
    function initialize(address authority, uint256 cap) external initializer {
        __ERC20_init("Ankr Staked MATIC", "ankrMATIC");
        __ERC20Permit_init("Ankr Staked MATIC");
        __AccessManaged_init(authority);
        _setSupplyCap(cap);
    }

    // ---------------------------------------------------------------- bridges

    /// @inheritdoc IChildAnkrMATIC
    function mint(address user, uint256 amount) external {
        if (amount > _room()) revert IXERC20_NotHighEnoughLimits();
        _use(_state().bridges[msg.sender].minting, amount);
        _mint(user, amount);
    }

    /// @inheritdoc IChildAnkrMATIC
    function burn(address user, uint256 amount) external {
        _use(_state().bridges[msg.sender].burning, amount);
        if (user != msg.sender) _spendAllowance(user, msg.sender, amount);
        _burn(user, amount);
    }

    // ---------------------------------------------------------------- governed

    /// @inheritdoc IChildAnkrMATIC
    function setLimits(address bridge, uint256 mintingLimit, uint256 burningLimit) external restricted {
        if (bridge == address(0)) revert ZeroAddress();
        Bridge storage b = _state().bridges[bridge];
        (b.minting.ceiling, b.burning.ceiling) = (_bounded(mintingLimit, MAX_LIMIT), _bounded(burningLimit, MAX_LIMIT));
        emit BridgeCeilingsSet(bridge, mintingLimit, burningLimit);
        _setLimits(bridge, mintingLimit, burningLimit);
    }

    /// @inheritdoc IChildAnkrMATIC
    function adjustLimits(address bridge, uint256 mintingLimit, uint256 burningLimit) external restricted {
        (uint256 minting, uint256 burning) = ceilingsOf(bridge);
        uint256 floor = Math.ceilDiv(burning, BURNING_FLOOR);
        if (burningLimit < floor) revert BurningLimitTooLow(burningLimit, floor);
        _setLimits(bridge, _bounded(mintingLimit, minting), _bounded(burningLimit, burning));
    }

    /// @inheritdoc IChildAnkrMATIC
    function lowerMintingLimit(address bridge, uint256 mintingLimit) external restricted {
        // Burning is not even settled: each time that would round what refills down.
        _state().bridges[bridge].minting.bucket.change(_bounded(mintingLimit, mintingMaxLimitOf(bridge)));
        emit BridgeLimitsSet(mintingLimit, burningMaxLimitOf(bridge), bridge);
    }

    /// @inheritdoc IChildAnkrMATIC
    function setSupplyCap(uint256 cap) external restricted {
        _setSupplyCap(cap);
    }

    /// @inheritdoc IChildAnkrMATIC
    function setLockbox(address lockbox) external restricted {
        if (lockbox != address(0)) revert NoLockbox(lockbox);
        emit LockboxSet(address(0));
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IERC7281
    function mintingMaxLimitOf(address bridge) public view returns (uint256 limit) {
        return _state().bridges[bridge].minting.bucket.limitOf();
    }

    /// @inheritdoc IERC7281
    function burningMaxLimitOf(address bridge) public view returns (uint256 limit) {
        return _state().bridges[bridge].burning.bucket.limitOf();
    }

    /// @inheritdoc IERC7281
    /// @dev Within what is left of the cap on the supply.
    function mintingCurrentLimitOf(address bridge) external view returns (uint256 limit) {
        return Math.min(_state().bridges[bridge].minting.bucket.available(), _room());
    }

    /// @inheritdoc IERC7281
    function burningCurrentLimitOf(address bridge) external view returns (uint256 limit) {
        return _state().bridges[bridge].burning.bucket.available();
    }

    /// @inheritdoc IChildAnkrMATIC
    function ceilingsOf(address bridge) public view returns (uint256 minting, uint256 burning) {
        Bridge storage b = _state().bridges[bridge];
        return (b.minting.ceiling, b.burning.ceiling);
    }

    /// @inheritdoc IChildAnkrMATIC
    function supplyCap() external view returns (uint256) {
        return _state().supplyCap;
    }

    /// @inheritdoc IChildAnkrMATIC
    function getRate() external view returns (uint256 rate) {
        return FEED.getRate();
    }

    /// @inheritdoc IChildAnkrMATIC
    function ratio() external view returns (uint256) {
        return FEED.ratio();
    }

    /// @inheritdoc IChildAnkrMATIC
    function sharesToBonds(uint256 shares) external view returns (uint256 assets) {
        return FEED.convertToAssets(shares);
    }

    /// @inheritdoc IChildAnkrMATIC
    function bondsToShares(uint256 assets) external view returns (uint256 shares) {
        return FEED.convertToShares(assets);
    }

    /// @inheritdoc IChildAnkrMATIC
    function balanceWithRewardsOf(address account) external view returns (uint256 assets) {
        return FEED.convertToAssets(balanceOf(account));
    }

    /// @inheritdoc IChildAnkrMATIC
    function isRebasing() external pure returns (bool) {
        return false;
    }

    // ---------------------------------------------------------------- internals

    /// @dev Takes an amount out of a limit; nothing is too much for an account that has none.
    function _use(Allowed storage allowed, uint256 amount) private {
        if (allowed.bucket.limitOf() == 0 || !allowed.bucket.tryUse(amount)) revert IXERC20_NotHighEnoughLimits();
    }

    /// @dev What is left of the cap on the supply.
    function _room() private view returns (uint256) {
        return Math.saturatingSub(_state().supplyCap, totalSupply());
    }

    function _bounded(uint256 limit, uint256 maximum) private pure returns (uint256) {
        if (limit > maximum) revert LimitOutOfBounds(limit, maximum);
        return limit;
    }

    function _setLimits(address bridge, uint256 mintingLimit, uint256 burningLimit) private {
        Bridge storage b = _state().bridges[bridge];
        b.minting.bucket.change(mintingLimit);
        b.burning.bucket.change(burningLimit);
        emit BridgeLimitsSet(mintingLimit, burningLimit, bridge);
    }

    function _setSupplyCap(uint256 cap) private {
        ChildStorage storage $ = _state();
        emit SupplyCapSet($.supplyCap, cap);
        $.supplyCap = _bounded(cap, MAX_LIMIT);
    }

    function _state() private pure returns (ChildStorage storage $) {
        assembly {
            $.slot := CHILD_STORAGE
        }
    }
}
