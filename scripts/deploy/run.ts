import type { Provider, Signer } from "ethers";

import { fileJournal, memoryJournal, readBook } from "../../deploy/book";
import type { Book, Journal } from "../../deploy/book";
import type { Environment, Network } from "../../deploy/networks";
import { deployEthereum, deployPolygonSide, verifyEthereum, verifyPolygon } from "../../deploy/run";
import type { Counterpart } from "../../deploy/run";
import type { RpcProvider } from "../lib/bridge/rpc";
import { exact } from "../lib/amounts";

import { bookFile, configurationOf, counterpartOf, requireChain } from "./chains";
import { prepareLocal } from "./local";
import { onACopy } from "./simulate";

/** The network of a run. */
export interface Chain {
  readonly name: string;
  readonly provider: Provider & RpcProvider;
  readonly signers: readonly Signer[];
  readonly environment: Environment;
  readonly print: (line: string) => void;
  /** Sends nothing: works on a copy of the chain. */
  readonly dryRun?: boolean;
}

/** Networks on which everything is deployed over the local model of Polygon, both sides on one chain. */
const LOCAL = ["hardhat", "localhost"];

/**
 * Deploys one side, or, on a local network, both over the local model of Polygon. What an earlier run did is not done again.
 * A side that is whole is verified at once.
 */
export async function runDeploy(chain: Chain): Promise<void> {
  if (LOCAL.includes(chain.name)) return chain.dryRun === true ? rehearseAndForget(chain) : rehearse(chain);
  const { name, network, url } = await configurationOf(chain.name, chain.environment);
  await requireChain(chain.provider, name, network.chainId);
  const deployer = deployerOf(chain);
  const counterpart = await counterpartOf(network, chain.environment);
  const journal = await fileJournal(bookFile(name, chain.environment), network.chainId, await deployer.getAddress());
  if (chain.dryRun === true) return simulate({ ...chain, url }, network, counterpart, journal);
  if (await deploySide(chain, network, counterpart, deployer, journal)) await runVerify(chain);
}

/** One side, as far as it can. @returns Whether it is whole. */
async function deploySide(
  chain: Pick<Chain, "print" | "environment"> & { readonly provider: Provider },
  network: Network,
  counterpart: Counterpart | undefined,
  deployer: Signer,
  journal: Journal,
): Promise<boolean> {
  const { report, bill } = counter(chain, journal);
  if (network.side === "polygon") {
    if (counterpart === undefined) {
      throw new Error(
        `There is no ${bookFile(network.counterpart, chain.environment)}: deploy on ${network.counterpart} first, then here, ` +
          `then on ${network.counterpart} again`,
      );
    }
    await deployPolygonSide({ deployer, journal, report }, network, counterpart);
    await bill();
    return true;
  }
  const { bridge } = await deployEthereum({ deployer, journal, report }, network, counterpart);
  await bill();
  if (bridge !== undefined) return true;
  chain.print(
    `The core is deployed; the deployer still has all powers. Now: npx hardhat deploy --network ` +
      `${network.counterpart}, then this again for the bridge and the hand-over.`,
  );
  return false;
}

/** The same on a copy of the chain, from where the last run stopped. */
export async function simulate(
  chain: Pick<Chain, "print" | "provider" | "environment"> & { readonly url: string },
  network: Network,
  counterpart: Counterpart | undefined,
  { book }: Journal,
): Promise<void> {
  const journal: Journal = { book: structuredClone(book), save: async () => Promise.resolve() };
  const { print, provider, url } = chain;
  await onACopy(url, network.chainId, book.deployer, async (deployer, copy) => {
    await deploySide({ ...chain, provider: copy }, network, counterpart, deployer, journal);
  });
  const { gasPrice } = await provider.getFeeData();
  print(
    `Dry run: nothing was sent. The gas is that of a copy of the chain; its price now is ${gasPrice ?? "unknown"} wei.`,
  );
}

async function rehearseAndForget(chain: Chain): Promise<void> {
  const snapshot = await chain.provider.send("evm_snapshot", []);
  try {
    await rehearse(chain);
  } finally {
    await chain.provider.send("evm_revert", [snapshot]);
  }
  chain.print("Dry run: the chain is as it was.");
}

