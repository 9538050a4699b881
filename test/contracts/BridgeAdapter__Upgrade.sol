// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {BridgeAdapter} from "../../contracts/ethereum/bridge/BridgeAdapter.sol";
import {ExitProof} from "../../contracts/ethereum/bridge/ExitProof.sol";

/// @title A later end of the bridge
/// @notice The adapter as it is, and one more message that it knows: of another version, with a text.
contract BridgeAdapter__Upgrade is BridgeAdapter {
    // As in the adapter.
    bytes32 private constant BRIDGE_STORAGE = 0xdffc18c29a5b0a7aa60c856b7a12d10eaa36ba9b374b4c0a9dd20d813a841600;

    uint256 private constant NEXT_VERSION = 2;

    /// @notice A message of the next version came.
    event NoteReceived(bytes32 exitId, string note);

    /// @notice Not a message of the next version.
    error OtherVersion(uint256 version);

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Wiring memory wiring, uint256 releaseCeiling) BridgeAdapter(wiring, releaseCeiling) {}

    /// @notice Takes a message of the next version, once.
    function receiveNote(bytes calldata proof) external {
        (bytes32 exitId, address emitter, bytes memory message) = ExitProof.read(ROOT_CHAIN, proof);
        if (emitter != PEER) revert ForeignEmitter(emitter);
        BridgeStorage storage $ = _bridgeState();
        if ($.exits[exitId]) revert ExitConsumed(exitId);
        $.exits[exitId] = true;
        (uint256 version, string memory note) = abi.decode(message, (uint256, string));
        if (version != NEXT_VERSION) revert OtherVersion(version);
        emit NoteReceived(exitId, note);
    }

    function _bridgeState() private pure returns (BridgeStorage storage $) {
        assembly {
            $.slot := BRIDGE_STORAGE
        }
    }
}
