// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {AnkrMATIC} from "contracts/ethereum/token/AnkrMATIC.sol";

/// @title Balances of ankrMATIC, for all holders and amounts; the pool keeps the supply below 2^104
contract TokenSumsProof is Test {
    AnkrMATIC private _token;

    function setUp() public {
        _token = new AnkrMATIC(address(this), address(0xA));
    }

    /// @notice S2: a transfer moves what it says from one to the other, and nothing of a third.
    function check_transferKeepsTheSum(
        address from,
        address to,
        address third,
        uint104 held,
        uint104 had,
        uint104 others,
        uint256 shares
    ) public {
        vm.assume(from != to && third != from && third != to && uint256(held) + had <= type(uint104).max);
        _start(from, held);
        _start(to, had);
        _start(third, others);
        vm.prank(from);
        _token.transfer(to, shares);
        assert(shares <= held);
        assert(_token.balanceOf(from) == held - shares);
        assert(_token.balanceOf(to) == had + shares);
        assert(_token.balanceOf(third) == others);
    }

    /// @notice S2: a transfer to oneself changes nothing.
    function check_transferToOneself(address holder, uint104 held, uint256 shares) public {
        _start(holder, held);
        vm.prank(holder);
        _token.transfer(holder, shares);
        assert(_token.balanceOf(holder) == held);
    }

    /// @notice S2: nobody transfers more than he has.
    function check_transferOfNoMoreThanHeld(address from, address to, uint104 held, uint256 shares) public {
        vm.assume(shares > held);
        _start(from, held);
        vm.prank(from);
        try _token.transfer(to, shares) {
            assert(false);
        } catch {
            assert(_token.balanceOf(from) == held);
        }
    }

    /// @notice S2: a mint, or a burn after it, changes one balance by what it says.
    function check_mintAndBurnChangeOne(
        address holder,
        address other,
        uint104 held,
        uint104 minted,
        uint104 burned
    ) public {
        vm.assume(other != holder && uint256(held) + minted <= type(uint104).max);
        _start(holder, held);
        uint256 before = _token.balanceOf(other);
        _token.mint(holder, minted);
        assert(_token.balanceOf(holder) == uint256(held) + minted);
        _token.burn(holder, holder, burned);
        assert(burned <= uint256(held) + minted);
        assert(_token.balanceOf(holder) == uint256(held) + minted - burned);
        assert(_token.balanceOf(other) == before);
    }

    /// @notice U4: an allowance is spent exactly, and what is more than it is not moved; one of 2^256 - 1 stays.
    function check_allowanceIsSpent(
        address owner,
        address spender,
        address to,
        uint104 held,
        uint256 allowed,
        uint256 shares
    ) public {
        vm.assume(owner != to && owner != spender);
        _start(owner, held);
        vm.prank(owner);
        _token.approve(spender, allowed);
        vm.prank(spender);
        _token.transferFrom(owner, to, shares);
        assert(shares <= allowed);
        bool endless = allowed == type(uint256).max;
        assert(_token.allowance(owner, spender) == (endless ? allowed : allowed - shares));
    }

    /// @dev A balance of nothing becomes `held`.
    function _start(address holder, uint256 held) private {
        if (held != 0) _token.mint(holder, held);
    }
}
