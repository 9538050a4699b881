// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IFxMessageProcessor} from "../../contracts/interfaces/external/fx/IFxMessageProcessor.sol";
import {Upgradeable} from "../../contracts/shared/base/Upgradeable.sol";

/// @title A later end of the bridge on Polygon, which knows version 2 of the messages
/// @notice Version 2 of a message is version 1 with a memo as its tenth word, and kind 3 is a deposit under another
/// number. Everything else is done by the code of version 1, on the same storage.
contract ChildBridgeAdapter__Next is Upgradeable, IFxMessageProcessor {
    using Address for address;

    uint256 private constant WORDS = 9 * 32;

    address private immutable BEFORE;

    /// @notice A message of version 2 brought a memo.
    event MemoReceived(bytes32 memo);

    /// @param before The implementation of version 1.
    constructor(address before) {
        BEFORE = before;
    }

    /// @inheritdoc IFxMessageProcessor
    function processMessageFromRoot(uint256 stateId, address rootMessageSender, bytes calldata data) external {
        bytes memory known = data;
        if (data.length == WORDS + 32 && uint256(bytes32(data)) == 2) {
            emit MemoReceived(bytes32(data[WORDS:]));
            known = bytes.concat(bytes32(uint256(1)), data[32:WORDS]);
        } else if (data.length == WORDS && uint256(bytes32(data[32:64])) == 3) {
            known = bytes.concat(data[:32], bytes32(uint256(1)), data[64:]);
        }
        BEFORE.functionDelegateCall(
            abi.encodeCall(IFxMessageProcessor.processMessageFromRoot, (stateId, rootMessageSender, known))
        );
    }

    /// @dev Everything else.
    // solhint-disable-next-line payable-fallback
    fallback(bytes calldata data) external returns (bytes memory) {
        return BEFORE.functionDelegateCall(data);
    }
}
