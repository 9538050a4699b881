import { getBytes, keccak256, toBeHex, toBigInt, toUtf8Bytes } from "ethers";

/**
 * The root slot of an ERC-7201 namespace: keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff. The inner number is
 * padded to 32 bytes before it is hashed again, which matters for the one name in 256 whose hash starts with a zero byte.
 */
export function erc7201Slot(id: string): string {
  const inner = toBeHex(toBigInt(keccak256(toUtf8Bytes(id))) - 1n, 32);
  const outer = getBytes(keccak256(inner));
  outer[31] = 0;
  return toBeHex(toBigInt(outer), 32);
}
