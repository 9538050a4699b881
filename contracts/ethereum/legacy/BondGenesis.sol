// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAnkrMATIC} from "../../interfaces/IAnkrMATIC.sol";
import {IBondGenesis} from "../../interfaces/IBondGenesis.sol";
import {BondLedger} from "./BondLedger.sol";

/// @title Genesis
/// @notice Mints the shares of a list, batch by batch, against ankrMATIC. Nothing else mints, and with the last batch
/// nothing can.
abstract contract BondGenesis is BondLedger, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;
    using SafeERC20 for IAnkrMATIC;

    /// @custom:storage-location erc7201:ankrmatic.storage.BondGenesis
    struct GenesisStorage {
        bytes32 root;
        uint128 batches;
        uint128 minted;
        BitMaps.BitMap done;
    }

    // keccak256(abi.encode(uint256(keccak256("ankrmatic.storage.BondGenesis")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant GENESIS_STORAGE = 0x72cab94bf94faf7f6bbc3b66b74c8b2be6a4d38b50370da83558eeb29fa0b800;

    /// @dev Most holdings of a batch: they fit a transaction of 2^24 gas.
    uint256 private constant MAX_HOLDINGS = 300;

    // ---------------------------------------------------------------- open to anyone

    /// @inheritdoc IBondGenesis
    function mintGenesis(
        uint256 batch,
        Holding[] calldata holdings,
        bytes32[] calldata proof
    ) external nonReentrant returns (uint256 shares) {
        GenesisStorage storage $ = _genesis();
        if (holdings.length > MAX_HOLDINGS) revert TooManyHoldings(holdings.length, MAX_HOLDINGS);
        if ($.done.get(batch)) revert GenesisBatchDone(batch);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(uint256($.batches), batch, holdings))));
        if (genesisSealed() || !MerkleProof.verifyCalldata(proof, $.root, leaf)) revert NotInGenesis(batch);
        $.done.set(batch);
        ++$.minted;

        for (uint256 i = 0; i < holdings.length; ++i) {
            (address holder, uint256 part) = (holdings[i].holder, holdings[i].shares);
            if (holder == address(0)) revert ZeroAddress();
            shares += part;
            _issue(holder, part, sharesToBonds(part));
        }
        emit GenesisBatchMinted({batch: batch, payer: msg.sender, holdings: holdings.length, shares: shares});
        _seal();
        TOKEN.safeTransferFrom(msg.sender, address(this), shares);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IBondGenesis
    function genesis() external view returns (bytes32 root, uint256 batches, uint256 minted) {
        GenesisStorage storage $ = _genesis();
        return ($.root, $.batches, $.minted);
    }

    /// @inheritdoc IBondGenesis
    function genesisMinted(uint256 batch) external view returns (bool) {
        return _genesis().done.get(batch);
    }

    /// @inheritdoc IBondGenesis
    function genesisSealed() public view returns (bool) {
        GenesisStorage storage $ = _genesis();
        return $.minted == $.batches;
    }

    // ---------------------------------------------------------------- internals

    /// @dev Sets the list; no batches are a list of nobody, which is sealed at once.
    function _setGenesis(bytes32 root, uint256 batches) internal {
        if ((root == 0) != (batches == 0)) revert GenesisIncomplete(root, batches);
        GenesisStorage storage $ = _genesis();
        ($.root, $.batches) = (root, batches.toUint128());
        _seal();
    }

    function _seal() private {
        if (genesisSealed()) emit GenesisSealed(totalSharesSupply());
    }

    function _genesis() private pure returns (GenesisStorage storage $) {
        assembly {
            $.slot := GENESIS_STORAGE
        }
    }
}
