// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title The one time at which aMATICb comes into being
/// @notice Holders of the first generation get their shares from a list that was fixed when the contract was deployed,
/// as the root of a Merkle tree over batches of holdings. Each batch is minted once, by anyone, against as many
/// ankrMATIC of the caller. With the last batch the genesis is sealed: from then on nothing can mint.
interface IBondGenesis {
    /// @notice What one account gets.
    struct Holding {
        /// Account, not zero.
        address holder;
        /// Its shares, ankrMATIC wei.
        uint256 shares;
    }

    /// @notice A batch was minted.
    /// @param batch Its number, from 0.
    /// @param payer Account that paid the ankrMATIC.
    /// @param holdings Number of its holdings.
    /// @param shares Shares of all of them.
    event GenesisBatchMinted(uint256 indexed batch, address indexed payer, uint256 holdings, uint256 shares);

    /// @notice The last batch was minted: nothing can mint from here on.
    /// @param totalShares All shares there will ever be.
    event GenesisSealed(uint256 totalShares);

    /// @notice The batch was minted before.
    /// @param batch Its number.
    error GenesisBatchDone(uint256 batch);

    /// @notice The list does not have this batch with these holdings.
    /// @param batch Its number.
    error NotInGenesis(uint256 batch);

    /// @notice A root without a number of batches, or the other way round.
    /// @param root Root of the tree.
    /// @param batches Number of batches.
    error GenesisIncomplete(bytes32 root, uint256 batches);

    /// @notice More holdings than a batch may have.
    /// @param holdings Number of holdings.
    /// @param most Most holdings.
    error TooManyHoldings(uint256 holdings, uint256 most);

    /// @notice Mints the shares of one batch and takes as many ankrMATIC from the caller.
    /// @dev Open to anyone: the list says who gets what, and the caller pays. Needs an approval of ankrMATIC. Emits
    /// `Transfer` and `TransferShares` from zero for each holding. Errors: `TooManyHoldings`, `GenesisBatchDone`,
    /// `NotInGenesis`, `ZeroAddress`, and ERC-6093's of ankrMATIC.
    /// @param batch Number of the batch, from 0.
    /// @param holdings Its holdings, as in the list, at most 300.
    /// @param proof Proof that the list has it: siblings of the leaf
    /// `keccak256(bytes.concat(keccak256(abi.encode(batches, batch, holdings))))`, pairs hashed in order of value. The
    /// number of batches is in every leaf, so that a wrong one is noticed before the first is minted.
    /// @return shares Shares minted, and ankrMATIC wei paid.
    function mintGenesis(
        uint256 batch,
        Holding[] calldata holdings,
        bytes32[] calldata proof
    ) external returns (uint256 shares);

    /// @notice How far the genesis is.
    /// @return root Root of the tree over the batches.
    /// @return batches Number of batches.
    /// @return minted How many of them were minted.
    function genesis() external view returns (bytes32 root, uint256 batches, uint256 minted);

    /// @notice True if the batch was minted.
    /// @param batch Its number, from 0; any is answered.
    function genesisMinted(uint256 batch) external view returns (bool);

    /// @notice True from the last batch on: nothing can mint any more.
    function genesisSealed() external view returns (bool);
}
