import { expect } from "chai";
import { MaxUint256 } from "ethers";
import type { JsonRpcProvider, TransactionReceipt, Wallet } from "ethers";

import { bridgeBooks } from "../../deploy/acceptance/bridge";
import { differences } from "../../deploy/acceptance/ledgers";
import { startAnvil } from "../../scripts/devnet/anvil";
import type { Anvil } from "../../scripts/devnet/anvil";
import { ONE } from "../../scripts/devnet/site";
import type { Limits } from "../../scripts/devnet/site";
import { NAMES } from "../../scripts/devnet/wallets";
import type { Name } from "../../scripts/devnet/wallets";
import { DAY, buildDevnet, pass, passEpochs, relayOf, walletOf } from "../../scripts/devnet/world";
import type { Devnet, RelayChoice } from "../../scripts/devnet/world";
import { relayOnce } from "../../scripts/lib/relayer/loop";
import type { Relay, RelayEvent } from "../../scripts/lib/relayer/relay";

/** Limits of the bridge between the two chains of a test, shares. */
export const LIMITS = {
  lockCapWei: 500_000n * ONE,
  releaseLimitWei: 10_000n * ONE,
  releaseCeilingWei: 20_000n * ONE,
  mintingLimitWei: 10_000n * ONE,
  burningLimitWei: 20_000n * ONE,
  supplyCapWei: 1_000_000n * ONE,
} as const satisfies Limits;

/** What alice, bob and carol hold of ankrMATIC on Ethereum, at the start of each test. */
export const HELD = 100_000n * ONE;

/** The whole system between two real nodes, as it is at the start of each test. */
export interface TwoChains extends Devnet {
  /** Wallet of a name on Ethereum. */
  readonly above: (name: Name) => Wallet;
  /** Wallet of a name on Polygon. */
  readonly below: (name: Name) => Wallet;
  /** A relayer, and all that it says. */
  readonly relayer: (choice?: RelayChoice) => { readonly relay: Relay; readonly events: RelayEvent[] };
}

/**
 * Starts two chains for all tests of the block, each of which begins with the same state, and stops them in the end. After
 * each test the books of the bridge and both ledgers must balance.
 */
export function twoChains(): () => TwoChains {
  let anvils: Anvil[] = [];
  let world: TwoChains | undefined;
  let snapshots: readonly string[] = [];
  const get = (): TwoChains => world ?? expect.fail("the chains have not been started");

  before("two chains are started", async () => {
    for (const chainId of [31_337, 31_338]) {
      anvils.push(await startAnvil({ chainId, port: 0, accounts: NAMES.length }));
    }
    const [ethereum, polygon] = anvils;
    if (!ethereum || !polygon) return expect.fail("the chains were not started");
    world = await buildTwoChains({ ethereum: ethereum.provider, polygon: polygon.provider });
    snapshots = await snapshot(world);
  });

  beforeEach("both chains start afresh", async () => {
    const chains = [get().ethereum, get().polygon];
    for (const [index, chain] of chains.entries()) {
      expect(await chain.send("evm_revert", [snapshots[index]])).to.equal(true);
    }
    snapshots = await snapshot(get());
  });

  afterEach("books and ledgers balance", async () => {
    const { bridge, child, system } = get();
    expect((await bridgeBooks(bridge, child)).differences).to.deep.equal([]);
    expect(await differences({ system, unsynced: new Set() })).to.deep.equal([]);
  });

  after("two chains are stopped", async () => {
    const running = anvils;
    anvils = [];
    await Promise.all(running.map((anvil) => anvil.stop()));
  });
  return get;
}

async function snapshot({ ethereum, polygon }: Pick<Devnet, "ethereum" | "polygon">): Promise<string[]> {
  const ids: string[] = [];
  for (const chain of [ethereum, polygon]) ids.push((await chain.send("evm_snapshot", [])) as string);
  return ids;
}

async function buildTwoChains(chains: Pick<Devnet, "ethereum" | "polygon">): Promise<TwoChains> {
  const devnet = await buildDevnet(chains, LIMITS);
  const { staking, system, bridge, child } = devnet;
  const above = (name: Name): Wallet => walletOf(devnet, name, devnet.ethereum);
  const below = (name: Name): Wallet => walletOf(devnet, name, devnet.polygon);
  for (const name of ["alice", "bob", "carol"] as const) {
    await staking.pol.connect(above(name)).approve(system.pool, MaxUint256);
    await system.pool.connect(above(name)).deposit(HELD, above(name));
    await system.token.connect(above(name)).approve(bridge, MaxUint256);
    await child.token.connect(below(name)).approve(child.adapter, MaxUint256);
  }
  await system.pool.connect(above("stranger")).delegate(MaxUint256);
  const relayer: TwoChains["relayer"] = (choice = {}) => {
    const events: RelayEvent[] = [];
    return { relay: relayOf(devnet, (event) => void events.push(event), choice), events };
  };
  const world = { ...devnet, above, below, relayer };
  // The blocks of the deployment are in one checkpoint.
  await relayOnce(relayer().relay);
  return world;
}

/** Steps of a relayer until there is nothing left to do. */
export async function relayAll(relay: Relay): Promise<void> {
  while ((await relayOnce(relay)) > 0);
}

/** Sends shares from Ethereum to Polygon; nobody delivers them yet. */
export async function lock(
  { bridge, above, accounts }: TwoChains,
  shares: bigint,
  from: Name,
  to: Name = from,
): Promise<void> {
  await bridge.connect(above(from)).bridge(shares, accounts[to].address);
}

/** Sends shares from Polygon to Ethereum; nobody proves them yet. */
export async function withdraw(
  { child, below, accounts }: TwoChains,
  shares: bigint,
  from: Name,
  to: Name = from,
): Promise<TransactionReceipt> {
  const sent = await child.adapter.connect(below(from)).withdraw(shares, accounts[to].address);
  return (await sent.wait()) ?? expect.fail("the withdrawal was not mined");
}

/** ankrMATIC of an account on Ethereum. */
export async function sharesAbove({ system, accounts }: TwoChains, name: Name): Promise<bigint> {
  return system.token.balanceOf(accounts[name].address);
}

/** ankrMATIC of an account on Polygon. */
export async function sharesBelow({ child, accounts }: TwoChains, name: Name): Promise<bigint> {
  return child.token.balanceOf(accounts[name].address);
}

/** A day of rewards, harvested and vested: the value of a share is higher afterwards. */
export async function earn(world: TwoChains): Promise<void> {
  const { system, above } = world;
  await passEpochs(world, 48n);
  await system.pool.connect(above("stranger")).harvest([]);
  await pass(world, 7n * DAY);
}

/** The next step of a chain's node fails at a contract's address, until the code is given back. */
export async function breakContract(chain: JsonRpcProvider, at: string): Promise<() => Promise<void>> {
  const code = await chain.getCode(at);
  // PUSH1 0, PUSH1 0, REVERT.
  await chain.send("anvil_setCode", [at, "0x60006000fd"]);
  return async () => {
    await chain.send("anvil_setCode", [at, code]);
  };
}

/** What the relayer said it did, without what it was about to do. */
export function done(events: readonly RelayEvent[]): string[] {
  return events.map(({ what }) => what).filter((what) => !what.includes("ing"));
}
