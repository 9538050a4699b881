// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPolygonMigration} from "../../interfaces/external/polygon/IPolygonMigration.sol";
import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";
import {IDelegator} from "../../interfaces/IDelegator.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";
import {PolygonStaking} from "./PolygonStaking.sol";

/// @title The buffer
/// @notice What the delegator holds and is free: POL, and MATIC on its way to become POL. Every other part of the
/// delegator inherits it.
abstract contract AssetLedger is IDelegator, Upgradeable {
    using PolygonStaking for IPolygonMigration;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice The contracts that the delegator is wired to.
    struct Wiring {
        /// The pool.
        address pool;
        /// Polygon's StakeManager.
        IStakeManager stakeManager;
        /// POL.
        IERC20 pol;
        /// MATIC.
        IERC20 matic;
        /// Polygon's migration contract.
        IPolygonMigration migration;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.AssetLedger
    struct AssetStorage {
        // POL and MATIC that the ledger counts, and the MATIC of it.
        uint104 buffer;
        uint104 unconverted;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.AssetLedger")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant ASSET_STORAGE = 0x19897710843db337cb7cd59efb61924cbcf73d967d8c520589a377143a8beb00;

    /// @notice Most MATIC that may wait for conversion, wei.
    uint256 public constant MAX_UNCONVERTED = 10_000_000e18;

    /// @notice Period of income that is no one validator's harvest, seconds.
    uint256 internal constant SURPLUS_PERIOD = 7 days;

    /// @notice The pool.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable POOL;

    /// @inheritdoc IDelegator
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IStakeManager public immutable STAKE_MANAGER;

    /// @notice POL.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 public immutable POL;

    /// @notice MATIC.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 public immutable MATIC;

    /// @notice Polygon's migration contract.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IPolygonMigration public immutable MIGRATION;

    modifier onlyPool() {
        _checkPool();
        _;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory w) {
        POOL = w.pool;
        STAKE_MANAGER = w.stakeManager;
        POL = w.pol;
        MATIC = w.matic;
        MIGRATION = w.migration;
        if (
            w.pool == address(0) ||
            address(w.stakeManager) == address(0) ||
            address(w.pol) == address(0) ||
            address(w.matic) == address(0) ||
            address(w.migration) == address(0)
        ) revert ZeroAddress();
    }

    /// @inheritdoc IDelegator
    function credit(uint256 assets, bool inMatic) external onlyPool {
        AssetStorage storage $ = _assets();
        $.buffer = ($.buffer + assets).toUint104();
        if (inMatic) {
            uint256 waiting = $.unconverted + assets;
            $.unconverted = waiting.toUint104();
            if (waiting > MAX_UNCONVERTED) {
                _convert();
                if ($.unconverted > MAX_UNCONVERTED) revert TooMuchUnconverted($.unconverted, MAX_UNCONVERTED);
            }
        }
    }

    /// @inheritdoc IDelegator
    function buffer() public view returns (uint256) {
        return _assets().buffer;
    }

    /// @dev POL wei of the buffer that is really POL.
    function _polBuffer() internal view returns (uint256) {
        AssetStorage storage $ = _assets();
        return $.buffer - $.unconverted;
    }

    function _unconverted() internal view returns (uint256) {
        return _assets().unconverted;
    }

    /// @dev Turns all MATIC but a wei into POL, if Polygon lets it. The wei keeps a balance from zero, which saves the
    /// next staker 17,100 gas.
    function _convert() internal {
        uint256 held = MATIC.balanceOf(address(this));
        if (held <= 1) return;
        if (!MIGRATION.convert(MATIC, held - 1)) {
            emit ConversionFailed(held - 1);
            return;
        }
        AssetStorage storage $ = _assets();
        $.unconverted = Math.min($.unconverted, 1).toUint104();
        emit Converted(held - 1);
    }

    /// @dev Counts as buffer whatever is here and is not counted.
    /// @return surplus Wei of both coins.
    function _collect() internal returns (uint256 surplus) {
        AssetStorage storage $ = _assets();
        uint256 matic = MATIC.balanceOf(address(this));
        uint256 held = POL.balanceOf(address(this)) + matic;
        surplus = held - $.buffer;
        $.buffer = held.toUint104();
        $.unconverted = matic.toUint104();
        if (surplus != 0) emit SurplusCollected(surplus);
    }

    /// @dev Adds rewards that arrived in POL.
    function _addBuffer(uint256 assets) internal {
        AssetStorage storage $ = _assets();
        $.buffer = ($.buffer + assets).toUint104();
    }

    function _subBuffer(uint256 assets) internal {
        AssetStorage storage $ = _assets();
        $.buffer = ($.buffer - assets).toUint104();
    }

    /// @dev Apart from the modifier, so that its code is there once.
    function _checkPool() private view {
        if (msg.sender != POOL) revert NotPool(msg.sender);
    }

    function _assets() private pure returns (AssetStorage storage $) {
        assembly {
            $.slot := ASSET_STORAGE
        }
    }
}
