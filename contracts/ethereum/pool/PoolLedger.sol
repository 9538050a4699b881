// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IDelegator} from "../../interfaces/IDelegator.sol";
import {IPoolLedger} from "../../interfaces/IPoolLedger.sol";
import {IPayoutMigration} from "../../interfaces/IPayoutMigration.sol";
import {IERC7575} from "../../interfaces/standards/IERC7575.sol";
import {Bps} from "../../shared/math/Bps.sol";
import {ShareMath} from "../../shared/math/ShareMath.sol";
import {RewardStream} from "../../shared/state/RewardStream.sol";
import {SelfEndingPause} from "../../shared/access/SelfEndingPause.sol";
import {Upgradeable} from "../../shared/base/Upgradeable.sol";

/// @title The pool's totals, its reward stream and its fee
/// @notice What belongs to the holders of shares. Every other part of the pool inherits it.
abstract contract PoolLedger is IERC7575, IPoolLedger, Upgradeable, ReentrancyGuardTransient {
    using RewardStream for RewardStream.Stream;
    using SafeCast for uint256;
    using SelfEndingPause for uint32;

    /// @notice The contracts that the pool is wired to.
    struct Wiring {
        /// Share token.
        IAnkrMATIC token;
        /// Vault.
        IDelegator delegator;
        /// POL.
        IERC20 pol;
        /// MATIC.
        IERC20 matic;
        /// Converts POL to MATIC for claims.
        IPayoutMigration migration;
        /// Receives the fee, as shares.
        address treasury;
        /// The rebasing token over the share; the one contract that may name any controller for its own shares.
        address legacyBond;
    }

    /// @custom:storage-location erc7201:ankrmatic.storage.PoolLedger
    struct LedgerStorage {
        // Word 0, written by every stake and unstake. 104 bits hold 2e31 wei, 2,000 times all POL there is.
        uint104 totalPooled;
        uint104 totalShares;
        // Second from which on nothing is unvested: who only asks the rate then need not read word 1.
        uint32 vestedAt;
        uint16 feeBps;
        // Word 1, read by stakes and while rewards vest. The stream as in `RewardStream`; the cap in whole POL.
        uint96 unvested;
        uint32 since;
        uint56 end;
        uint40 capInPol;
        uint32 stakesPausedUntil;
        // Word 2, written by losses.
        uint32 lossCount;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.PoolLedger")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LEDGER_STORAGE = 0x2eb13de6ea9b9283b04a66ca4b69c84f92f7fb1b2e136dceadc5246c7deea400;

    /// @dev Highest fee on rewards, bps.
    uint256 internal constant MAX_FEE_BPS = 1_000;

    /// @dev Highest cap on total assets, POL wei.
    uint256 private constant MAX_ASSET_CAP = 1e30;

    /// @dev Seconds over which a recovery vests.
    uint256 private constant RECOVERY_PERIOD = 7 days;

    /// @dev The share token.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IAnkrMATIC internal immutable TOKEN;

    /// @notice The vault.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IDelegator public immutable DELEGATOR;

    /// @dev POL, the asset.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 internal immutable POL;

    /// @dev MATIC, taken and paid 1:1.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 internal immutable MATIC;

    /// @dev Polygon's migration, for claims in MATIC.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IPayoutMigration internal immutable MIGRATION;

    /// @notice Receives the fee, as shares.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable TREASURY;

    /// @notice The rebasing token over the share (aMATICb).
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable LEGACY_BOND;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory w) {
        TOKEN = w.token;
        DELEGATOR = w.delegator;
        POL = w.pol;
        MATIC = w.matic;
        MIGRATION = w.migration;
        TREASURY = w.treasury;
        LEGACY_BOND = w.legacyBond;
        if (
            address(w.token) == address(0) ||
            address(w.delegator) == address(0) ||
            address(w.pol) == address(0) ||
            address(w.matic) == address(0) ||
            address(w.migration) == address(0) ||
            w.treasury == address(0) ||
            w.legacyBond == address(0)
        ) revert ZeroAddress();
    }

    // ---------------------------------------------------------------- governed

    /// @inheritdoc IPoolLedger
    function setFee(uint256 bps) external restricted nonReentrant {
        _harvest(new uint256[](0));
        _setFee(bps);
    }

    /// @inheritdoc IPoolLedger
    function setAssetCap(uint256 cap) external restricted {
        _setAssetCap(cap);
    }

    /// @inheritdoc IPoolLedger
    function pauseStakes(uint256 duration) external restricted {
        _setPause(_ledger().stakesPausedUntil.start(duration));
    }

    /// @inheritdoc IPoolLedger
    function resumeStakes() external restricted {
        _setPause(_ledger().stakesPausedUntil.stop());
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IERC7575
    function asset() external view returns (address assetTokenAddress) {
        return address(POL);
    }

    /// @inheritdoc IERC7575
    function share() external view returns (address shareTokenAddress) {
        return address(TOKEN);
    }

    /// @inheritdoc IERC7575
    function convertToShares(uint256 assets) public view returns (uint256 shares) {
        (uint256 pooled, uint256 supply) = _totals();
        return ShareMath.sharesForAssetsFloor(assets, pooled, supply);
    }

    /// @inheritdoc IERC7575
    function convertToAssets(uint256 shares) public view returns (uint256 assets) {
        (uint256 pooled, uint256 supply) = _totals();
        return ShareMath.assetsForSharesFloor(shares, pooled, supply);
    }

    /// @inheritdoc IERC7575
    /// @dev Without what has not vested.
    function totalAssets() public view returns (uint256) {
        (uint256 pooled, ) = _totals();
        return pooled;
    }

    /// @inheritdoc IPoolLedger
    function totalPooled() public view returns (uint256) {
        return _ledger().totalPooled;
    }

    /// @inheritdoc IPoolLedger
    function totalShares() external view returns (uint256) {
        return _ledger().totalShares;
    }

    /// @inheritdoc IPoolLedger
    function unvested() public view returns (uint256) {
        (uint256 assets, ) = _totals();
        return _ledger().totalPooled - assets;
    }

    /// @inheritdoc IPoolLedger
    function parameters()
        external
        view
        returns (uint256 feeBps, uint256 assetCap, uint256 stakesPausedUntil, uint256 lossCount)
    {
        LedgerStorage storage $ = _ledger();
        return ($.feeBps, _assetCap(), $.stakesPausedUntil, $.lossCount);
    }

    /// @dev Assets of the holders that have vested, and the share token's total supply, mirrored here because every
    /// conversion needs it.
    function _totals() internal view returns (uint256 assets, uint256 shares) {
        LedgerStorage storage $ = _ledger();
        // Both at once: they are one word.
        uint256 vestedAt;
        (assets, shares, vestedAt) = ($.totalPooled, $.totalShares, $.vestedAt);
        if (block.timestamp < vestedAt) {
            assets -= RewardStream.unvestedOf($.unvested, $.since, $.end, block.timestamp);
        }
    }

    function _assetCap() internal view returns (uint256) {
        return uint256(_ledger().capInPol) * 1e18;
    }

    function _stakesPausedUntil() internal view returns (uint256) {
        return _ledger().stakesPausedUntil;
    }

    // ---------------------------------------------------------------- writes

    function _addTotals(uint256 assets, uint256 shares) internal {
        LedgerStorage storage $ = _ledger();
        _setTotals($.totalPooled + assets, $.totalShares + shares);
    }

    function _subTotals(uint256 assets, uint256 shares) internal {
        LedgerStorage storage $ = _ledger();
        _setTotals($.totalPooled - assets, $.totalShares - shares);
    }

    /// @dev Checks both before it writes, so that the word is written once.
    function _setTotals(uint256 assets, uint256 shares) private {
        LedgerStorage storage $ = _ledger();
        (uint104 pooled, uint104 supply) = (assets.toUint104(), shares.toUint104());
        ($.totalPooled, $.totalShares) = (pooled, supply);
    }

    /// @dev No positions stand for all of them.
    function _harvest(uint256[] memory positions) internal returns (uint256 rewards) {
        IDelegator.Income memory income = DELEGATOR.harvest(positions);
        _book(income);
        return income.rewards;
    }

    /// @dev The only place where the delegator's word moves the totals.
    function _book(IDelegator.Income memory income) internal {
        if (income.recovered != 0) _merge(income.recovered, RECOVERY_PERIOD);
        if (income.rewards != 0) _bookRewards(income.rewards, income.rewardSeconds);
        if (income.loss != 0) _bookLoss(income.loss);
    }

    /// @dev Rewards of several validators are merged at once, over the mean of their periods weighted by amount: the
    /// same stream as one by one, but for the rounding of a tick each.
    function _bookRewards(uint256 rewards, uint256 rewardSeconds) private {
        LedgerStorage storage $ = _ledger();
        uint256 assets = totalAssets();
        uint256 shares = $.totalShares;
        uint256 fee = Bps.floor(rewards, $.feeBps);
        uint256 feeShares = ShareMath.sharesForAssetsFloor(fee, assets, shares);
        // After a loss of nearly everything the fee could be more shares than the word holds. It is forgone then: a fee
        // never stands in the way of a harvest.
        if (feeShares == 0 || shares + feeShares > type(uint104).max) (fee, feeShares) = (0, 0);
        _merge(rewards - fee, Math.ceilDiv(rewardSeconds, rewards));
        if (feeShares != 0) {
            _addTotals(fee, feeShares);
            TOKEN.mint(TREASURY, feeShares);
        }
        emit RewardsBooked({
            rewards: rewards,
            fee: fee,
            feeShares: feeShares,
            totalAssets: totalAssets(),
            totalShares: $.totalShares
        });
    }

    /// @dev A loss is borne first by what has not vested; the rest by the pool and by all requests that are not funded,
    /// at one factor. The batch that waits for funding bears its part rounded up, the open one rounded down.
    function _bookLoss(uint256 loss) private {
        LedgerStorage storage $ = _ledger();
        (RewardStream.Stream memory s, uint256 fromStream) = _stream().absorb(loss, block.timestamp);
        _store(s);
        uint256 rest = loss - fromStream;
        uint256 pooled = $.totalPooled - fromStream;
        uint256 fromRequests = rest == 0 ? 0 : _reduceRequests(rest, pooled);
        // By rounding the requests may bear a wei more than the whole rest: the pool gets it.
        $.totalPooled = (pooled + fromRequests - rest).toUint104();
        if (rest != 0) ++$.lossCount;
        emit LossBooked($.lossCount, fromStream, rest, fromRequests);
    }

    /// @dev Reduces every request that is not funded by its part of a loss that it shares with `pooled` assets of the
    /// holders.
    /// @return borne What the requests bear.
    function _reduceRequests(uint256 loss, uint256 pooled) internal virtual returns (uint256 borne);

    function _merge(uint256 assets, uint256 period) private {
        LedgerStorage storage $ = _ledger();
        $.totalPooled = ($.totalPooled + assets).toUint104();
        _store(_stream().merge(assets, period, block.timestamp));
    }

    function _setFee(uint256 bps) internal {
        if (bps > MAX_FEE_BPS) revert FeeOutOfBounds(bps, MAX_FEE_BPS);
        LedgerStorage storage $ = _ledger();
        emit FeeSet($.feeBps, bps);
        // At most MAX_FEE_BPS.
        $.feeBps = uint16(bps);
    }

    function _setPause(uint32 until) private {
        _ledger().stakesPausedUntil = until;
        emit StakesPauseSet(msg.sender, until);
    }

    function _setAssetCap(uint256 cap) internal {
        if (cap > MAX_ASSET_CAP || cap % 1e18 != 0) revert CapOutOfBounds(cap, MAX_ASSET_CAP);
        emit AssetCapSet(_assetCap(), cap);
        // At most 1e12, by the check above.
        _ledger().capInPol = uint40(cap / 1e18);
    }

    function _stream() internal view returns (RewardStream.Stream memory) {
        LedgerStorage storage $ = _ledger();
        return RewardStream.Stream({unvested: $.unvested, since: $.since, end: $.end});
    }

    function _store(RewardStream.Stream memory s) private {
        LedgerStorage storage $ = _ledger();
        $.unvested = s.unvested.toUint96();
        // Times fit until 2106.
        ($.vestedAt, $.since, $.end) = (uint32(RewardStream.endSecond(s)), uint32(s.since), uint56(s.end));
    }

    function _ledger() private pure returns (LedgerStorage storage $) {
        assembly {
            $.slot := LEDGER_STORAGE
        }
    }
}