/** Compares a deployment with its configuration and its book; fails if anything is another. */
export async function runVerify(chain: Chain): Promise<void> {
  const { name, network } = await configurationOf(chain.name, chain.environment);
  await requireChain(chain.provider, name, network.chainId);
  const file = bookFile(name, chain.environment);
  const book = await readBook(file);
  if (book === undefined) throw new Error(`There is no ${file}: nothing was deployed on ${name} from here`);
  const counterpart = await counterpartOf(network, chain.environment);
  if (counterpart === undefined) {
    throw new Error(`There is no ${bookFile(network.counterpart, chain.environment)}: half is not deployed`);
  }
  const differences =
    network.side === "ethereum"
      ? await verifyEthereum(chain.provider, book, network, counterpart)
      : await verifyPolygon(chain.provider, book, network, counterpart);
  verdict(chain, name, differences);
}

/** Both sides on one chain, from the model of Polygon to the verification. */
async function rehearse(chain: Chain): Promise<void> {
  const { provider, signers, print } = chain;
  const [, upgrader, manager, guardian, treasury] = await Promise.all(signers.map(async (one) => one.getAddress()));
  if (upgrader === undefined || manager === undefined || guardian === undefined || treasury === undefined) {
    throw new Error("A rehearsal needs five accounts: the deployer, upgrader, manager, guardian and treasury");
  }
  const deployer = deployerOf(chain);
  const self = await deployer.getAddress();
  print("The local model of Polygon: staking contracts with four validators, FxPortal");
  const { ethereum, polygon } = await prepareLocal(deployer, provider, { upgrader, manager, guardian, treasury });
  const [below, above] = [memoryJournal(ethereum.chainId, self), memoryJournal(polygon.chainId, self)];
  const other = (book: Book): { book: Book; provider: Provider } => ({ book, provider });
  const onEthereum = counter(chain, below);
  const onPolygon = counter(chain, above);
  await deployEthereum({ deployer, journal: below, report: onEthereum.report }, ethereum);
  await deployPolygonSide({ deployer, journal: above, report: onPolygon.report }, polygon, other(below.book));
  await deployEthereum({ deployer, journal: below, report: onEthereum.report }, ethereum, other(above.book));
  print("Ethereum");
  await onEthereum.bill();
  print("Polygon");
  await onPolygon.bill();
  verdict(chain, "Ethereum", await verifyEthereum(provider, below.book, ethereum, other(above.book)));
  verdict(chain, "Polygon", await verifyPolygon(provider, above.book, polygon, other(below.book)));
}

function deployerOf({ signers, name }: Chain): Signer {
  const [deployer] = signers;
  if (deployer === undefined) {
    throw new Error(
      `No key can send on ${name}: put DEPLOYER_PRIVATE_KEY, 32 bytes in hexadecimal, into the environment or .env`,
    );
  }
  return deployer;
}

/** Prints each step, and at the end the addresses and what it cost. */
function counter(
  { print, provider }: Pick<Chain, "print"> & { readonly provider: Provider },
  { book }: Journal,
): { report: (line: string) => void; bill: () => Promise<void> } {
  const known = new Set(transactionsOf(book));
  let step = 0;
  return {
    report(line) {
      step += 1;
      print(`${String(step).padStart(3)}  ${line}`);
    },
    async bill() {
      for (const [name, { address, implementation }] of Object.entries(book.contracts)) {
        if (!name.endsWith(".implementation")) print(`  ${address}  ${name}${implementation ? " (proxy)" : ""}`);
      }
      let [gas, fee] = [0n, 0n];
      for (const hash of transactionsOf(book).filter((transaction) => !known.has(transaction))) {
        const receipt = await provider.getTransactionReceipt(hash);
        gas += receipt?.gasUsed ?? 0n;
        fee += receipt?.fee ?? 0n;
      }
      print(`  ${gas.toLocaleString("en-US")} gas, ${exact(fee)} of the native coin`);
    },
  };
}

function transactionsOf({ contracts, steps }: Book): string[] {
  return [...Object.values(contracts), ...Object.values(steps)].map(({ transaction }) => transaction);
}

function verdict({ print }: Chain, name: string, differences: readonly string[]): void {
  if (differences.length === 0) {
    print(`${name}: code, wiring, parameters, roles and delays are as configured; the deployer can do nothing.`);
    return;
  }
  throw new Error([`${name} is not as configured:`, ...differences.map((line) => `  ${line}`)].join("\n"));
}
