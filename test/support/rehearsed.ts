import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import hre, { ethers } from "hardhat";

import { memoryJournal, readBook, writeBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import type { EthereumNetwork, PolygonNetwork } from "../../deploy/networks";
import type { PolygonSystem } from "../../deploy/polygon";
import { deployEthereum, deployPolygonSide, verifyEthereum, verifyPolygon } from "../../deploy/run";
import type { System } from "../../deploy/system";
import { prepareLocal } from "../../scripts/deploy/local";
import type { Office } from "../../scripts/governance/order";

import { unwatchLedgers } from "./ledgers";

/** Both sides, deployed as they are on public networks, with their address books. */
export interface Rehearsed {
  readonly system: System;
  readonly side: PolygonSystem;
  readonly ethereum: EthereumNetwork;
  readonly polygon: PolygonNetwork;
  readonly below: Book;
  readonly above: Book;
  readonly deployer: HardhatEthersSigner;
  readonly upgrader: HardhatEthersSigner;
  readonly manager: HardhatEthersSigner;
  readonly guardian: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
}

async function deployRehearsed(): Promise<Rehearsed> {
  const signers = await ethers.getSigners();
  const [deployer, upgrader, manager, guardian, treasury, stranger] = signers as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const { ethereum, polygon } = await prepareLocal(deployer, ethers.provider, {
    upgrader: upgrader.address,
    manager: manager.address,
    guardian: guardian.address,
    treasury: treasury.address,
  });
  const below = memoryJournal(ethereum.chainId, deployer.address);
  const above = memoryJournal(polygon.chainId, deployer.address);
  const other = (book: Book) => ({ book, provider: ethers.provider });
  await deployEthereum({ deployer, journal: below }, ethereum);
  const side = await deployPolygonSide({ deployer, journal: above }, polygon, other(below.book));
  const { system } = await deployEthereum({ deployer, journal: below }, ethereum, other(above.book));
  return {
    ...{ system, side, ethereum, polygon, below: below.book, above: above.book },
    ...{ deployer, upgrader, manager, guardian, stranger },
  };
}

/** Fresh for each call, its books too. */
export async function rehearsed(): Promise<Rehearsed> {
  const world = await loadFixture(deployRehearsed);
  unwatchLedgers();
  return { ...world, below: structuredClone(world.below), above: structuredClone(world.above) };
}

/** An office on the test network with a book in a file of its own; and what it printed. */
export interface TestOffice extends Office {
  readonly printed: string[];
  readonly out: string;
  /** The book as it is in the file. */
  readonly written: () => Promise<Book>;
}

/** Opens an office with the keys of `signers`. */
export async function officeWith(book: Book, signers: readonly HardhatEthersSigner[]): Promise<TestOffice> {
  const directory = await mkdtemp(path.join(tmpdir(), "office-"));
  const bookFile = path.join(directory, "book.json");
  await writeBook(bookFile, book);
  const printed: string[] = [];
  return {
    network: "hardhat",
    provider: ethers.provider,
    artifacts: hre.artifacts,
    signers,
    bookFile,
    print: (line) => void printed.push(line),
    printed,
    out: path.join(directory, "batches"),
    written: async () => {
      const found = await readBook(bookFile);
      if (found === undefined) throw new Error("there is no book");
      return found;
    },
  };
}

/** A Safe batch, as far as the tests read it. */
export interface WrittenBatch {
  readonly chainId: string;
  readonly meta: { readonly name: string; readonly createdFromSafeAddress: string };
  readonly transactions: { readonly to: string; readonly value: string; readonly data: string }[];
}

/** Reads a batch that an office wrote. */
export async function batchIn({ out }: TestOffice, name: string): Promise<WrittenBatch> {
  return JSON.parse(await readFile(path.join(out, `${name}.json`), "utf8")) as WrittenBatch;
}

/** Sends the transactions of a batch, as the Safe would. */
export async function sendBatch({ transactions }: WrittenBatch, from: HardhatEthersSigner): Promise<void> {
  for (const { to, value, data } of transactions) await from.sendTransaction({ to, value, data });
}

/** What verification says of the Ethereum side with a book. */
export async function differencesBelow({ ethereum, above }: Rehearsed, book: Book): Promise<string[]> {
  return verifyEthereum(ethers.provider, book, ethereum, { book: above, provider: ethers.provider });
}

/** What verification says of the Polygon side with a book. */
export async function differencesAbove({ polygon, below }: Rehearsed, book: Book): Promise<string[]> {
  return verifyPolygon(ethers.provider, book, polygon, { book: below });
}
