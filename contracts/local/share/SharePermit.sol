// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ShareToken} from "./ShareToken.sol";

/// @title EIP-2612 for delegation shares
/// @notice Domain: the share's name, version "1".
/// @dev The domain separator is stored; it is unset for a share contract that was upgraded from an older version until
/// someone calls `_cacheDomainSeparatorV4`.
abstract contract SharePermit is ShareToken {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    bytes32 private _domainSeparator;
    mapping(address owner => uint256 nonce) public nonces;

    /// @notice Sets an allowance by signature; anyone may submit it.
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        require(block.timestamp <= deadline, "ERC2612ExpiredSignature");
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonces[owner]++, deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domainSeparator, structHash));
        address signer = ecrecover(digest, v, r, s);
        require(signer != address(0) && signer == owner, "ERC2612InvalidSigner");
        _approve(owner, spender, value);
    }

    /// @notice Computes and stores the domain separator. Open to anyone in spite of its name.
    function _cacheDomainSeparatorV4() public {
        _domainSeparator = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name())), keccak256("1"), block.chainid, address(this))
        );
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparator;
    }

    function name() public view virtual returns (string memory);
}
