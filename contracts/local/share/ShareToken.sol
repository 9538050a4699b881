// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LegacyMath} from "../math/LegacyMath.sol";

/// @title The ERC-20 bookkeeping of delegation shares
/// @notice A token of the Solidity 0.5 era: failures revert without data. How shares move is up to the inheriting
/// contract.
abstract contract ShareToken {
    using LegacyMath for uint256;

    mapping(address account => uint256 shares) private _balances;
    mapping(address owner => mapping(address spender => uint256 shares)) private _allowances;
    uint256 private _totalSupply;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    function approve(address spender, uint256 value) public virtual returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function increaseAllowance(address spender, uint256 addedValue) external returns (bool) {
        _approve(msg.sender, spender, _allowances[msg.sender][spender].add(addedValue));
        return true;
    }

    function decreaseAllowance(address spender, uint256 subtractedValue) external returns (bool) {
        _reduceAllowance(msg.sender, spender, subtractedValue);
        return true;
    }

    function decimals() external pure returns (uint8) {
        return 18;
    }

    function totalSupply() public view virtual returns (uint256) {
        return _totalSupply;
    }

    function balanceOf(address account) public view virtual returns (uint256) {
        return _balances[account];
    }

    function allowance(address owner, address spender) public view virtual returns (uint256) {
        return _allowances[owner][spender];
    }

    function _mint(address account, uint256 value) internal {
        require(account != address(0));
        _totalSupply = _totalSupply.add(value);
        _balances[account] = _balances[account].add(value);
        emit Transfer(address(0), account, value);
    }

    function _burn(address account, uint256 value) internal {
        require(account != address(0));
        _totalSupply = _totalSupply.sub(value);
        _balances[account] = _balances[account].sub(value);
        emit Transfer(account, address(0), value);
    }

    function _moveShares(address from, address to, uint256 value) internal {
        require(from != address(0));
        require(to != address(0));
        _balances[from] = _balances[from].sub(value);
        _balances[to] = _balances[to].add(value);
        emit Transfer(from, to, value);
    }

    function _approve(address owner, address spender, uint256 value) internal {
        require(owner != address(0));
        require(spender != address(0));
        _allowances[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    /// @dev Reduces even an unlimited allowance.
    function _reduceAllowance(address owner, address spender, uint256 value) internal {
        _approve(owner, spender, _allowances[owner][spender].sub(value));
    }
}
