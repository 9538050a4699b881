// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IPoolLedger} from "../../interfaces/IPoolLedger.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";
import {IERC7575Share} from "../../interfaces/standards/IERC7575Share.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";

/// @title AnkrMATIC
/// @custom:security-contact SECURITY.md
/// @notice The share token of the pool. Called by holders and by the pool; calls nothing but the pool's views.
contract AnkrMATIC is IAnkrMATIC, ERC20PermitUpgradeable, Upgradeable {
    /// @dev Where `ERC20Upgradeable` keeps its storage: the root of `openzeppelin.storage.ERC20` by ERC-7201.
    bytes32 private constant ERC20_ROOT = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00;

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

    /// @inheritdoc IERC20
    /// @dev Counted by the pool alone, which needs it for every conversion.
    function totalSupply() public view override(ERC20Upgradeable, IERC20) returns (uint256) {
        return IPoolLedger(POOL).totalShares();
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

    /// @dev As in `ERC20Upgradeable`, without its count of the supply, which the pool keeps: it would cost every stake
    /// and every request 5,000 gas. The library keeps its storage to itself, hence the assembly; a test compares the
    /// root with its name.
    function _update(address from, address to, uint256 value) internal override {
        ERC20Storage storage $;
        assembly {
            $.slot := ERC20_ROOT
        }
        if (from != address(0)) {
            uint256 held = $._balances[from];
            if (held < value) revert ERC20InsufficientBalance(from, held, value);
            unchecked {
                // Checked above.
                $._balances[from] = held - value;
            }
        }
        if (to != address(0)) {
            unchecked {
                // No balance is above the supply, which the pool keeps below 2^104.
                $._balances[to] += value;
            }
        }
        emit Transfer(from, to, value);
    }
}
