// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {ShareMath} from "contracts/shared/math/ShareMath.sol";

/// @title What ShareMath does not promise
contract ShareMathControl is Test {
    /// @notice The way there and back loses nothing: wrong, it loses what both roundings take.
    function refute_thereAndBackIsExact(uint16 amount, uint16 assets, uint16 shares) public pure {
        vm.assume(assets != 0 && shares != 0);
        uint256 bought = ShareMath.sharesForAssetsFloor(amount, assets, shares);
        assert(ShareMath.assetsForSharesFloor(bought, assets, shares) == amount);
    }

    /// @notice A deposit that rounds up keeps the price: wrong, it takes from those who are in.
    function refute_depositRoundedUpKeepsPrice(uint16 amount, uint16 assets, uint16 shares) public pure {
        vm.assume(assets != 0);
        uint256 bought = ShareMath.sharesForAssetsCeil(amount, assets, shares);
        assert((uint256(assets) + amount) * shares >= (shares + bought) * assets);
    }
}
