import { execFile } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { ContractFactory, ethers } from "ethers";
import type { InterfaceAbi } from "ethers";

import { loadArtifacts, loadDeployables } from "../../scripts/checks/build";
import { ROOT, filesUnder } from "../../scripts/lib/files";
import { startDevnet } from "../support/devnet";
import { ONE, fixture, requestId } from "../support/fixture";
import { textsOf } from "../support/guides";
import { openStranger } from "../support/stranger";
import type { Manifest, Stranger } from "../support/stranger";

/** Reads, stakes and asks back on a devnet, by the file that the devnet wrote. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import { JsonRpcProvider, Wallet, parseEther } from "ethers";
import { ADDRESSES, IAnkrMATIC__factory, IPolygonPool__factory, addressOf } from "@ankr/ankrmatic";
import type { ContractName, IPolygonPool } from "@ankr/ankrmatic";
import abi from "@ankr/ankrmatic/abi/PolygonPool.json" with { type: "json" };
import addresses from "@ankr/ankrmatic/addresses.json" with { type: "json" };

declare const process: { argv: string[]; exitCode: number };
declare const console: { log(line: string): void; error(line: string): void };

async function main([file = "", account = ""]: string[]): Promise<void> {
  const { ethereum, accounts } = JSON.parse(readFileSync(file, "utf8"));
  const { url, chainId, contracts } = ethereum;
  const provider = new JsonRpcProvider(url, chainId, { pollingInterval: 50, cacheTimeout: -1 });
  const you = new Wallet(accounts[account].key, provider);
  const name: ContractName = "PolygonPool";
  const listed = Object.keys({ ...ADDRESSES, ...addresses });
  const pool: IPolygonPool = IPolygonPool__factory.connect(
    addressOf(chainId, name, { [chainId]: { PolygonPool: contracts.pool } }),
    you,
  );
  const token = IAnkrMATIC__factory.connect(await pool.share(), you);
  const pol = IAnkrMATIC__factory.connect(await pool.asset(), you);
  const ratio: bigint = await token.ratio();
  await (await pol.approve(pool, parseEther("7"))).wait();
  const deposit = await (await pool.deposit(parseEther("7"), you)).wait();
  await (await pool.requestRedeem(parseEther("3"), you, you)).wait();
  const [id] = await pool.requestsOf(you);
  const shares = await pool.convertToShares(parseEther("4"));
  const held = await token.balanceOf(you);
  const said = { ratio, id, shares, held, listed, functions: abi.length, logs: deposit?.logs.length };
  console.log(JSON.stringify(said, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
  provider.destroy();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(String(error));
  process.exitCode = 1;
});
`;

/** The variables that a guide's code may use. */
const VARIABLES = `
import type { JsonRpcProvider, JsonRpcSigner } from "ethers";
declare const you: JsonRpcSigner, youOnPolygon: JsonRpcSigner, anyone: JsonRpcSigner;
declare const ethereum: JsonRpcProvider, polygon: JsonRpcProvider;
declare const now: number, treasury: string;
declare const at: Record<
  | "AMATICb" | "AnkrMATIC" | "AutoClaim" | "BondSwitcher" | "BridgeAdapter" | "ChildAnkrMATIC" | "ChildBridgeAdapter"
  | "PolygonPool" | "PoolLens" | "PriceFeed" | "RatioFeed" | "SwapPool",
  string
>;
`;

interface Compiled {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, { abi: InterfaceAbi; evm: { bytecode: { object: string } } }>>;
}

