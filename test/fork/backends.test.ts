import { expect } from "chai";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { startAnvil } from "../../scripts/devnet/anvil";
import type { Anvil } from "../../scripts/devnet/anvil";
import { StakeManager__factory, IValidatorShare__factory } from "../../typechain-types";
import { failureOf } from "../support/failures";

import { openChains } from "./support/chains";
import type { Chains } from "./support/chains";
import { POLYGONS } from "./support/configuration";
import { choiceOf, sourceOf } from "./support/environment";
import { accountOf, payGas, walletOf } from "./support/people";
import { moveEpochs, payRewards } from "./support/powers";
import { pickValidators } from "./support/validators";

/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:9";

const opening = async (environment: Record<string, string>): Promise<string> =>
  failureOf(openChains({ FORK_BACKEND: "environment", ...environment }));

describe("Fork: what the environment says", () => {
  it("takes the embedded snapshot without a word, as `npm test` does, whatever URLs there are", () => {
    expect(choiceOf({})).to.equal("embedded");
    expect(choiceOf({ MAINNET_RPC_URL: NOBODY })).to.equal("embedded");
    expect(choiceOf({ FORK_BACKEND: "environment" })).to.equal("environment");
    expect(() => choiceOf({ FORK_BACKEND: "live" })).to.throw("FORK_BACKEND: must be one of");
  });

  it("takes a live fork of each chain that has a URL, at the block that is named", () => {
    const environment = { MAINNET_RPC_URL: "https://node.example/key", MAINNET_BLOCK: "23000000", POLYGON_RPC_URL: "" };
    const url = "https://node.example/key";
    expect(sourceOf("mainnet", environment)).to.deep.equal({
      kind: "live",
      network: "mainnet",
      url,
      block: 23_000_000n,
    });
    expect(sourceOf("polygon", environment)).to.deep.equal({
      ...{ kind: "embedded", network: "polygon", why: "POLYGON_RPC_URL is not set" },
    });
  });

  it("names a block that is no number, before any node is asked", async () => {
    for (const pin of ["latest", "12.5", "-1", "0x10", "1e6"]) {
      const said = await opening({ MAINNET_RPC_URL: NOBODY, POLYGON_RPC_URL: NOBODY, POLYGON_BLOCK: pin });
      expect(said).to.equal(`POLYGON_BLOCK: must be the number of a block, not "${pin}"`);
    }
  });

  it("names a block without a node", async () => {
    expect(await opening({ MAINNET_BLOCK: "5" })).to.contain("MAINNET_BLOCK is set and MAINNET_RPC_URL is not");
  });

  it("names a URL that is none", async () => {
    for (const url of ["node.example", "ftp://node.example"]) {
      expect(await opening({ POLYGON_RPC_URL: url })).to.contain("POLYGON_RPC_URL: must be the URL of a node");
    }
  });

  it("names a URL where nothing answers, without the key in it", async () => {
    const said = await opening({ MAINNET_RPC_URL: `${NOBODY}/secret` });
    expect(said).to.equal("MAINNET_RPC_URL: nothing answers at 127.0.0.1:9 (connect ECONNREFUSED 127.0.0.1:9)");
  });

  it("names a URL where something else answers than a node", async () => {
    const server = createServer((_, response) => response.end("<html>")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const said = await opening({ MAINNET_RPC_URL: `http://127.0.0.1:${port}` });
      expect(said).to.equal(
        `MAINNET_RPC_URL: what answers at 127.0.0.1:${port} is no node of a chain, or wants another key (HTTP 200)`,
      );
    } finally {
      server.close();
    }
  });

  describe("about a node that is there", () => {
    let anvil: Anvil;

    before("a chain with nothing on it is started", async () => {
      anvil = await startAnvil({ chainId: 1, port: 0, accounts: 1 });
    });

    after("the chain is stopped", async () => {
      await anvil.stop();
    });

    it("names a URL of another chain", async () => {
      expect(await opening({ POLYGON_RPC_URL: anvil.url })).to.equal(
        "POLYGON_RPC_URL: the node is of chain 1 instead of 137, which is that of polygon",
      );
    });

    it("names a block that the node does not have yet", async () => {
      expect(await opening({ MAINNET_RPC_URL: anvil.url, MAINNET_BLOCK: "23000000" })).to.equal(
        "MAINNET_BLOCK: the node's latest block is 0, before 23000000",
      );
    });

    it("names the URL, or the block, if Polygon's contracts are not there", async () => {
      expect(await opening({ MAINNET_RPC_URL: anvil.url })).to.equal(
        `MAINNET_RPC_URL: there is no StakeManager at ${POLYGONS.stakeManager} in that block`,
      );
      expect(await opening({ MAINNET_RPC_URL: anvil.url, MAINNET_BLOCK: "0" })).to.contain(
        "MAINNET_BLOCK: there is no",
      );
    });
  });
});

