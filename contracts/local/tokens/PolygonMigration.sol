// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {IPolygonMigration} from "../../interfaces/external/polygon/IPolygonMigration.sol";

/// @title Polygon's migration contract, version 1.1.0
/// @notice Converts MATIC to POL and back, 1:1, from its own reserves of both.
contract PolygonMigration is IPolygonMigration {
    address private constant DEAD = 0x000000000000000000000000000000000000dEaD;

    /// @notice The POL token.
    address public polygon;
    /// @notice The MATIC token.
    address public matic;
    /// @notice May lock the way from POL to MATIC and burn POL.
    address public owner;
    /// @inheritdoc IPolygonMigration
    bool public unmigrationLocked;

    event Migrated(address indexed account, uint256 amount);
    event Unmigrated(address indexed account, address indexed recipient, uint256 amount);
    event UnmigrationLockUpdated(bool lock);

    modifier onlyOwner() {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        _;
    }

    modifier whenUnmigrationUnlocked() {
        if (unmigrationLocked) revert UnmigrationLocked();
        _;
    }

    /// @notice Names tokens and owner, once.
    function initialize(address matic_, address polygon_, address owner_) external {
        require(owner == address(0), "Initializable: contract is already initialized");
        matic = matic_;
        polygon = polygon_;
        owner = owner_;
    }

    /// @inheritdoc IPolygonMigration
    function migrate(uint256 amount) external {
        emit Migrated(msg.sender, amount);
        _pull(matic, amount);
        _push(polygon, msg.sender, amount);
    }

    /// @inheritdoc IPolygonMigration
    function unmigrate(uint256 amount) external whenUnmigrationUnlocked {
        _unmigrate(msg.sender, amount);
    }

    /// @inheritdoc IPolygonMigration
    function unmigrateTo(address recipient, uint256 amount) external whenUnmigrationUnlocked {
        _unmigrate(recipient, amount);
    }

    /// @notice As `unmigrate`, with the approval of POL by signature.
    function unmigrateWithPermit(
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external whenUnmigrationUnlocked {
        IERC20Permit(polygon).permit({
            owner: msg.sender,
            spender: address(this),
            value: amount,
            deadline: deadline,
            v: v,
            r: r,
            s: s
        });
        _unmigrate(msg.sender, amount);
    }

    /// @notice Locks or opens the way from POL to MATIC. Owner only.
    function updateUnmigrationLock(bool lock) external onlyOwner {
        unmigrationLocked = lock;
        emit UnmigrationLockUpdated(lock);
    }

    /// @notice Sends POL out of reach. Owner only.
    function burn(uint256 amount) external onlyOwner {
        _push(polygon, DEAD, amount);
    }

    function _unmigrate(address recipient, uint256 amount) private {
        emit Unmigrated(msg.sender, recipient, amount);
        _pull(polygon, amount);
        _push(matic, recipient, amount);
    }

    function _pull(address token, uint256 amount) private {
        _call(token, abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
    }

    function _push(address token, address to, uint256 amount) private {
        _call(token, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    /// @dev OpenZeppelin 4.9's SafeERC20: a failure without data gets a text, one with data keeps it.
    function _call(address token, bytes memory data) private {
        (bool success, bytes memory result) = token.call(data);
        if (!success) {
            require(result.length > 0, "SafeERC20: low-level call failed");
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
        require(result.length == 0 || abi.decode(result, (bool)), "SafeERC20: ERC20 operation did not succeed");
    }
}
