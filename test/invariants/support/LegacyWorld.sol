// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {AMATICb} from "contracts/ethereum/legacy/AMATICb.sol";
import {BondSwitcher} from "contracts/ethereum/legacy/BondSwitcher.sol";
import {IBondGenesis} from "contracts/interfaces/IBondGenesis.sol";
import {DeploymentFactory} from "contracts/shared/base/DeploymentFactory.sol";
import {World} from "./World.sol";

/// @title The whole system with the token of its first generation
/// @notice The users of the world hold aMATICb by a list of batches, the first of which are minted. The stranger has
/// the ankrMATIC for all of them. The tree has a batch more than are counted: only the seal keeps the last one out.
contract LegacyWorld is World {
    uint256 public constant LEAVES = 4;
    uint256 public constant BATCHES = 3;

    uint256 private constant SWITCH_FEE_BPS = 30;
    uint256 private constant SWITCH_CAP = 400_000e18;

    AMATICb public bond;
    BondSwitcher public switcher;

    /// @param minted Batches that are minted at once.
    constructor(uint256 minted) {
        uint256 all = 0;
        for (uint256 batch = 0; batch < LEAVES; ++batch) all += sharesIn(batch);
        vm.startPrank(STRANGER);
        POOL.deposit(POOL.previewMint(all), STRANGER);
        TOKEN.approve(address(bond), type(uint256).max);
        for (uint256 batch = 0; batch < minted; ++batch) bond.mintGenesis(batch, holdingsOf(batch), proofOf(batch));
        vm.stopPrank();
    }

    // ---------------------------------------------------------------- who and what

    /// @notice All who can hold shares, of either token.
    function holders() public view virtual override returns (address[] memory all) {
        address[] memory some = super.holders();
        all = new address[](some.length + 2);
        for (uint256 i = 0; i < some.length; ++i) all[i] = some[i];
        (all[some.length], all[some.length + 1]) = (address(bond), address(switcher));
    }

    /// @notice The list: holders who are in two batches, one who is in a batch twice, and one with a single wei.
    function holdingsOf(uint256 batch) public pure returns (IBondGenesis.Holding[] memory holdings) {
        holdings = new IBondGenesis.Holding[](3);
        holdings[0] = IBondGenesis.Holding({holder: userAt(batch), shares: (batch + 1) * 50_000e18 + 7 ** (9 + batch)});
        holdings[1] = IBondGenesis.Holding({holder: userAt(batch + 1), shares: batch == 0 ? 1 : 1e18 + batch});
        holdings[2] = IBondGenesis.Holding({holder: userAt(2 * batch), shares: 10_000e18 + batch});
    }

    /// @notice Shares of a batch.
    function sharesIn(uint256 batch) public pure returns (uint256 shares) {
        IBondGenesis.Holding[] memory holdings = holdingsOf(batch);
        for (uint256 i = 0; i < holdings.length; ++i) shares += holdings[i].shares;
    }

    /// @notice Proof that the list has a batch: its neighbour, then the other pair.
    function proofOf(uint256 batch) public pure returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        (proof[0], proof[1]) = (_leaf(batch ^ 1), _pair((batch ^ 2) & 2));
    }

    // ---------------------------------------------------------------- deployment

    /// @inheritdoc World
    function _deployMore(DeploymentFactory factory, AccessManager access) internal virtual override {
        super._deployMore(factory, access);
        (bond, switcher) = (AMATICb(factory.addressOf("legacyBond")), BondSwitcher(factory.addressOf("switcher")));
        bytes32 root = Hashes.commutativeKeccak256(_pair(0), _pair(2));
        _proxy({
            factory: factory,
            salt: "legacyBond",
            implementation: address(new AMATICb(TOKEN, POOL, address(switcher))),
            start: abi.encodeCall(AMATICb.initialize, (address(access), root, BATCHES))
        });
        _proxy({
            factory: factory,
            salt: "switcher",
            implementation: address(new BondSwitcher(bond, TREASURY)),
            start: abi.encodeCall(BondSwitcher.initialize, (address(access), SWITCH_FEE_BPS, SWITCH_CAP, 0))
        });

        bytes4[] memory ofManager = new bytes4[](4);
        (ofManager[0], ofManager[1]) = (BondSwitcher.setFee.selector, BondSwitcher.setCap.selector);
        (ofManager[2], ofManager[3]) = (BondSwitcher.setDailyLimit.selector, BondSwitcher.resumeSwitches.selector);
        bytes4[] memory ofGuardian = new bytes4[](1);
        ofGuardian[0] = BondSwitcher.pauseSwitches.selector;
        access.setTargetFunctionRole(address(switcher), ofManager, MANAGER_ROLE);
        access.setTargetFunctionRole(address(switcher), ofGuardian, GUARDIAN_ROLE);
    }

    // ---------------------------------------------------------------- internals

    function _pair(uint256 batch) private pure returns (bytes32) {
        return Hashes.commutativeKeccak256(_leaf(batch), _leaf(batch + 1));
    }

    function _leaf(uint256 batch) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(BATCHES, batch, holdingsOf(batch)))));
    }
}
