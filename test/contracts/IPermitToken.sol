// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title What the suites of the token standards ask of a token
/// @notice ERC-20 with metadata and ERC-6093's errors, EIP-2612 with OpenZeppelin's errors, EIP-5267.
interface IPermitToken is IERC20Metadata, IERC20Permit, IERC5267, IERC20Errors {
    /// @notice The deadline of the permit has passed.
    error ERC2612ExpiredSignature(uint256 deadline);

    /// @notice The permit is signed by another account.
    error ERC2612InvalidSigner(address signer, address owner);

    /// @notice No account has made this signature.
    error ECDSAInvalidSignature();

    /// @notice The second form of a signature that has another.
    error ECDSAInvalidSignatureS(bytes32 s);
}
