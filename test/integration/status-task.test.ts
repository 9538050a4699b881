import { readFile, rm } from "node:fs/promises";
import path from "node:path";

import { setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import hre, { ethers } from "hardhat";

import { readBook, writeBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import { erc7201Slot } from "../../scripts/lib/erc7201";
import { readStatus } from "../../scripts/status/run";
import { bridgedFixture, deliver } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { spread } from "../support/exits";
import { failureOf } from "../support/failures";
import { ONE } from "../support/fixture";
import { unwatchLedgers } from "../support/ledgers";
import { slash } from "../support/losses";
import { statusWorld } from "../support/status";
import type { StatusWorld } from "../support/status";

const BALANCED = "  both ledgers, and what is there, balance to the wei";
const ADVICE = "a position that lost stake balances again once anyone has called sync(POSITION) of PolygonPool";
/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:9";

/** Where an ERC-20 of OpenZeppelin keeps its supply. */
const ERC20 = "openzeppelin.storage.ERC20";
const TOTAL_SUPPLY = 2n;

describe("npx hardhat status: the task", () => {
  let context: BridgedContext;
  let world: StatusWorld;

  beforeEach(async () => {
    context = await bridgedFixture();
    world = await statusWorld(context);
  });

  afterEach(async () => {
    await world.close();
  });

  const nodes = (): Record<string, string> => ({
    DEVNET_RPC_URL: world.ethereum.url,
    DEVNET_POLYGON_RPC_URL: world.polygon.url,
  });

  const bookBelow = async (): Promise<Book> =>
    (await readBook(world.bookAt("devnet"))) ?? expect.fail("devnet has no book");

  /** The line under the title, and where it starts. */
  const about = (lines: readonly string[], network: string): string =>
    lines
      .slice(0, lines.indexOf(""))
      .join("\n")
      .split(new RegExp(`^  ${network} +`, "m"))[1]
      ?.split("\n  d")[0] ?? "";

  it("shows both chains, whichever it is asked on, and does not fail", async () => {
    for (const network of ["devnet", "devnet-polygon"]) {
      const { lines, failure } = await world.run({ network });
      expect(failure).to.equal(undefined);
      expect(lines[0]).to.equal("ankrMATIC");
      expect(lines[1]).to.match(/^ {2}devnet {11}block \d+, 20/);
      expect(lines[2]).to.match(/^ {2}devnet-polygon {3}block \d+, 20/);
      expect(lines.at(-1)).to.equal(`${BALANCED}; so do the ends of the bridge`);
    }
  });

  it("sends nothing", async () => {
    const before = await ethers.provider.getBlockNumber();
    await world.run();
    expect(await ethers.provider.getBlockNumber()).to.equal(before);
  });

  it("reads all of a chain at one block, though others come meanwhile", async () => {
    let isFirst = true;
    world.ethereum.distort = (method, answer) => {
      if (method === "eth_call" && isFirst) {
        isFirst = false;
        // Not awaited: the next question comes after it all the same.
        void context.pool.connect(context.actors.alice).deposit(7n * ONE, context.actors.alice);
      }
      return answer;
    };
    const before = await ethers.provider.getBlockNumber();
    const { lines, failure } = await world.run();
    expect(await ethers.provider.getBlockNumber()).to.equal(before + 1);
    expect(lines.join("\n")).to.contain(`block ${before},`).and.to.contain("300,001.0000  vested");
    expect(failure).to.equal(undefined);
  });

  describe("a ledger that does not balance", () => {
    it("fails by what both say", async () => {
      const root = BigInt(erc7201Slot("ankrmatic.storage.PoolLedger"));
      const word = BigInt(await ethers.provider.getStorage(context.pool, root));
      unwatchLedgers();
      // The first field of the first word: what is pooled.
      await setStorageAt(await context.pool.getAddress(), root, word + 1n);
      const { lines, failure } = await world.run();
      const said = `L1: pooled and owed = reserved, buffer, principal and unbonding: ${300_001n * ONE + 1n} is not ${300_001n * ONE}`;
      expect(failure?.split("\n").slice(0, 2)).to.deep.equal(["Not as it must be:", `  ${said}`]);
      expect(lines.join(" ").replaceAll(/ +/g, " ")).to.contain(`NOT SO: ${said}`);
      expect(lines).not.to.include(BALANCED);
    });

    it("fails where a position is worth less than the ledger says, until the loss is booked", async () => {
      await spread(context);
      await slash(context, 2n, { bps: 100n });
      const position = await context.delegator.positionAt(2n);
      const share = context.shares[1];
      const { stake = 0n } = (await share?.getTotalStake(context.delegator)) ?? {};
      const { failure } = await world.run();
      expect(failure).to.equal(
        `Not as it must be:\n  stake of position 2: ${stake} is less than ${position.principal}\n  ${ADVICE}`,
      );
      await context.pool.sync(2n);
      context.unsynced.delete(2n);
      expect((await world.run()).failure).to.equal(undefined);
    });

    it("fails where more is on Polygon than the bridge brought there", async () => {
      const { bridge, child, actors } = context;
      await bridge.connect(actors.alice).bridge(50n * ONE, actors.alice);
      await deliver(context);
      const slot = BigInt(erc7201Slot(ERC20)) + TOTAL_SUPPLY;
      unwatchLedgers();
      await setStorageAt(await child.token.getAddress(), slot, 51n * ONE);
      const { lines, failure } = await world.run();
      expect(failure).to.equal("Not as it must be:\n  supply on Polygon: 51 ankrMATIC, but the bridge minted 50");
      expect(lines.at(-1)).to.equal("  NOT SO: supply on Polygon: 51 ankrMATIC, but the bridge minted 50");
    });

    it("fails where more was minted than is locked", async () => {
      const { bridge, child, actors } = context;
      await bridge.connect(actors.alice).bridge(50n * ONE, actors.alice);
      await deliver(context);
      // As if the bridge said less than it did.
      world.ethereum.distort = (method, answer) => {
        const locked = `0x${(50n * ONE).toString(16).padStart(64, "0")}`;
        return method === "eth_call" && answer === locked ? `0x${(49n * ONE).toString(16).padStart(64, "0")}` : answer;
      };
      const { failure } = await world.run();
      expect(failure).to.contain("locked on Ethereum: 49 ankrMATIC, but minted, pending and in flight are 50");
      expect(await child.adapter.minted()).to.equal(50n * ONE);
    });
  });

  describe("one chain alone", () => {
    it("says that nothing is deployed on the other, and does not fail", async () => {
      await rm(world.bookAt("devnet-polygon"));
      const { lines, failure } = await world.run();
      expect(failure).to.equal(undefined);
      expect(about(lines, "devnet-polygon").replaceAll(/\s+/g, " ")).to.equal(
        `not shown. There is no ${world.bookAt("devnet-polygon")}: deploy with \`npx hardhat deploy --network ` +
          "devnet-polygon`, or put the address book of whoever did there",
      );
      expect(lines.at(-1)).to.equal(BALANCED);
      expect(lines.join("\n")).not.to.contain("mint, Polygon");
    });

    it("says which variable has no URL, and does not fail", async () => {
      const book = await bookBelow();
      await writeBook(world.bookAt("sepolia"), book);
      await writeBook(world.bookAt("amoy"), book);
      const { lines, failure } = await world.run({
        network: "sepolia",
        environment: { SEPOLIA_RPC_URL: world.ethereum.url },
      });
      expect(failure).to.equal(undefined);
      expect(lines.slice(2, 4).join(" ").replaceAll(/\s+/g, " ")).to.contain(
        "amoy not shown. AMOY_RPC_URL is not set: put the URL of a node of amoy into the environment or .env",
      );
    });

    it("shows the other half and fails if a node does not answer, whichever it was asked on", async () => {
      const environment = { ...nodes(), DEVNET_POLYGON_RPC_URL: NOWHERE };
      for (const network of ["devnet", "devnet-polygon"]) {
        const { lines, failure } = await world.run({ network, environment });
        expect(failure).to.match(
          /^Not as it must be:\n {2}devnet-polygon was not read: The node of DEVNET_POLYGON_RPC_URL at 127\.0\.0\.1:9 does not answer: .*ECONNREFUSED/,
        );
        expect(lines[1]).to.match(/^ {2}devnet {11}block \d+, /);
      }
      const { lines, failure } = await world.run({ environment: { ...nodes(), DEVNET_RPC_URL: NOWHERE } });
      expect(failure).to.contain("devnet was not read: The node of DEVNET_RPC_URL at 127.0.0.1:9 does not answer");
      expect(lines.join("\n")).to.contain("mint, Polygon").and.not.to.contain("VALIDATORS");
    });

    it("prints nothing and fails if neither answers", async () => {
      const environment = { DEVNET_RPC_URL: NOWHERE, DEVNET_POLYGON_RPC_URL: NOWHERE };
      const { lines, failure } = await world.run({ environment });
      expect(lines).to.deep.equal([]);
      expect(failure).to.contain("The node of DEVNET_RPC_URL at 127.0.0.1:9 does not answer");
    });

    it("refuses the node of another chain, and one that has nothing of the book", async () => {
      const book = await bookBelow();
      await writeBook(world.bookAt("devnet"), { ...book, chainId: 5 });
      expect((await world.run()).failure).to.contain(
        "The node of devnet is of chain 31337 instead of 5: check its URL",
      );
      const [first] = Object.values(book.contracts);
      await writeBook(world.bookAt("devnet"), book);
      world.ethereum.hidden.add((first?.address ?? "").toLowerCase());
      expect((await world.run()).failure).to.contain(
        `The node of devnet has no contract at ${first?.address ?? ""} of the address book`,
      );
    });

    it("names the book where another contract stands, or none, and says what tells more", async () => {
      const book = await bookBelow();
      const { PolygonPool: pool, PoolLens: lens } = book.contracts;
      if (pool === undefined || lens === undefined) throw new Error("the book has both");
      for (const address of [lens.address, context.actors.stranger.address]) {
        await writeBook(world.bookAt("devnet"), {
          ...book,
          contracts: { ...book.contracts, PolygonPool: { ...pool, address } },
        });
        expect((await world.run()).failure).to.match(
          /devnet was not read: a contract of the address book does not answer as ours do, `npx hardhat verify-state --network devnet` tells which \(.+\)/,
        );
      }
    });

    it("goes on from a deployment that was cut off by what to do", async () => {
      const book = await bookBelow();
      const contracts = Object.fromEntries(Object.entries(book.contracts).filter(([name]) => name !== "PoolLens"));
      await writeBook(world.bookAt("devnet"), { ...book, contracts, finished: false });
      expect((await world.run()).failure).to.contain(
        "The address book of devnet has no PoolLens: the deployment was cut off, go on with `npx hardhat deploy --network devnet`",
      );
    });

    it("shows a core without its bridge, whose deployer still has power", async () => {
      const book = await bookBelow();
      const contracts = Object.fromEntries(Object.entries(book.contracts).filter(([name]) => name !== "BridgeAdapter"));
      await writeBook(world.bookAt("devnet"), { ...book, contracts, finished: false });
      const { lines, failure } = await world.run();
      expect(failure).to.equal(undefined);
      expect(lines[1]).to.match(/UTC; unfinished: the deployer still has power$/);
      expect(lines).to.include("  bridge           not deployed yet");
      expect(lines.at(-1)).to.equal(BALANCED);
    });
  });

  describe("where nothing was deployed", () => {
    it("says what to do", async () => {
      const missing = world.bookAt("mainnet");
      expect((await world.run({ network: "mainnet" })).failure).to.equal(
        `There is no ${missing}: deploy with \`npx hardhat deploy --network mainnet\`, or put the address book of whoever did there`,
      );
      await rm(world.bookAt("devnet"));
      const { lines, failure } = await world.run();
      expect(lines).to.deep.equal([]);
      expect(failure).to.contain(`There is no ${world.bookAt("devnet")}: deploy with`);
    });

    it("refuses a network that has no configuration, and so the one without a name", async () => {
      expect(await failureOf(readStatus("goerli", {}))).to.contain(
        'There is no configuration for the network "goerli"',
      );
      expect(await failureOf(hre.run("status"))).to.equal(
        'There is no configuration for the network "hardhat": it is one of mainnet, polygon, sepolia, amoy, devnet, devnet-polygon',
      );
    });
  });

  describe("--json", () => {
    interface Written {
      readonly ethereum: {
        readonly network: string;
        readonly status: { readonly totalAssets: string; readonly ratio: string };
      };
      readonly polygon: { readonly status: { readonly rate?: object } };
      readonly problems: string[];
    }

    it("has all of it in wei and seconds; in a file, beside the screen", async () => {
      const json = path.join(world.folder, "status.json");
      const { lines } = await world.run({ json });
      expect(lines[0]).to.equal("ankrMATIC");
      const { ethereum, polygon, problems } = JSON.parse(await readFile(json, "utf8")) as Written;
      expect([ethereum.network, ethereum.status.totalAssets, ethereum.status.ratio]).to.deep.equal([
        "devnet",
        (300_001n * ONE).toString(),
        ONE.toString(),
      ]);
      expect(polygon.status.rate).to.equal(undefined);
      expect(problems).to.deep.equal([]);
    });

    it("or on the output, and nothing else there; it fails all the same", async () => {
      await spread(context);
      await slash(context, 1n, { bps: 100n });
      const { lines, failure } = await world.run({ json: "-" });
      expect(lines).to.have.length(1);
      const { problems } = JSON.parse(lines.join("\n")) as Written;
      expect(problems).to.have.length(2);
      expect(failure).to.equal(["Not as it must be:", ...problems.map((line) => `  ${line}`)].join("\n"));
    });
  });
});
