import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import type { JsonRpcProvider, Signer } from "ethers";

import { readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import type { DevnetName } from "../../deploy/networks";
import { bookFile } from "../../scripts/deploy/chains";
import type { Chain } from "../../scripts/deploy/run";
import { describeDevnet, writeDevnetFile } from "../../scripts/devnet/addresses";
import { startAnvil } from "../../scripts/devnet/anvil";
import type { Anvil } from "../../scripts/devnet/anvil";
import { NAMES, settlingWallet } from "../../scripts/devnet/wallets";
import { buildStandIns } from "../../scripts/devnet/world";
import type { StandIns } from "../../scripts/devnet/world";

/** Two chains with Polygon's contracts and nothing of ours, as `npm run devnet -- --bare` starts them. */
export interface BareDevnet extends StandIns {
  /** What names these chains to `npx hardhat` and to what is behind its tasks. */
  readonly environment: { readonly DEVNET_FILE: string };
  /** One of them as a task is given it. */
  readonly chain: (name: DevnetName, deployer?: Signer) => Chain & { readonly printed: string[] };
  readonly deployer: (name: DevnetName) => Signer;
  /** Transactions that the deployer has sent. */
  readonly sent: (name: DevnetName) => Promise<number>;
  readonly book: (name: DevnetName) => Promise<Book>;
}

/** Starts them for all tests of the block, each of which begins with nothing deployed, and stops them in the end. */
export function bareDevnet(): () => BareDevnet {
  let anvils: Anvil[] = [];
  let folder = "";
  let world: BareDevnet | undefined;
  let snapshots: unknown[] = [];
  const get = (): BareDevnet => world ?? expect.fail("the chains have not been started");
  const snapshot = async ({ ethereum, polygon }: StandIns): Promise<unknown[]> => {
    const ids: unknown[] = [];
    for (const chain of [ethereum, polygon]) ids.push(await chain.send("evm_snapshot", []));
    return ids;
  };

  before("two chains are started", async () => {
    folder = await mkdtemp(path.join(tmpdir(), "bare-devnet-"));
    for (const chainId of [31_337, 31_338]) {
      anvils.push(await startAnvil({ chainId, port: 0, accounts: NAMES.length }));
    }
    const [ethereum, polygon] = anvils;
    if (!ethereum || !polygon) return expect.fail("the chains were not started");
    const standIns = await buildStandIns({ ethereum: ethereum.provider, polygon: polygon.provider });
    const file = path.join(folder, "devnet.json");
    await writeDevnetFile(file, await describeDevnet(standIns, ethereum, polygon));
    world = openWorld(standIns, file);
    snapshots = await snapshot(standIns);
  });

  beforeEach("nothing is deployed", async () => {
    const { ethereum, polygon } = get();
    for (const [index, chain] of [ethereum, polygon].entries()) {
      expect(await chain.send("evm_revert", [snapshots[index]])).to.equal(true);
    }
    snapshots = await snapshot(get());
    await rm(path.join(folder, "deployments"), { recursive: true, force: true });
  });

  after("two chains are stopped", async () => {
    const running = anvils;
    anvils = [];
    await Promise.all(running.map((anvil) => anvil.stop()));
    await rm(folder, { recursive: true, force: true });
  });
  return get;
}

function openWorld(standIns: StandIns, file: string): BareDevnet {
  const { ethereum, polygon, accounts } = standIns;
  const environment = { DEVNET_FILE: file };
  const providerOf = (name: DevnetName): JsonRpcProvider => (name === "devnet" ? ethereum : polygon);
  const deployer = (name: DevnetName): Signer => settlingWallet(accounts.deployer, providerOf(name));
  return {
    ...standIns,
    environment,
    deployer,
    chain: (name, signer = deployer(name)) => {
      const printed: string[] = [];
      const print = (line: string): void => void printed.push(line);
      return { name, provider: providerOf(name), signers: [signer], environment, print, printed };
    },
    sent: async (name) => providerOf(name).getTransactionCount(accounts.deployer.address),
    book: async (name) => (await readBook(bookFile(name, environment))) ?? expect.fail(`${name} has no book`),
  };
}
