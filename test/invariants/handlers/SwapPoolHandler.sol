// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CommonBase} from "forge-std/Base.sol";
import {StdAssertions} from "forge-std/StdAssertions.sol";
import {StdUtils} from "forge-std/StdUtils.sol";

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {WrappedPol} from "contracts/local/tokens/WrappedPol.sol";
import {SwapPool} from "contracts/polygon/swap/SwapPool.sol";
import {ChildAnkrMATIC} from "contracts/polygon/token/ChildAnkrMATIC.sol";
import {BridgeLimits} from "../support/BridgeLimits.sol";
import {SwapStage} from "../support/SwapStage.sol";

/// @title Everyone at the swap pool
/// @notice Stakers, providers and donors. An action does what it is named for or is discarded. What the pool must
/// answer for is counted here from the balances of those who called.
contract SwapPoolHandler is CommonBase, StdAssertions, StdUtils {
    using BridgeLimits for BridgeLimits.Bucket;

    SwapStage internal immutable STAGE;
    SwapPool internal immutable SWAP;
    ChildAnkrMATIC internal immutable TOKEN;
    WrappedPol private immutable WRAPPED;

    /// @notice What came in less what went out, native wei and shares.
    uint256 public assets;
    uint256 public shares;
    /// @notice What came without a call of the pool.
    uint256 public givenAssets;
    uint256 public givenShares;
    /// @notice Liquidity that was minted less what was burned, the locked included.
    uint256 public liquidity;

    /// @dev What was paid out by unstaking, and what new liquidity could take out beyond what came with it.
    BridgeLimits.Bucket private _payouts;

    /// @dev Nothing that anyone does at one rate lowers the worth of liquidity.
    modifier fair() {
        (uint256 worth, uint256 supply) = _worth();
        _;
        (uint256 worthAfter, uint256 supplyAfter) = _worth();
        (uint256 high, uint256 low) = Math.mul512(worthAfter, supply);
        (uint256 highBefore, uint256 lowBefore) = Math.mul512(worth, supplyAfter);
        assertTrue(high > highBefore || (high == highBefore && low >= lowBefore), "Y3: liquidity lost worth");
    }

    constructor(SwapStage stage, uint256 assets_, uint256 shares_, uint256 liquidity_) {
        STAGE = stage;
        (SWAP, TOKEN, WRAPPED) = (stage.SWAP(), stage.TOKEN(), stage.WRAPPED());
        (assets, shares, liquidity) = (assets_, shares_, liquidity_);
        _payouts.start(stage.LIMIT());
    }

    // ---------------------------------------------------------------- swaps

    function stake(uint256 userSeed, uint256 amountSeed, bool wrapped) external fair {
        address user = STAGE.userAt(userSeed);
        uint256 amount = _amount(amountSeed, 1, 10_000e18);
        uint256 quoted = _quote(abi.encodeCall(SWAP.quoteStake, (amount)));
        uint256 held = TOKEN.balanceOf(user);
        vm.prank(user);
        if (wrapped) SWAP.stakeWrapped({assets: amount, receiver: user, minShares: quoted, deadline: block.timestamp});
        else SWAP.stake{value: amount}(quoted);
        uint256 brought = TOKEN.balanceOf(user) - held;
        assertEq(brought, quoted, "Y4: a stake brought something else than its quote");
        (assets, shares) = (assets + amount, shares - brought);
    }

    function unstake(uint256 userSeed, uint256 amountSeed, bool wrapped) external fair {
        address user = _holder(userSeed, TOKEN);
        uint256 amount = _amount(amountSeed, 1, 10_000e18);
        vm.assume(amount <= TOKEN.balanceOf(user));
        uint256 quoted = _quote(abi.encodeCall(SWAP.quoteUnstake, (amount)));
        uint256 had = _coinsOf(user);
        vm.prank(user);
        if (wrapped) {
            SWAP.unstakeWrapped({shares: amount, receiver: user, minAssets: quoted, deadline: block.timestamp});
        } else SWAP.unstake(amount, quoted);
        uint256 brought = _coinsOf(user) - had;
        assertEq(brought, quoted, "Y4: an unstake brought something else than its quote");
        _noteUnstaked(amount, brought);
    }

    /// @dev A quote is reached by the least that it names, and missed by a wei less.
    function quoteInverse(uint256 amountSeed) external {
        uint256 amount = _amount(amountSeed, 1, 10_000e18);
        uint256 least = _quote(abi.encodeCall(SWAP.quoteUnstakeFor, (amount)));
        (uint256 brought, ) = SWAP.quoteUnstake(least);
        assertGe(brought, amount, "Y4: the shares that were quoted do not bring the assets");
        assertLt(_quoteOrNothing(abi.encodeCall(SWAP.quoteUnstake, (least - 1))), amount, "Y4: fewer shares do too");
        least = _quote(abi.encodeCall(SWAP.quoteStakeFor, (amount)));
        assertGe(SWAP.quoteStake(least), amount, "Y4: the assets that were quoted do not bring the shares");
        assertLt(_quoteOrNothing(abi.encodeCall(SWAP.quoteStake, (least - 1))), amount, "Y4: fewer assets do too");
    }

    // ---------------------------------------------------------------- liquidity

    function addLiquidity(uint256 userSeed, uint256 assetSeed, uint256 shareSeed, uint256 mix) external fair {
        address user = STAGE.userAt(userSeed);
        uint256 newAssets = mix % 4 == 0 ? 0 : _amount(assetSeed, 1, 10_000e18);
        uint256 newShares = mix % 4 == 1 ? 0 : _amount(shareSeed, 1, 10_000e18);
        vm.assume(newShares <= TOKEN.balanceOf(user) && newAssets <= user.balance);
        uint256 quoted = _quote(abi.encodeCall(SWAP.previewAdd, (newShares, newAssets)));
        uint256 held = SWAP.balanceOf(user);
        _payouts.use(_taken(newAssets, quoted));
        vm.prank(user);
        SWAP.addLiquidity{value: newAssets}({
            shares: newShares,
            minLiquidity: quoted,
            receiver: user,
            deadline: block.timestamp
        });
        assertEq(SWAP.balanceOf(user) - held, quoted, "Y4: adding brought something else than its preview");
        (assets, shares, liquidity) = (assets + newAssets, shares + newShares, liquidity + quoted);
    }

    function removeLiquidity(uint256 userSeed, uint256 amountSeed, bool wrapped) external fair {
        address user = _holder(userSeed, SWAP);
        uint256 held = SWAP.balanceOf(user);
        uint256 amount = amountSeed % 5 == 0 ? held : bound(amountSeed, 1, held);
        (uint256 outAssets, uint256 outShares) = SWAP.previewRemove(amount);
        vm.assume(outAssets != 0 || outShares != 0);
        (uint256 hadAssets, uint256 hadShares) = (_coinsOf(user), TOKEN.balanceOf(user));
        vm.prank(user);
        if (wrapped) SWAP.removeLiquidityWrapped(amount, user, outAssets, outShares);
        else SWAP.removeLiquidity(amount, user, outAssets, outShares);
        assertEq(_coinsOf(user) - hadAssets, outAssets, "Y4: removing paid something else than its preview");
        assertEq(TOKEN.balanceOf(user) - hadShares, outShares, "Y4: removing paid something else than its preview");
        _noteRemoved(amount, outAssets, outShares);
    }

    // ---------------------------------------------------------------- the rest of the world

    /// @dev Tokens are sent, native ones forced.
    function give(uint256 userSeed, uint256 amountSeed) external fair {
        address user = _holder(userSeed, TOKEN);
        uint256 amount = _amount(amountSeed, 1, 1_000e18);
        vm.assume(amount <= TOKEN.balanceOf(user));
        vm.prank(user);
        TOKEN.transfer(address(SWAP), amount);
        vm.deal(address(SWAP), address(SWAP).balance + amount);
        (givenAssets, givenShares) = (givenAssets + amount, givenShares + amount);
    }

    /// @notice What the daily limit let pass within the last day.
    function lastDay() external view returns (uint256 paid) {
        (paid, ) = _payouts.lastDay();
    }

    /// @notice Assets that the daily limit leaves, rounded down, and how often the contract may have rounded it down.
    function leftToday() external view returns (uint256 free, uint256 roundings) {
        return (_payouts.free(), _payouts.steps.length);
    }

    // ---------------------------------------------------------------- internals

    function _noteUnstaked(uint256 shares_, uint256 assets_) internal {
        (assets, shares) = (assets - assets_, shares + shares_);
        _payouts.use(assets_);
    }

    /// @dev What the liquidity is worth in assets beyond those that come with it, rounded up.
    function _taken(uint256 assets_, uint256 liquidity_) private view returns (uint256) {
        uint256 supply = SWAP.totalSupply() + liquidity_;
        uint256 owned = Math.mulDiv(assets + assets_, liquidity_, supply, Math.Rounding.Ceil);
        return owned > assets_ ? owned - assets_ : 0;
    }

    function _noteRemoved(uint256 liquidity_, uint256 assets_, uint256 shares_) internal {
        (assets, shares, liquidity) = (assets - assets_, shares - shares_, liquidity - liquidity_);
    }

    /// @dev A user who has some of it, or none: then the action is discarded.
    function _holder(uint256 seed, IERC20 token) internal view returns (address user) {
        for (uint256 i = 0; i < STAGE.USERS(); ++i) {
            user = STAGE.userAt((seed % STAGE.USERS()) + i);
            if (token.balanceOf(user) != 0) return user;
        }
        vm.assume(false);
    }

    /// @dev The first word of what a quote answers; the action is discarded if the quote refuses.
    function _quote(bytes memory call) internal view returns (uint256 quoted) {
        (bool done, bytes memory answer) = address(SWAP).staticcall(call);
        vm.assume(done);
        assembly ("memory-safe") {
            quoted := mload(add(answer, 32))
        }
    }

    /// @dev The same, and 0 for one that refuses.
    function _quoteOrNothing(bytes memory call) private view returns (uint256 quoted) {
        (bool done, bytes memory answer) = address(SWAP).staticcall(call);
        if (!done) return 0;
        assembly ("memory-safe") {
            quoted := mload(add(answer, 32))
        }
    }

    /// @dev Small amounts are as likely as large ones.
    function _amount(uint256 seed, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        uint256 ceiling = highest;
        for (uint256 tenths = seed % 7; tenths != 0 && ceiling / 1_000 > lowest; --tenths) ceiling /= 1_000;
        return bound(seed, lowest, ceiling);
    }

    function _coinsOf(address user) private view returns (uint256) {
        return user.balance + WRAPPED.balanceOf(user);
    }

    /// @dev Worth of both reserves, exact, in a unit that does not change while the rate does not.
    function _worth() private view returns (uint256 worth, uint256 supply) {
        (uint256 a, uint256 s) = SWAP.reserves();
        (uint256 totalAssets, uint256 totalSupply) = STAGE.FEED().totals();
        return (a * totalSupply + s * totalAssets, SWAP.totalSupply());
    }
}
