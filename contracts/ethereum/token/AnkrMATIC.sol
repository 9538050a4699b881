// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";
import {IERC7575Share} from "../../interfaces/standards/IERC7575Share.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";

/// @title AnkrMATIC
/// @custom:security-contact SECURITY.md
/// @notice The share token of the pool. Called by holders and by the pool; calls nothing but the pool's views.
contract AnkrMATIC is IAnkrMATIC, ERC20PermitUpgradeable, Upgradeable {
    /// @inheritdoc IAnkrMATIC
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable POOL;

    /// @dev The pool's `asset()`; an immutable, so that `vault` answers without a call.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable ASSET;

    modifier onlyPool() {
        if (msg.sender != POOL) revert NotPool(msg.sender);
        _;
    }

    /// @param pool The pool, which may not be deployed yet.
    /// @param asset The pool's asset, POL.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address pool, address asset) {
        POOL = pool;
        ASSET = asset;
    }

    /// @notice Sets name, permit domain and authority; runs once, at the construction of the proxy.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __ERC20_init("Ankr Staked MATIC", "ankrMATIC");
        __ERC20Permit_init("Ankr Staked MATIC");
        __AccessManaged_init(authority);
        emit VaultUpdate(ASSET, POOL);
    }

    /// @inheritdoc IAnkrMATIC
    function mint(address receiver, uint256 shares) external onlyPool {
        _mint(receiver, shares);
    }

    /// @inheritdoc IAnkrMATIC
    function burn(address owner, address spender, uint256 shares) external onlyPool {
        if (spender != owner) _spendAllowance(owner, spender, shares);
        _burn(owner, shares);
    }

    /// @inheritdoc IERC7575Share
    function vault(address asset) external view returns (address) {
        return asset == ASSET ? POOL : address(0);
    }

    /// @inheritdoc IAnkrMATIC
    function ratio() external view returns (uint256) {
        uint256 shares = IERC7575(POOL).convertToShares(1e18);
        // No shares for a MATIC: the pool is worth nothing, and a MATIC is worth any number of them.
        return shares == 0 ? type(uint256).max : shares;
    }

    /// @inheritdoc IAnkrMATIC
    function sharesToBonds(uint256 shares) external view returns (uint256 assets) {
        return IERC7575(POOL).convertToAssets(shares);
    }

    /// @inheritdoc IAnkrMATIC
    function bondsToShares(uint256 assets) external view returns (uint256 shares) {
        return IERC7575(POOL).convertToShares(assets);
    }

    /// @inheritdoc IAnkrMATIC
    function balanceWithRewardsOf(address account) external view returns (uint256 assets) {
        return IERC7575(POOL).convertToAssets(balanceOf(account));
    }

    /// @inheritdoc IAnkrMATIC
    function sharesOf(address account) external view returns (uint256 shares) {
        return balanceOf(account);
    }

    /// @inheritdoc IAnkrMATIC
    function totalSharesSupply() external view returns (uint256 shares) {
        return totalSupply();
    }

    /// @inheritdoc IAnkrMATIC
    function isRebasing() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IERC165
    /// @dev True for ERC-165, ERC-7575's share, ERC-20 with metadata, EIP-2612 and EIP-5267.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IERC7575Share).interfaceId ||
            interfaceId == type(IERC20).interfaceId ||
            interfaceId == 0xa219a025 || // ERC-20 metadata: name, symbol, decimals
            interfaceId == type(IERC20Permit).interfaceId ||
            interfaceId == type(IERC5267).interfaceId;
    }
}
