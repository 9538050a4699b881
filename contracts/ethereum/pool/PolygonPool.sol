// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IPolygonPool} from "../../interfaces/IPolygonPool.sol";
import {IERC7540Operator} from "../../interfaces/standards/IERC7540Operator.sol";
import {IERC7540Redeem} from "../../interfaces/standards/IERC7540Redeem.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";
import {BatchDesk} from "./BatchDesk.sol";
import {LiveNames} from "./LiveNames.sol";
import {PoolLedger} from "./PoolLedger.sol";
import {UpkeepDesk} from "./UpkeepDesk.sol";

/// @title PolygonPool
/// @custom:security-contact SECURITY.md
/// @notice The counter of the system: stake, request to unstake, claim. It keeps the liability ledger: what is owed, to
/// whom. It never talks to Polygon's staking contracts, and of Polygon's migration it calls the payout alone.
contract PolygonPool is LiveNames, BatchDesk, UpkeepDesk, IPolygonPool {
    /// @notice What the pool starts with.
    struct Start {
        /// The AccessManager.
        address authority;
        /// Account that pays the seed stake; it must have approved the coming address of the pool.
        address seeder;
        /// Seed stake, POL wei, at least `MIN_STAKE`.
        uint256 seed;
        /// Cap on total assets, POL wei.
        uint256 assetCap;
        /// Fee on rewards, bps.
        uint256 feeBps;
    }

    /// @dev Holds the shares of the seed stake for ever, so that the supply is never 0.
    address private constant SEED_HOLDER = 0x000000000000000000000000000000000000dEaD;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring) PoolLedger(wiring) {}

    /// @notice Sets the parameters and makes the seed stake; runs once, at the construction of the proxy.
    /// @dev Errors: `BelowMinimum`, `FeeOutOfBounds`, `CapOutOfBounds`.
    /// @param start What the pool starts with.
    function initialize(Start calldata start) external initializer {
        __AccessManaged_init(start.authority);
        if (start.seed < MIN_STAKE) revert BelowMinimum(start.seed, MIN_STAKE);
        _setFee(start.feeBps);
        _setAssetCap(start.assetCap);
        _exits().openBatch = 1;

        _enter({coin: POL, payer: start.seeder, assets: start.seed, shares: start.seed, receiver: SEED_HOLDER});
    }

    /// @inheritdoc IERC165
    /// @dev True for ERC-165, ERC-7575's vault, and ERC-7540's operators and redemption; not for its deposits.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IERC7575).interfaceId ||
            interfaceId == type(IERC7540Operator).interfaceId ||
            interfaceId == type(IERC7540Redeem).interfaceId;
    }
}
