// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Polygon's staking NFT, reduced to what staking needs of it
/// @notice The holder of token `id` is the owner of validator `id`. Minted and burnt by the StakeManager alone.
/// @dev Failures revert without data.
contract StakingNFT {
    address private immutable MANAGER;

    mapping(uint256 tokenId => address holder) private _ownerOf;

    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);

    modifier onlyManager() {
        require(msg.sender == MANAGER);
        _;
    }

    constructor(address manager) {
        MANAGER = manager;
    }

    function mint(address to, uint256 tokenId) external onlyManager {
        require(to != address(0) && _ownerOf[tokenId] == address(0));
        _ownerOf[tokenId] = to;
        emit Transfer(address(0), to, tokenId);
    }

    function burn(uint256 tokenId) external onlyManager {
        emit Transfer(ownerOf(tokenId), address(0), tokenId);
        delete _ownerOf[tokenId];
    }

    /// @notice Owner of a validator; reverts without data if there is none.
    function ownerOf(uint256 tokenId) public view returns (address holder) {
        holder = _ownerOf[tokenId];
        require(holder != address(0));
    }
}
