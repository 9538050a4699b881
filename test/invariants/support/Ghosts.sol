// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StakeManager} from "contracts/local/manager/StakeManager.sol";
import {ValidatorShare} from "contracts/local/share/ValidatorShare.sol";

/// @title What the books must answer for
/// @notice Written by handlers, read by the invariants: what each request fixed, what was paid for it, and which share
/// contracts had stake taken away or were replaced.
contract Ghosts {
    uint256 private constant RATE_ONE = 1e29;

    /// @notice POL wei that all requests of a controller fixed.
    mapping(address controller => uint256 assets) public asked;
    /// @notice How many requests were made.
    uint256 public requests;
    /// @notice POL wei paid for them.
    mapping(address controller => uint256 assets) public paid;
    /// @notice Share contracts whose rate may be off 1: their positions may be worth less than the ledger says.
    mapping(address share => bool slashed) public slashed;
    /// @notice The share contract that a validator had before it was replaced; zero while it was not.
    mapping(uint256 validatorId => address share) public original;
    /// @notice The contract that replaces it; made once.
    mapping(uint256 validatorId => address share) public spare;

    mapping(address controller => uint256[] ids) private _ids;
    mapping(uint256 requestId => bool known) private _known;

    function noteRequest(address controller, uint256 requestId, uint256 assets) external {
        asked[controller] += assets;
        ++requests;
        if (_known[requestId]) return;
        _known[requestId] = true;
        _ids[controller].push(requestId);
    }

    function notePaid(address controller, uint256 assets) external {
        paid[controller] += assets;
    }

    function noteSlashed(address share) external {
        slashed[share] = true;
    }

    /// @dev Once its rate is 1 again a position that was compared with the ledger is worth what that says. Nothing is
    /// compared while another share contract is in force.
    function noteSynced(StakeManager manager, ValidatorShare share) external {
        if (manager.getValidatorContract(share.validatorId()) != address(share)) return;
        if (share.exchangeRate() == RATE_ONE) slashed[address(share)] = false;
    }

    function noteReplaced(uint256 validatorId, address original_, address spare_) external {
        (original[validatorId], spare[validatorId]) = (original_, spare_);
    }

    /// @notice Every id that the controller ever had, claimed or not.
    function idsOf(address controller) external view returns (uint256[] memory) {
        return _ids[controller];
    }
}
