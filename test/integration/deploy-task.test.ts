import { expect } from "chai";
import hre, { ethers } from "hardhat";

import { networkOf } from "../../deploy/networks";
import { runDeploy, runVerify } from "../../scripts/deploy/run";
import type { Chain } from "../../scripts/deploy/run";
import { accountsOf } from "../../scripts/tasks/settings";
import { failureOf } from "../support/failures";
import { unwatchLedgers } from "../support/ledgers";

const SOMEBODY = "0x00000000000000000000000000000000000A11cE";

/** What a deployment on mainnet needs from the environment. */
const MAINNET = {
  MAINNET_UPGRADER: SOMEBODY,
  MAINNET_MANAGER: SOMEBODY,
  MAINNET_GUARDIAN: SOMEBODY,
  MAINNET_TREASURY: SOMEBODY,
  MAINNET_VALIDATORS: "100:2500:2500, 101:2500:2500,102:2500:2500,103:2500:2500",
  MAINNET_GENESIS_ROOT: ethers.ZeroHash,
  MAINNET_GENESIS_BATCHES: "0",
} as const;

describe("npx hardhat deploy", () => {
  before(unwatchLedgers);

  async function chain(change: Partial<Chain> = {}): Promise<Chain & { printed: string[] }> {
    const printed: string[] = [];
    return {
      name: "mainnet",
      provider: ethers.provider,
      signers: await ethers.getSigners(),
      environment: { ...MAINNET, MAINNET_RPC_URL: "http://127.0.0.1:9" },
      print: (line) => void printed.push(line),
      printed,
      ...change,
    };
  }

  it("rehearses both sides on the embedded chain, over the local model of Polygon, and verifies them", async () => {
    const printed: string[] = [];
    await hre.run("deploy", { print: (line: string) => printed.push(line) });
    expect(printed.slice(-2)).to.deep.equal([
      "Ethereum: code, wiring, parameters, roles and delays are as configured; the deployer can do nothing.",
      "Polygon: code, wiring, parameters, roles and delays are as configured; the deployer can do nothing.",
    ]);
    expect(printed.filter((line) => / {2}(PolygonPool|BridgeAdapter|SwapPool) \(proxy\)$/.test(line))).to.have.length(
      3,
    );
  });

  it("A98: sends nothing on a node of another chain", async () => {
    const [deployer] = await ethers.getSigners();
    const nonce = await deployer?.getNonce();
    expect(await failureOf(runDeploy(await chain()))).to.equal(
      "The node of mainnet is of chain 31337 instead of 1: check its URL",
    );
    expect(await deployer?.getNonce()).to.equal(nonce);
  });

  it("says which variable has no URL, and which networks there are", async () => {
    expect(await failureOf(runDeploy(await chain({ environment: MAINNET })))).to.equal(
      "MAINNET_RPC_URL is not set: put the URL of a node of mainnet into the environment or .env",
    );
    expect(await failureOf(runVerify(await chain({ name: "goerli" })))).to.equal(
      'There is no configuration for the network "goerli": it is one of mainnet, polygon, sepolia, amoy, devnet, devnet-polygon',
    );
  });

  it("needs five accounts for a rehearsal, and says so", async () => {
    const signers = (await ethers.getSigners()).slice(0, 4);
    expect(await failureOf(runDeploy(await chain({ name: "hardhat", signers })))).to.contain("needs five accounts");
  });

  it("takes a key that is none for no key, and names the variable", async () => {
    const key = `0x${"1a".repeat(32)}`;
    expect(accountsOf(key)).to.deep.equal([key]);
    expect(accountsOf(key.slice(2))).to.deep.equal([key.slice(2)]);
    for (const none of [undefined, "", "secret", "0x12", `${key}1a`]) expect(accountsOf(none)).to.deep.equal([]);
    const provider = new Proxy(ethers.provider, {
      get: (target, name, self) =>
        name === "getNetwork"
          ? async () => Promise.resolve({ chainId: 1n })
          : (Reflect.get(target, name, self) as unknown),
    });
    expect(await failureOf(runDeploy(await chain({ provider, signers: [] })))).to.equal(
      "No key can send on mainnet: put DEPLOYER_PRIVATE_KEY, 32 bytes in hexadecimal, into the environment or .env",
    );
  });

  describe("configuration", () => {
    it("has Polygon's addresses, and takes people and validators from the environment", () => {
      const network = networkOf("mainnet", MAINNET);
      if (network.side !== "ethereum") throw new Error("mainnet is Ethereum's");
      expect(network.params.roles.upgrader).to.equal(SOMEBODY);
      expect(network.validators.map(({ id }) => id)).to.deep.equal([100n, 101n, 102n, 103n]);
      expect(network.bridge.rootChain).to.equal("0x86E4Dc95c7FBdBf52e33D563BbDB00823894C287");
      expect(networkOf("polygon", {}).chainId).to.equal(137n);
      expect(networkOf("amoy", {}).chainId).to.equal(80_002n);
      expect(networkOf("sepolia", { SEPOLIA_VALIDATORS: "9:10000:2500" }).chainId).to.equal(11_155_111n);
    });

    for (const [what, text, words] of [
      ["none", "", "must be validators as id:weight:cap"],
      ["not numbers", "a:b:c", "must be validators as id:weight:cap"],
      ["weights that do not add up", "100:2500:2500,101:2500:2500", "the weights add up to 5000 bps instead of 10000"],
      ["one twice", "100:5000:2500,100:5000:2500", "a validator twice"],
      ["a cap above the largest share", "100:10000:2501", "validator 100 has a cap above the largest share, 2500 bps"],
      ["an id of the old rate precision", "7:10000:2500", "must be validators as id:weight:cap"],
    ] as const) {
      it(`refuses validators: ${what}`, () => {
        expect(() => networkOf("mainnet", { ...MAINNET, MAINNET_VALIDATORS: text })).to.throw(
          `MAINNET_VALIDATORS: ${words}`,
        );
      });
    }

    it("refuses a number of batches that is none", () => {
      expect(() => networkOf("mainnet", { ...MAINNET, MAINNET_GENESIS_BATCHES: "" })).to.throw(
        "MAINNET_GENESIS_BATCHES: must be a whole number, as genesis:check prints it",
      );
    });
  });
});
