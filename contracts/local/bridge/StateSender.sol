// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Where messages from Ethereum to Polygon start
/// @notice Model of Polygon's StateSender: it numbers what it is given and emits it. Validators watch for the event.
contract StateSender {
    /// Number of the last message.
    uint256 public counter;

    /// Who may send to a receiver on Polygon.
    mapping(address receiver => address sender) public registrations;

    event NewRegistration(address indexed user, address indexed sender, address indexed receiver);
    event RegistrationUpdated(address indexed user, address indexed sender, address indexed receiver);
    event StateSynced(uint256 indexed id, address indexed contractAddress, bytes data);

    /// @notice Lets `sender` send to `receiver`. Here anyone may register a receiver for the first time; the registered
    /// sender may hand it on.
    function register(address sender, address receiver) external {
        address previous = registrations[receiver];
        require(previous == address(0) || previous == msg.sender, "StateSender.register: Not authorized to register");
        registrations[receiver] = sender;
        if (previous == address(0)) emit NewRegistration(msg.sender, sender, receiver);
        else emit RegistrationUpdated(msg.sender, sender, receiver);
    }

    /// @notice Sends `data` to `receiver`, which must be registered for the caller.
    function syncState(address receiver, bytes calldata data) external {
        require(registrations[receiver] == msg.sender, "Invalid sender");
        emit StateSynced(++counter, receiver, data);
    }
}