describe("Fork: the two backends", () => {
  let embedded: Chains;

  before("the embedded snapshot is made", async () => {
    embedded = await openChains({});
  });

  after("it is stopped", async () => {
    await embedded.stop();
  });

  it("say which they are", () => {
    expect(embedded.title).to.match(
      /^Ethereum is the embedded snapshot as chain 1 at block \d+; Polygon is the embedded snapshot as chain 137 at block \d+$/,
    );
  });

  it("give the same validators: a live fork is of whatever stands at those addresses, at the block named", async () => {
    const { provider, url } = embedded.ethereum;
    const block = await provider.getBlockNumber();
    await provider.send("anvil_mine", ["0x5"]);
    const live = await openChains({
      FORK_BACKEND: "environment",
      MAINNET_RPC_URL: url,
      MAINNET_BLOCK: String(block),
    });
    try {
      expect(live.title).to.match(
        new RegExp(
          `^Ethereum is a live fork of chain 1 at block ${block}; Polygon is the embedded snapshot as chain 137 ` +
            "at block \\d+; POLYGON_RPC_URL is not set$",
        ),
      );
      const { provider: fork } = live.ethereum;
      const pick = async (node: typeof fork): Promise<bigint[]> =>
        pickValidators(StakeManager__factory.connect(POLYGONS.stakeManager, node), 5, 15n);
      expect(await pick(fork)).to.deep.equal([8n, 12n, 16n, 17n, 18n]);
      expect(await pick(provider)).to.deep.equal([8n, 12n, 16n, 17n, 18n]);
      expect((await fork.getBlock("latest"))?.timestamp).to.equal(
        (await live.polygon.provider.getBlock("latest"))?.timestamp,
      );
      // Logs of before are the live chain's, which a node may refuse to search all of.
      const all: unknown = await fork.send("eth_getLogs", [{ address: POLYGONS.pol, fromBlock: "0x0" }]);
      expect(all).to.be.an("array").that.is.not.empty;
      expect(await fork.getLogs({ address: POLYGONS.pol, fromBlock: 0 })).to.deep.equal([]);
      // Only six of the fourteen are of the kind.
      const seven = pickValidators(StakeManager__factory.connect(POLYGONS.stakeManager, fork), 7, 15n);
      expect(await failureOf(seven)).to.contain("only 6 can be delegated to, and 7 are needed");
    } finally {
      await live.stop();
    }
  });

  it("pay rewards and move epochs as a checkpoint does that all validators signed", async () => {
    const { provider } = embedded.ethereum;
    const stakeManager = StakeManager__factory.connect(POLYGONS.stakeManager, walletOf("stranger", provider));
    await payGas(provider, accountOf("stranger").address);
    const open = [8n, 12n, 16n, 17n, 18n, 19n];
    const state = async (): Promise<bigint[]> => {
      const values = [await stakeManager.epoch(), await stakeManager.rewardPerStake()];
      for (const id of open) {
        const share = IValidatorShare__factory.connect(await stakeManager.getValidatorContract(id), provider);
        values.push(await stakeManager.delegatorsReward(id));
        values.push(await share.getLiquidRewards(accountOf("maker of the snapshot").address));
      }
      return values;
    };
    const before = await stakeManager.rewardPerStake();
    const snapshot: unknown = await provider.send("evm_snapshot", []);
    await stakeManager.checkpoints(3);
    const byCheckpoints = await state();
    await provider.send("evm_revert", [snapshot]);
    const [, after = 0n] = byCheckpoints;
    expect(after > before).to.equal(true);
    await payRewards(provider, POLYGONS.stakeManager, after - before);
    await moveEpochs(provider, POLYGONS.stakeManager, 3n);
    expect(await state()).to.deep.equal(byCheckpoints);
  });
});
