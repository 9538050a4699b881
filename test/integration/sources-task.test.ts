import { expect } from "chai";
import { Interface } from "ethers";
import hre, { ethers } from "hardhat";

import type { Book } from "../../deploy/book";
import { sourcesOf, verifySources } from "../../scripts/deploy/sources";
import type { Service, Source } from "../../scripts/deploy/sources";
import { failureOf } from "../support/failures";
import { officeWith, rehearsed } from "../support/rehearsed";
import type { Rehearsed } from "../support/rehearsed";

const PROXY = "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol:ERC1967Proxy";

/** What the subtasks of hardhat-verify were called with. */
interface Call {
  readonly subtask: string;
  readonly args: unknown;
}

describe("npx hardhat sources:verify", () => {
  let world: Rehearsed;
  let books: Book[];

  beforeEach(async () => {
    world = await rehearsed();
    books = [world.below, world.above];
  });

  const run = async (
    book: Book,
    verify: (service: Service, source: Source) => Promise<void>,
    services: readonly Service[] = ["etherscan", "sourcify"],
  ): Promise<{ printed: string[]; failure: string | undefined }> => {
    const office = await officeWith(book, []);
    const printed: string[] = [];
    const { bookFile, artifacts } = office;
    const work = verifySources({ artifacts, bookFile, services, verify, print: (line) => void printed.push(line) });
    const failure = await work.then(
      () => undefined,
      (error: unknown) => String(error),
    );
    return { printed, failure };
  };

  it("names every contract of the book, with its source and the arguments of its constructor, on both sides", async () => {
    for (const book of books) {
      const sources = await sourcesOf(hre.artifacts, book);
      expect(sources.map(({ name }) => name).sort()).to.deep.equal(
        ["DeploymentFactory", ...Object.keys(book.contracts)].sort(),
      );
      for (const { name, contract, constructorArguments, address } of sources) {
        const { abi } = await hre.artifacts.readArtifact(contract);
        const encoded = new Interface(abi).encodeDeploy(constructorArguments);
        const known = book.contracts[name];
        if (known === undefined) {
          expect([address, constructorArguments]).to.deep.equal([book.factory?.address, [book.deployer]]);
          continue;
        }
        expect(address, name).to.equal(known.address);
        expect(encoded, name).to.equal(known.args);
        expect(contract === PROXY, name).to.equal(known.implementation !== undefined);
      }
    }
  });

  it("has each implementation before its proxy", async () => {
    const names = (await sourcesOf(hre.artifacts, world.below)).map(({ name }) => name);
    expect(names.indexOf("PolygonPool.implementation")).to.be.lessThan(names.indexOf("PolygonPool"));
    expect(names.indexOf("BridgeAdapter.implementation")).to.be.lessThan(names.indexOf("AnkrMATIC"));
  });

  it("has upgrades, too", async () => {
    const { address, args, codeHash, transaction, block } = known(world.above, "RatioFeed.implementation");
    const upgrade = { address, args, codeHash, transaction, block, migration: "0x", executed: true };
    const sources = await sourcesOf(hre.artifacts, { ...world.above, upgrades: { RatioFeed: [upgrade] } });
    const found = sources.find(({ name }) => name === "RatioFeed, upgrade 1");
    expect(found?.contract).to.equal("contracts/polygon/bridge/RatioFeed.sol:RatioFeed");
    expect(found?.constructorArguments).to.deep.equal([await world.side.adapter.getAddress()]);
  });

  function known(book: Book, name: string): Book["contracts"][string] {
    const found = book.contracts[name];
    if (found === undefined) throw new Error(`the book has no ${name}`);
    return found;
  }

  it("is what the code at each address is compiled from, by hardhat-verify's own comparison", async () => {
    const { Bytecode } = (await import("@nomicfoundation/hardhat-verify/internal/solc/bytecode.js")) as unknown as {
      Bytecode: { getDeployedContractBytecode(at: string, provider: unknown, network: string): Promise<unknown> };
    };
    const sources = (await Promise.all(books.map(async (book) => sourcesOf(hre.artifacts, book)))).flat();
    // One of each: the compiler's output is read anew for every comparison.
    for (const { name, address, contract } of new Map(sources.map((source) => [source.contract, source])).values()) {
      const deployedBytecode = await Bytecode.getDeployedContractBytecode(address, hre.network.provider, "hardhat");
      const found = (await hre.run("verify:get-contract-information", {
        ...{ contractFQN: contract, deployedBytecode, libraries: {} },
        matchingCompilerVersions: [hre.config.solidity.compilers[0]?.version],
      })) as { sourceName: string; contractName: string };
      expect(`${found.sourceName}:${found.contractName}`, name).to.equal(contract);
    }
  });

  it("is encoded by hardhat-verify as it was at the deployment", async () => {
    const { encodeArguments } = (await import("@nomicfoundation/hardhat-verify/internal/utilities.js")) as unknown as {
      encodeArguments: (abi: unknown, source: string, name: string, args: readonly unknown[]) => Promise<string>;
    };
    for (const book of books) {
      for (const { name, contract, constructorArguments } of await sourcesOf(hre.artifacts, book)) {
        const { abi, sourceName, contractName } = await hre.artifacts.readArtifact(contract);
        const encoded = await encodeArguments(abi, sourceName, contractName, constructorArguments);
        if (name in book.contracts) expect(`0x${encoded}`, name).to.equal(known(book, name).args);
      }
    }
  });

  it("goes on after a failure, names all of them, and fails in the end", async () => {
    const { printed, failure } = await run(world.above, async (service, { name }) => {
      if (service === "etherscan" && name.startsWith("RatioFeed")) throw new Error("the service is down");
      return Promise.resolve();
    });
    const { address } = known(world.above, "RatioFeed");
    expect(printed).to.include(`FAIL  etherscan: RatioFeed at ${address}: the service is down`);
    expect(printed).to.include(`ok    sourcify: RatioFeed at ${address}`);
    const count = (Object.keys(world.above.contracts).length + 1) * 2;
    expect(printed).to.have.length(count);
    expect(failure).to.contain(`2 of ${count} were not verified`);
  });

  it("takes what is verified already for verified", async () => {
    const { printed, failure } = await run(
      world.above,
      async (_, { contract, address }) => {
        const words = `The block explorer's API responded that the contract ${contract} at ${address} is already verified.`;
        return Promise.reject(new Error(words));
      },
      ["etherscan"],
    );
    expect(failure).to.equal(undefined);
    expect(printed.every((line) => line.startsWith("ok    ") && line.endsWith("already verified"))).to.equal(true);
  });

  describe("the task", () => {
    const calls: Call[] = [];
    const SUBTASKS = ["verify:etherscan", "verify:sourcify"] as const;
    const { apiKey } = hre.config.etherscan;
    const actions = SUBTASKS.map((subtask): unknown => Reflect.get(hre.tasks[subtask] ?? {}, "action"));

    // In place of the services, which cannot be reached.
    before(() => {
      hre.config.etherscan.apiKey = "a key";
      for (const subtask of SUBTASKS) {
        hre.tasks[subtask]?.setAction(async (args: unknown) => Promise.resolve(void calls.push({ subtask, args })));
      }
    });

    after(() => {
      hre.config.etherscan.apiKey = apiKey;
      for (const [index, subtask] of SUBTASKS.entries()) {
        Reflect.set(hre.tasks[subtask] ?? {}, "action", actions[index]);
      }
    });

    beforeEach(() => {
      calls.length = 0;
    });

    const task = async (options: Record<string, unknown> = {}): Promise<void> => {
      const { bookFile } = await officeWith(world.below, []);
      await hre.run("sources:verify", { book: bookFile, print: () => undefined, ...options });
    };

    it("calls hardhat-verify's subtask of each service with address, source and arguments", async () => {
      await task();
      const { pool } = world.system;
      const address = await pool.getAddress();
      const [implementation, start] = await proxyArguments(address);
      const proxies = calls.filter(({ args }) => (args as { address: string }).address === address);
      expect(proxies).to.deep.equal([
        {
          subtask: "verify:etherscan",
          args: {
            ...{ address, contract: PROXY, libraries: {}, force: false },
            constructorArgsParams: [implementation, start],
          },
        },
        { subtask: "verify:sourcify", args: { address, contract: PROXY, libraries: {} } },
      ]);
      expect(implementation).to.equal(known(world.below, "PolygonPool.implementation").address);
      expect(calls).to.have.length(2 * (Object.keys(world.below.contracts).length + 1));
    });

    /** What the proxy was constructed with, from the transaction that did it. */
    async function proxyArguments(address: string): Promise<[string, string]> {
      const { transaction } = known(world.below, "PolygonPool");
      const sent = await ethers.provider.getTransaction(transaction);
      const [, code] = world.system.factory.interface.decodeFunctionData("deploy", sent?.data ?? "0x");
      const { bytecode } = await hre.artifacts.readArtifact("ERC1967Proxy");
      expect(address).to.equal(known(world.below, "PolygonPool").address);
      const args = ethers.AbiCoder.defaultAbiCoder().decode(
        ["address", "bytes"],
        `0x${String(code).slice(bytecode.length)}`,
      );
      return [String(args[0]), String(args[1])];
    }

    it("takes one service alone", async () => {
      await task({ service: "sourcify" });
      expect(new Set(calls.map(({ subtask }) => subtask))).to.deep.equal(new Set(["verify:sourcify"]));
      expect(await failureOf(task({ service: "blockscout" }))).to.contain("neither of etherscan, sourcify");
    });

    it("asks for the key of Etherscan before it begins, and for a book", async () => {
      hre.config.etherscan.apiKey = "";
      try {
        expect(await failureOf(task())).to.contain("ETHERSCAN_API_KEY is not set");
        expect(calls).to.deep.equal([]);
        expect(await failureOf(task({ service: "sourcify", book: "/nowhere" }))).to.contain("There is no /nowhere");
      } finally {
        hre.config.etherscan.apiKey = "a key";
      }
    });
  });
});
