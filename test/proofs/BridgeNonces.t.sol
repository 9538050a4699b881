// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Test} from "forge-std/Test.sol";

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {ChildBridgeAdapter} from "contracts/polygon/bridge/ChildBridgeAdapter.sol";
import {IChildAnkrMATIC} from "contracts/interfaces/IChildAnkrMATIC.sol";
import {IRatioFeed} from "contracts/interfaces/IRatioFeed.sol";
import {BridgeMessage} from "contracts/shared/messages/BridgeMessage.sol";

import {Neighbours} from "./support/Neighbours.sol";

/// @title The numbers of messages, for every number, receiver, amount and rate
contract BridgeNoncesProof is Test {
    using BitMaps for BitMaps.BitMap;

    address private constant FX_CHILD = address(0xF);
    address private constant PEER = address(0xE);

    BitMaps.BitMap private _map;
    Neighbours private _neighbours;
    ChildBridgeAdapter private _adapter;

    function setUp() public {
        _neighbours = new Neighbours();
        _adapter = new ChildBridgeAdapter(
            ChildBridgeAdapter.Wiring({
                fxChild: FX_CHILD,
                token: IChildAnkrMATIC(address(_neighbours)),
                feed: IRatioFeed(address(_neighbours)),
                peer: PEER
            })
        );
    }

    /// @notice X5: to mark a number marks it, and no other, whatever was marked before.
    function check_markChangesOne(uint256 word, uint256 number, uint256 other) public {
        _map._data[other >> 8] = word;
        bool had = _map.get(other);
        _map.set(number);
        assert(_map.get(number));
        assert(number == other || _map.get(other) == had);
    }

    /// @notice X5: a message is taken once: the adapter refuses a number that it took, whatever else the message says.
    function check_messageIsTakenOnce(
        uint64 number,
        address receiver,
        uint96 shares,
        BridgeMessage.Rate calldata rate,
        address another,
        uint96 more,
        uint256 limit
    ) public {
        _neighbours.setLimit(limit);
        assert(_deliver(number, receiver, shares, rate));
        assert(_adapter.isConsumed(number));
        (uint256 minted, uint256 pending) = (_adapter.minted(), _adapter.totalPending());
        assert(!_deliver(number, another, more, rate));
        assert(_adapter.minted() == minted && _adapter.totalPending() == pending);
    }

    /// @notice X5: to take a message leaves every other number as it was.
    function check_messageTakesNoOther(uint64 number, uint64 other, address receiver, uint96 shares) public {
        vm.assume(number != other);
        BridgeMessage.Rate memory rate;
        assert(_deliver(number, receiver, shares, rate));
        assert(!_adapter.isConsumed(other));
    }

    /// @notice X4: what a message brings is minted as far as the limit goes, and the rest waits for its receiver.
    function check_nothingIsLost(uint64 number, address receiver, uint96 shares, uint256 limit) public {
        _neighbours.setLimit(limit);
        BridgeMessage.Rate memory rate;
        assert(_deliver(number, receiver, shares, rate));
        assert(_adapter.minted() + _adapter.totalPending() == shares);
        assert(_adapter.minted() == (shares < limit ? shares : limit));
        assert(_adapter.pendingOf(receiver) == _adapter.totalPending());
    }

    /// @notice X5: nobody but FxChild, with a message of the peer, delivers one.
    function check_onlyThePeerIsHeard(address caller, address sender, uint64 number, uint96 shares) public {
        vm.assume(caller != FX_CHILD || sender != PEER);
        BridgeMessage.Rate memory rate;
        bytes memory message = _message(number, caller, shares, rate);
        vm.prank(caller);
        try _adapter.processMessageFromRoot(0, sender, message) {
            assert(false);
        } catch {
            assert(!_adapter.isConsumed(number));
        }
    }

    function _deliver(
        uint64 number,
        address receiver,
        uint96 shares,
        BridgeMessage.Rate memory rate
    ) private returns (bool taken) {
        bytes memory message = _message(number, receiver, shares, rate);
        vm.prank(FX_CHILD);
        try _adapter.processMessageFromRoot(0, PEER, message) {
            return true;
        } catch {
            return false;
        }
    }

    function _message(
        uint64 number,
        address receiver,
        uint96 shares,
        BridgeMessage.Rate memory rate
    ) private pure returns (bytes memory) {
        return
            BridgeMessage.encodeDown(
                BridgeMessage.Down({
                    kind: BridgeMessage.DEPOSIT,
                    nonce: number,
                    receiver: receiver,
                    shares: shares,
                    rate: rate
                })
            );
    }
}
