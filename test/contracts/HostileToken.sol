// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A coin that misbehaves on demand
/// @notice Honest until told otherwise: it can answer false, keep a fee, and call anyone in the middle of a transfer.
contract HostileToken is ERC20 {
    /// @notice A call to make in the middle of every transfer by `transferFrom`.
    struct Intrusion {
        address target;
        bytes data;
    }

    uint256 private constant BPS = 10_000;

    bool private _refuses;
    uint256 private _feeBps;
    Intrusion[] private _intrusions;

    /// @notice What the calls made in the middle of a transfer came to.
    event Intruded(address indexed target, bytes data, bool success, bytes result);

    constructor() ERC20("Hostile", "HOSTILE") {}

    /// @notice Creates coins for anyone.
    function mint(address to, uint256 value) external {
        _mint(to, value);
    }

    /// @notice From now on no coin moves, and transfers answer false instead of reverting.
    function refuse() external {
        _refuses = true;
    }

    /// @notice From now on `bps` of every transfer are burnt.
    function takeFee(uint256 bps) external {
        _feeBps = bps;
    }

    /// @notice From now on every `transferFrom` makes one more call.
    function intrude(address target, bytes calldata data) external {
        _intrusions.push(Intrusion({target: target, data: data}));
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 value) public override returns (bool) {
        return _refuses ? false : super.transfer(to, value);
    }

    /// @inheritdoc ERC20
    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (_refuses) return false;
        for (uint256 i = 0; i < _intrusions.length; ++i) {
            Intrusion memory intrusion = _intrusions[i];
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, bytes memory result) = intrusion.target.call(intrusion.data);
            emit Intruded(intrusion.target, intrusion.data, success, result);
        }
        return super.transferFrom(from, to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        uint256 fee = (value * _feeBps) / BPS;
        if (fee != 0 && from != address(0) && to != address(0)) super._update(to, address(0), fee);
    }
}
