// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {AMATICb} from "contracts/ethereum/legacy/AMATICb.sol";
import {IAnkrMATIC} from "contracts/interfaces/IAnkrMATIC.sol";
import {IBondGenesis} from "contracts/interfaces/IBondGenesis.sol";
import {IPolygonPool} from "contracts/interfaces/IPolygonPool.sol";
import {PolygonEcosystemToken} from "contracts/local/tokens/PolygonEcosystemToken.sol";
import {ShareMath} from "contracts/shared/math/ShareMath.sol";

/// @title As much of the pool as aMATICb asks for its worth, with totals that a test sets
contract FixedTotals {
    uint256 public totalAssets;
    uint256 public totalShares;

    function set(uint256 totalAssets_, uint256 totalShares_) external {
        (totalAssets, totalShares) = (totalAssets_, totalShares_);
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return ShareMath.assetsForSharesFloor(shares, totalAssets, totalShares);
    }
}

/// @title The arithmetic of aMATICb, for all totals of the pool
/// @notice The contract itself, over a pool that is worth anything from nothing to all that its words hold, whatever
/// the number of its shares.
contract BondMathTest is Test {
    uint256 private constant MAX = type(uint104).max;
    address private constant SWITCHER = address(0x5717C4);
    address private constant SPENDER = address(0x59E4D);

    /// @dev Three holders with as many shares as there are, or a part of them, and a pool with any totals.
    struct Case {
        uint256 assets;
        uint256 supply;
        uint256[3] shares;
    }

    FixedTotals private _pool;
    PolygonEcosystemToken private _token;

    function setUp() public {
        _pool = new FixedTotals();
        _token = new PolygonEcosystemToken();
        _token.mint(address(this), type(uint128).max);
    }

    function testFuzz_balancesAreTheSupplyButForRounding(uint256[5] calldata seeds) public {
        (AMATICb bond, Case memory c) = _bond(seeds);
        uint256 sum = 0;
        uint256 shares = 0;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 balance = bond.balanceOf(_holder(i));
            assertLe(balance * c.supply, c.shares[i] * c.assets, "W4: a balance is more than the shares are worth");
            assertGt((balance + 1) * c.supply, c.shares[i] * c.assets, "W4: a balance is a wei less than the shares");
            (sum, shares) = (sum + balance, shares + c.shares[i]);
        }
        assertEq(bond.totalSharesSupply(), shares, "W1: the shares are not the total");
        assertLe(sum, bond.totalSupply(), "W3: the balances are more than the supply");
        assertLt(bond.totalSupply() - sum, 3, "W3: more than a wei of each holder is missing");
    }

    function testFuzz_transferMovesTheFewestShares(uint256[5] calldata seeds, uint256 bondsSeed) public {
        (AMATICb bond, Case memory c) = _bond(seeds);
        (uint256 balance, uint256 other) = (bond.balanceOf(_holder(0)), bond.balanceOf(_holder(1)));
        uint256 bonds = bound(bondsSeed, 0, balance);
        vm.prank(_holder(0));
        bond.transfer(_holder(1), bonds);
        uint256 moved = c.shares[0] - bond.sharesOf(_holder(0));
        assertEq(bond.sharesOf(_holder(1)), c.shares[1] + moved, "T1: what one gave the other did not get");
        if (bonds == 0) {
            assertEq(moved, 0, "T2: no bonds moved shares");
            return;
        }
        assertGe(moved * c.assets, bonds * c.supply, "T2: the shares are not worth the bonds");
        if (bonds == balance) assertEq(moved, c.shares[0], "T2: a whole balance left something behind");
        else assertLt((moved - 1) * c.assets, bonds * c.supply, "T2: fewer shares would be worth the bonds");
        uint256 gain = bond.balanceOf(_holder(1)) - other;
        uint256 off = gain < bonds ? bonds - gain : gain - bonds;
        assertLe(off * c.supply, c.assets + c.supply, "T3: the gain is off by more than a share and a wei");
    }

    function testFuzz_wholeBalanceLeavesNothing(uint256[5] calldata seeds) public {
        (AMATICb bond, Case memory c) = _bond(seeds);
        uint256 balance = bond.balanceOf(_holder(0));
        vm.prank(_holder(0));
        bond.approve(SPENDER, balance);
        vm.prank(SPENDER);
        bond.transferFrom(_holder(0), _holder(1), balance);
        assertEq(bond.allowance(_holder(0), SPENDER), 0, "T4: an allowance was charged something else");
        assertEq(
            bond.sharesOf(_holder(0)),
            balance == 0 ? c.shares[0] : 0,
            "T2: a whole balance left something behind"
        );
    }

    function testFuzz_piecesMoveNoLess(uint256[5] calldata seeds, uint256 bondsSeed, uint256 pieceSeed) public {
        (AMATICb bond, Case memory c) = _bond(seeds);
        uint256 bonds = bound(bondsSeed, 0, bond.balanceOf(_holder(0)));
        uint256 whole = bond.sharesToMove(_holder(0), bonds);
        uint256 piece = bound(pieceSeed, 0, bonds);
        vm.startPrank(_holder(0));
        bond.transfer(_holder(1), piece);
        uint256 left = bond.balanceOf(_holder(0));
        // The first piece may have moved a wei more than it is: then there is none left for all of the second.
        vm.assume(bonds - piece <= left);
        bond.transfer(_holder(1), bonds - piece);
        vm.stopPrank();
        assertGe(c.shares[0] - bond.sharesOf(_holder(0)), whole, "T5: pieces move less than the whole");
    }

    function testFuzz_sharesCostTheirWorth(uint256[5] calldata seeds, uint256 sharesSeed) public {
        (AMATICb bond, Case memory c) = _bond(seeds);
        uint256 shares = bound(sharesSeed, 1, c.shares[0]);
        uint256 charge = (shares * c.assets + c.supply - 1) / c.supply;
        if (charge == 0) charge = 1;
        vm.prank(_holder(0));
        bond.approve(SPENDER, charge - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, SPENDER, charge - 1, charge)
        );
        vm.prank(SPENDER);
        bond.transferSharesFrom(_holder(0), _holder(1), shares);
        vm.prank(_holder(0));
        bond.approve(SPENDER, charge);
        vm.prank(SPENDER);
        uint256 bonds = bond.transferSharesFrom(_holder(0), _holder(1), shares);
        assertEq(bond.allowance(_holder(0), SPENDER), 0, "T4: an allowance was charged something else");
        assertEq(bonds, (shares * c.assets) / c.supply, "T1: the bonds are not the worth of the shares");
        assertEq(bond.sharesOf(_holder(1)), c.shares[1] + shares, "T1: another number of shares came");
    }

    function testFuzz_switchesMoveWhatTransfersDo(uint256[5] calldata seeds, uint256 bondsSeed) public {
        (AMATICb bond, Case memory c) = _bond(seeds);
        uint256 bonds = bound(bondsSeed, 0, bond.balanceOf(_holder(0)));
        uint256 shares = bond.sharesToMove(_holder(0), bonds);
        uint256 fee = shares / 3;
        uint256 total = bond.totalSharesSupply();
        vm.prank(_holder(0));
        bond.approve(SWITCHER, bonds);
        vm.prank(SWITCHER);
        bond.releaseBonds({holder: _holder(0), bonds: bonds, receiver: SPENDER, treasury: SWITCHER, fee: fee});
        assertEq(bond.allowance(_holder(0), SWITCHER), 0, "T4: an allowance was charged something else");
        assertEq(bond.sharesOf(_holder(0)), c.shares[0] - shares, "K2: another number of shares left the holder");
        assertEq(bond.totalSharesSupply(), total - shares, "W5: another number of shares left");
        assertEq(_token.balanceOf(address(bond)), total - shares, "W2: the shares are not ankrMATIC that is held");
        assertEq(_token.balanceOf(SPENDER), shares - fee, "K3: the receiver was not paid");
        assertEq(_token.balanceOf(SWITCHER), fee, "K3: the treasury did not get the fee");
    }

    // ---------------------------------------------------------------- internals

    /// @dev aMATICb whose genesis is a list of one batch, so that its leaf is the root.
    function _bond(uint256[5] calldata seeds) private returns (AMATICb bond, Case memory c) {
        c.supply = bound(_sized(seeds[0]), 3, MAX);
        c.assets = bound(_sized(seeds[1]), 0, MAX);
        _pool.set(c.assets, c.supply);
        IBondGenesis.Holding[] memory holdings = new IBondGenesis.Holding[](3);
        for (uint256 i = 0; i < 3; ++i) {
            c.shares[i] = bound(_sized(seeds[2 + i]), 1, c.supply / 3);
            holdings[i] = IBondGenesis.Holding({holder: _holder(i), shares: c.shares[i]});
        }
        bytes32 root = keccak256(bytes.concat(keccak256(abi.encode(1, 0, holdings))));
        bytes memory start = abi.encodeCall(AMATICb.initialize, (address(this), root, 1));
        AMATICb code = new AMATICb(IAnkrMATIC(address(_token)), IPolygonPool(address(_pool)), SWITCHER);
        bond = AMATICb(address(new ERC1967Proxy(address(code), start)));
        _token.approve(address(bond), type(uint256).max);
        bond.mintGenesis(0, holdings, new bytes32[](0));
    }

    /// @dev A number of any length, short ones as likely as long ones.
    function _sized(uint256 seed) private pure returns (uint256) {
        return (seed >> 8) % (1 << (seed % 105));
    }

    function _holder(uint256 index) private pure returns (address) {
        return address(uint160(0xB0D0 + index));
    }
}
