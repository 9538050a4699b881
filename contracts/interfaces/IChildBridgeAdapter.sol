// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {TokenPermit} from "../shared/access/TokenPermit.sol";
import {IChildAnkrMATIC} from "./IChildAnkrMATIC.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IRatioFeed} from "./IRatioFeed.sol";
import {IFxMessageProcessor} from "./external/fx/IFxMessageProcessor.sol";

/// @title The bridge's end on Polygon
/// @notice Mints what was locked on Ethereum, burns what goes back there, and passes every rate to the feed.
/// @dev Amounts are shares, ankrMATIC wei. Nobody governs this contract but for its code, and nobody can pause it. A
/// deposit is taken once, in any order, and never fails for a limit: what the token does not let it mint waits, and is
/// minted as the limit refills. `MessageSent` is emitted by a withdrawal alone, in the same call as the burn of the
/// same amount, and never while a message from Ethereum is taken.
interface IChildBridgeAdapter is IFxMessageProcessor, ICommonErrors {
    /// @notice A message to Ethereum, as FxPortal has it: what is proven there.
    /// @param message A withdrawal, as `BridgeMessage` encodes it.
    event MessageSent(bytes message);

    /// @notice A deposit from Ethereum was taken.
    /// @param nonce Number of the message.
    /// @param receiver Account that gets the shares.
    /// @param shares ankrMATIC wei.
    event DepositReceived(uint64 indexed nonce, address indexed receiver, uint256 shares);

    /// @notice Shares of deposits were minted.
    /// @param receiver Account that got them.
    /// @param shares ankrMATIC wei.
    /// @param stillPending ankrMATIC wei that wait for the same account.
    event Minted(address indexed receiver, uint256 shares, uint256 stillPending);

    /// @notice ankrMATIC was burned, to be released on Ethereum.
    /// @param nonce Number of the message.
    /// @param sender Account whose ankrMATIC it was.
    /// @param receiver Account on Ethereum that gets as much.
    /// @param shares ankrMATIC wei.
    event WithdrawalSent(uint64 indexed nonce, address indexed sender, address indexed receiver, uint256 shares);

    /// @notice Only FxChild may call this.
    /// @param caller Account that called.
    error NotFxChild(address caller);

    /// @notice The message is not from the bridge's end on Ethereum.
    /// @param sender Contract on Ethereum that sent it.
    error ForeignSender(address sender);

    /// @notice More than what this bridge minted: the rest came by another.
    /// @param shares Shares asked for.
    /// @param minted Shares that this bridge minted and that have not gone back.
    error AboveMinted(uint256 shares, uint256 minted);

    /// @notice Takes a message from Ethereum: mints a deposit, up to the token's limit, and passes the rate on. A rate
    /// that the feed refuses does not keep a deposit from being minted.
    /// @dev FxChild only. Errors: `NotFxChild`, `ForeignSender`, `UnknownMessage` of `BridgeMessage`,
    /// `MessageConsumed`. A message that fails stays at Polygon's StateReceiver, and anyone may deliver it again.
    /// @inheritdoc IFxMessageProcessor
    function processMessageFromRoot(uint256 stateId, address rootMessageSender, bytes calldata data) external override;

    /// @notice Mints what waits for an account, as far as the limit goes. Anyone may call it.
    /// @dev Error: `NothingToPay`.
    /// @param receiver The account.
    /// @return paid Shares that were minted.
    function payPending(address receiver) external returns (uint256 paid);

    /// @notice Burns ankrMATIC of the caller and sends a withdrawal to Ethereum. Once a checkpoint has its block, in
    /// half an hour to 3 hours, anyone can prove it there.
    /// @dev Needs an allowance. Errors: `ZeroAddress`, `ReceiverIsDeadEnd` for the bridge's end on Ethereum,
    /// `ZeroShares`, `AboveMinted`, `IXERC20_NotHighEnoughLimits` of the token, ERC-6093's.
    /// @param shares ankrMATIC wei.
    /// @param receiver Account on Ethereum that gets as much.
    /// @return nonce Number of the message.
    function withdraw(uint256 shares, address receiver) external returns (uint64 nonce);

    /// @notice `withdraw` after a permit. A permit that was submitted by somebody else before does no harm.
    /// @dev Errors: as `withdraw`.
    /// @param shares ankrMATIC wei.
    /// @param receiver Account on Ethereum that gets as much.
    /// @param permit The caller's signature.
    /// @return nonce Number of the message.
    function withdrawWithPermit(
        uint256 shares,
        address receiver,
        TokenPermit.Permit calldata permit
    ) external returns (uint64 nonce);

    /// @notice Who brings the messages.
    function FX_CHILD() external view returns (address);

    /// @notice ankrMATIC on Polygon.
    function TOKEN() external view returns (IChildAnkrMATIC);

    /// @notice Where rates go.
    function FEED() external view returns (IRatioFeed);

    /// @notice The bridge's end on Ethereum: whose messages are believed.
    function PEER() external view returns (address);

    /// @notice Shares that can be minted now.
    function remainingMint() external view returns (uint256);

    /// @notice Shares that can be withdrawn now.
    function remainingWithdrawal() external view returns (uint256);

    /// @notice Shares that this bridge minted and that have not gone back.
    function minted() external view returns (uint256);

    /// @notice Shares that wait to be minted for an account.
    /// @param receiver The account.
    function pendingOf(address receiver) external view returns (uint256);

    /// @notice Shares that wait to be minted.
    function totalPending() external view returns (uint256);

    /// @notice Number of the last withdrawal; the first is 1.
    function lastNonce() external view returns (uint64);

    /// @notice Whether a message from Ethereum was taken.
    /// @param nonce Its number.
    function isConsumed(uint64 nonce) external view returns (bool);
}
