// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title WPOL
/// @notice Stands for Polygon's wrapped native token, which is WETH9 under another name: failures revert without data,
/// an unlimited allowance is not consumed, and unwrapping pays with 2,300 gas.
contract WrappedPol {
    string public constant name = "Wrapped Polygon Ecosystem Token";
    string public constant symbol = "WPOL";
    uint8 public constant decimals = 18;

    mapping(address account => uint256 balance) public balanceOf;
    mapping(address owner => mapping(address spender => uint256 value)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Deposit(address indexed account, uint256 value);
    event Withdrawal(address indexed account, uint256 value);

    receive() external payable {
        deposit();
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return transferFrom(msg.sender, to, value);
    }

    function withdraw(uint256 value) external {
        _require(balanceOf[msg.sender] >= value);
        balanceOf[msg.sender] -= value;
        emit Withdrawal(msg.sender, value);
        // No gas but the stipend that comes with a value.
        // solhint-disable-next-line avoid-low-level-calls
        (bool paid, ) = msg.sender.call{value: value, gas: 0}("");
        _require(paid);
    }

    function totalSupply() external view returns (uint256) {
        return address(this).balance;
    }

    function deposit() public payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    function transferFrom(address from, address to, uint256 value) public returns (bool) {
        _require(balanceOf[from] >= value);
        if (from != msg.sender && allowance[from][msg.sender] != type(uint256).max) {
            _require(allowance[from][msg.sender] >= value);
            allowance[from][msg.sender] -= value;
        }
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
        return true;
    }

    function _require(bool holds) private pure {
        // solhint-disable-next-line gas-custom-errors
        require(holds);
    }
}
