import { ZeroHash, dataSlice, keccak256 } from "ethers";
import type { Provider } from "ethers";

import type { Book, Deployed } from "../book";
import { IMPLEMENTATION_SLOT } from "../steps";
import { implementationsOf } from "../upgrades";

const ADMIN_SLOT = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103";
const BEACON_SLOT = "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50";
/** OpenZeppelin's Initializable keeps its version here (ERC-7201, `openzeppelin.storage.Initializable`). */
const INITIALIZED_SLOT = "0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00";
const LOCKED = 2n ** 64n - 1n;

/**
 * Every way in which what stands at the addresses of a book is not what was deployed: code, implementation of each proxy,
 * no admin or beacon beside it, implementations that cannot be initialized, proxies that were initialized once. What the
 * book has as a proxy's upgrade may be its implementation, and nothing else.
 */
export async function codeDifferences(
  provider: Provider,
  book: Pick<Book, "contracts" | "upgrades">,
): Promise<string[]> {
  const ofDeployed = Object.entries(book.contracts).map(async ([name, deployed]) => {
    const differences = await ofCode(provider, name, deployed);
    if (deployed.implementation !== undefined) {
      differences.push(...(await ofProxy(provider, name, deployed.address, implementationsOf(book, name))));
    }
    if (name.endsWith(".implementation")) differences.push(...(await ofLock(provider, name, deployed.address)));
    return differences;
  });
  const ofUpgrades = Object.entries(book.upgrades).flatMap(([name, upgrades]) =>
    upgrades.map(async (upgrade, index) => {
      const called = `${name}, upgrade ${index + 1}`;
      return [
        ...(await ofCode(provider, called, upgrade)),
        ...(await ofLock(provider, called, upgrade.address)),
        ...(book.contracts[name]?.implementation === undefined ? [`${called}: there is no such proxy`] : []),
      ];
    }),
  );
  return (await Promise.all([...ofDeployed, ...ofUpgrades])).flat();
}

async function ofLock(provider: Provider, name: string, at: string): Promise<string[]> {
  return (await versionOf(provider, at)) === LOCKED ? [] : [`${name}: can be initialized`];
}

async function ofCode(
  provider: Provider,
  name: string,
  { address, codeHash }: Pick<Deployed, "address" | "codeHash">,
): Promise<string[]> {
  const is = keccak256(await provider.getCode(address));
  return is === codeHash ? [] : [`${name}: the hash of the code at ${address} is ${is} instead of ${codeHash}`];
}

async function ofProxy(
  provider: Provider,
  name: string,
  at: string,
  implementations: readonly string[],
): Promise<string[]> {
  const differences: string[] = [];
  const named = dataSlice(await provider.getStorage(at, IMPLEMENTATION_SLOT), 12);
  if (!implementations.some((implementation) => BigInt(implementation) === BigInt(named))) {
    const should = implementations.length === 0 ? "one that the book has" : implementations.join(" or ");
    differences.push(`${name}: its implementation is ${named} instead of ${should}`);
  }
  for (const [slot, what] of [
    [ADMIN_SLOT, "an admin"],
    [BEACON_SLOT, "a beacon"],
  ] as const) {
    if ((await provider.getStorage(at, slot)) !== ZeroHash) differences.push(`${name}: it has ${what}`);
  }
  if ((await versionOf(provider, at)) === 0n) differences.push(`${name}: it was not initialized`);
  return differences;
}

async function versionOf(provider: Provider, at: string): Promise<bigint> {
  return BigInt(await provider.getStorage(at, INITIALIZED_SLOT)) & LOCKED;
}