const IMPORT = /import\s[^"]*"([^"]+)"/g;

/** Compiles Solidity against what the stranger has installed, and nothing else. */
async function compileSolidity({ folder }: Stranger, files: Readonly<Record<string, string>>): Promise<Compiled> {
  const sources = new Map(Object.entries(files));
  for (const [name, text] of sources) {
    for (const [, target = ""] of text.matchAll(IMPORT)) {
      const found = target.startsWith(".") ? path.posix.join(path.posix.dirname(name), target) : target;
      if (!sources.has(found)) sources.set(found, await readFile(path.join(folder, "node_modules", found), "utf8"));
    }
  }
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: { evmVersion: "cancun", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  return new Promise((resolve, reject) => {
    const compiler = execFile(
      process.execPath,
      [path.join(ROOT, "scripts/solc"), "--standard-json"],
      { maxBuffer: 2 ** 28 },
      (error, stdout) => {
        if (error === null) resolve(JSON.parse(stdout) as Compiled);
        else reject(new Error(error.message));
      },
    );
    compiler.stdin?.end(JSON.stringify(input));
  });
}

describe("npm pack", () => {
  let stranger: Stranger;
  let manifest: string;
  let devnet: ChildProcess | undefined;

  before(async function () {
    this.timeout(900_000);
    manifest = await readFile(path.join(ROOT, "package.json"), "utf8");
    stranger = await openStranger();
  });

  after(async () => {
    devnet?.kill("SIGKILL");
    await stranger.remove();
  });

  describe("what is in it", () => {
    it("is the bindings, the interfaces with what they import, and the documents that npm adds", () => {
      const kinds = [
        /^(LICENSE|README\.md|package\.json|dist\/README\.md|dist\/addresses\.json)$/,
        /^dist\/abi\/\w+\.json$/,
        /^dist\/(commonjs|module)\/package\.json$/,
        /^dist\/(commonjs|module)\/typechain-types\/(factories\/)?\w+\.(js|d\.ts)$/,
        /^dist\/(commonjs|module)\/scripts\/(package|lib|lib\/bridge)\/\w+\.(js|d\.ts)$/,
        /^contracts\/interfaces\/([a-z]+\/)*I\w+\.sol$/,
        /^contracts\/shared\/(access\/TokenPermit|messages\/BridgeMessage)\.sol$/,
      ];
      const { contents } = stranger.tarball;
      expect(contents.filter((name) => !kinds.some((kind) => kind.test(name)))).to.deep.equal([]);
      expect(kinds.filter((kind) => !contents.some((name) => kind.test(name)))).to.deep.equal([]);
    });

    it("has an ABI and a binding of each contract that is deployed and of each interface, and of nothing else", async () => {
      const artifacts = [...(await loadDeployables()), ...(await loadArtifacts("contracts/interfaces"))];
      const names = artifacts.map(({ contractName }) => contractName).sort();
      const named = (pattern: RegExp): string[] =>
        stranger.tarball.contents.flatMap((name) => pattern.exec(name)?.[1] ?? []).sort();
      expect(named(/^dist\/abi\/(\w+)\.json$/)).to.deep.equal(names);
      expect(named(/^dist\/module\/typechain-types\/factories\/(\w+)__factory\.js$/)).to.deep.equal(names);
      for (const { contractName, abi } of artifacts) {
        expect(JSON.parse(await stranger.read(`dist/abi/${contractName}.json`)), contractName).to.deep.equal(abi);
      }
    });

    it("needs ethers, zod and, for Solidity, OpenZeppelin, and brings no tool of the repository", async () => {
      const { version, ...packed } = JSON.parse(await stranger.read("package.json")) as Manifest & {
        peerDependencies: Record<string, string>;
        scripts?: object;
        private?: boolean;
      };
      expect(version).to.equal((JSON.parse(manifest) as Manifest).version);
      expect(packed).not.to.have.any.keys("devDependencies", "scripts", "allowScripts", "private");
      expect(Object.keys(packed.dependencies ?? {})).to.deep.equal(["zod"]);
      expect(Object.keys(packed.peerDependencies)).to.deep.equal(["@openzeppelin/contracts", "ethers"]);
      const programs = await filesUnder(path.join(stranger.folder, "node_modules/@ankr/ankrmatic/dist"), ".js");
      const required = new Set<string>();
      for (const file of programs) {
        for (const [, name = ""] of (await readFile(file, "utf8")).matchAll(/(?:require\(|from )"([^".][^"]*)"/g)) {
          required.add(name);
        }
      }
      expect([...required].sort()).to.deep.equal(["ethers", "zod"]);
    });

    it("leaves the manifest of the repository as it was", async () => {
      expect(await readFile(path.join(ROOT, "package.json"), "utf8")).to.equal(manifest);
    });
  });

  describe("in a stranger's project", () => {
    it("type-checks strictly, with the code of all guides, and runs against the devnet", async function () {
      this.timeout(600_000);
      // As a module of either kind; only the newer one says of what type a file is.
      await stranger.write("src/main.mts", PROGRAM);
      await stranger.write("src/main.cts", PROGRAM.replaceAll(' with { type: "json" }', ""));
      const guides = (await readdir(path.join(ROOT, "docs/guides"))).map((file) => path.parse(file).name);
      for (const guide of guides) {
        const blocks = await textsOf(guide, "ts");
        if (blocks.length > 0) await stranger.write(`src/${guide}.mts`, [VARIABLES, ...blocks].join("\n"));
      }
      expect(await stranger.compile()).to.equal("");

      const file = path.join(stranger.folder, "devnet.json");
      const { written } = await startDevnet(file, (child) => (devnet = child));
      for (const [program, account] of [
        ["main.cjs", "alice"],
        ["main.mjs", "bob"],
      ] as const) {
        const said = await stranger.run(program, file, account);
        // A share is worth 1 POL, since there were no rewards yet.
        const { functions, logs, ...rest } = JSON.parse(said) as Record<string, unknown>;
        expect(rest).to.deep.equal({
          ratio: ONE.toString(),
          id: requestId(1n, written.accounts[account]?.address ?? "").toString(),
          shares: (4n * ONE).toString(),
          held: (4n * ONE).toString(),
          listed: [],
        });
        expect(functions).to.be.greaterThan(100);
        expect(logs).to.be.greaterThan(2);
      }
    });

    it("has errors for what the typings forbid", async function () {
      this.timeout(600_000);
      await stranger.write(
        "src/main.mts",
        `import { addressOf } from "@ankr/ankrmatic";\nexport const wrong: bigint = addressOf(1, "NoSuchContract");\n`,
      );
      const said = await stranger.compile();
      expect(said).to.contain("error TS2322").and.contain("error TS2345");
    });

    it("compiles Solidity that imports each interface, and that of the guides, which works", async function () {
      this.timeout(600_000);
      const { pool, polygon, actors } = await fixture();
      const interfaces = stranger.tarball.contents.filter((name) => name.endsWith(".sol"));
      const imports = interfaces.map((name, place) => `import * as all${place} from "@ankr/ankrmatic/${name}";`);
      const header = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.34;\n";
      const [treasury = ""] = await textsOf("stake-from-a-contract", "solidity");
      const [price = ""] = await textsOf("collateral", "solidity");
      const [rate = ""] = await textsOf("ratio-on-polygon", "solidity");
      const { errors = [], contracts } = await compileSolidity(stranger, {
        "All.sol": `${header}${imports.join("\n")}\n`,
        "Treasury.sol": treasury,
        "CollateralPrice.sol": price,
        "RateOnPolygon.sol": rate,
      });
      expect(errors.filter(({ severity }) => severity === "error")).to.deep.equal([]);

      const built = contracts["Treasury.sol"]?.Treasury;
      if (built === undefined) throw new Error("the compiler left Treasury out");
      const factory = new ContractFactory(built.abi, built.evm.bytecode.object, actors.alice);
      const deployed = await factory.deploy(await pool.getAddress());
      await polygon.pol.connect(actors.alice).approve(deployed, ethers.MaxUint256);
      await deployed.getFunction("stake")(5n * ONE, 5n * ONE);
      expect(await deployed.getFunction("worth").staticCall()).to.equal(5n * ONE);
    });
  });
});
