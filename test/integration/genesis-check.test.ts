import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import type { Filter, Log, Provider } from "ethers";
import { ethers } from "hardhat";

import { checkGenesis } from "../../deploy/acceptance/genesis";
import type { GenesisFindings } from "../../deploy/acceptance/genesis";
import { mintGenesis } from "../../deploy/genesis";
import { genesisTree } from "../../scripts/lib/genesis";
import { failureOf } from "../support/failures";
import type { Context } from "../support/fixture";
import { GENESIS_SHARES, threeHolders, unmintedFixture } from "../support/legacy";

const ALL = 3n * GENESIS_SHARES;

/** A node that answers for so many blocks at a time. */
function limited(blocks: number): { provider: Provider; asked: number[] } {
  const asked: number[] = [];
  const getLogs = async (filter: Filter): Promise<Log[]> => {
    const count = Number(filter.toBlock) - Number(filter.fromBlock) + 1;
    if (count > blocks) throw new Error(`at most ${blocks} blocks`);
    asked.push(count);
    return ethers.provider.getLogs(filter);
  };
  const provider = new Proxy<Provider>(ethers.provider, {
    get: (target, key) => {
      if (key === "getLogs") return getLogs;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  return { provider, asked };
}

describe("checkGenesis: a genesis against its list", () => {
  let context: Context;
  let holders: readonly HardhatEthersSigner[];
  let payer: HardhatEthersSigner;

  beforeEach(async () => {
    context = await unmintedFixture();
    const { alice, bob, carol, stranger } = context.actors;
    holders = [alice, bob, carol];
    payer = stranger;
    await context.pool.connect(payer).mint(ALL, payer);
  });

  async function mint(): Promise<void> {
    const { bond, token } = context;
    await mintGenesis({ bond, token, tree: await threeHolders(), payer });
  }

  async function check(own: Partial<Parameters<typeof checkGenesis>[0]> = {}): Promise<GenesisFindings> {
    const { bond, token } = context;
    return checkGenesis({ bond, token, tree: await threeHolders(), provider: ethers.provider, fromBlock: 0, ...own });
  }

  it("finds nothing right behind it, and names who paid", async () => {
    await mint();
    expect(await check()).to.deep.equal({
      differences: [],
      moved: [],
      left: 0n,
      payers: new Map([[payer.address, 2n]]),
    });
  });

  it("before it, says of everything that it is not there", async () => {
    const [alice, bob, carol] = holders.map(({ address }) => address);
    const { differences, moved } = await check();
    expect(differences).to.deep.equal([
      "sealed 0 times",
      "batch 0 was never minted",
      "batch 1 was never minted",
      ...[alice, bob, carol].map((holder) => `${holder} got 0 shares instead of ${GENESIS_SHARES}`),
      "batches minted: 0 instead of 2",
      "sealed: false instead of true",
      `shares in all: 0 instead of ${ALL}`,
    ]);
    expect(moved.map(({ now }) => now)).to.deep.equal([0n, 0n, 0n]);
  });

  it("half-way through, says what is missing", async () => {
    const tree = await threeHolders();
    const { bond, token } = context;
    await token.connect(payer).approve(bond, ALL);
    const [{ batch, holdings, proof } = { batch: 0n, holdings: [], proof: [] }] = tree.batches;
    await bond.connect(payer).mintGenesis(batch, [...holdings], [...proof]);
    expect((await check()).differences).to.deep.equal([
      "sealed 0 times",
      "batch 1 was never minted",
      `${holders[2]?.address} got 0 shares instead of ${GENESIS_SHARES}`,
      "batches minted: 1 instead of 2",
      "sealed: false instead of true",
      `shares in all: ${2n * GENESIS_SHARES} instead of ${ALL}`,
    ]);
  });

  it("holders who moved, switched or unstaked shares since are told and are no difference", async () => {
    const { bond, switcher } = context;
    await mint();
    const [alice, bob, carol] = holders as [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];
    await bond.connect(alice).transferShares(bob, 1_000n);
    await bond.connect(alice).transfer(payer, 500n);
    await bond.connect(bob).transferShares(bob, 5n);
    await bond.connect(carol).unstakeShares(GENESIS_SHARES / 2n);
    await bond.connect(carol).approve(switcher, 400n);
    await switcher.connect(carol).switchShares(400n, carol);
    const { differences, moved, left } = await check();
    expect(differences).to.deep.equal([]);
    expect(moved).to.deep.equal([
      { holder: alice.address, listed: GENESIS_SHARES, now: GENESIS_SHARES - 1_500n },
      { holder: bob.address, listed: GENESIS_SHARES, now: GENESIS_SHARES + 1_000n },
      { holder: carol.address, listed: GENESIS_SHARES, now: GENESIS_SHARES / 2n - 400n },
    ]);
    expect(left).to.equal(GENESIS_SHARES / 2n + 400n);
  });

  it("a holder of the first batch may leave before the last is minted", async () => {
    const tree = await threeHolders();
    const { bond, token } = context;
    await token.connect(payer).approve(bond, ALL);
    for (const { batch, holdings, proof } of tree.batches) {
      await bond.connect(payer).mintGenesis(batch, [...holdings], [...proof]);
      if (batch === 0n) await bond.connect(holders[0]).unstakeShares(GENESIS_SHARES);
    }
    const { differences, moved, left } = await check();
    expect(differences).to.deep.equal([]);
    expect(moved).to.deep.equal([{ holder: holders[0]?.address, listed: GENESIS_SHARES, now: 0n }]);
    expect(left).to.equal(GENESIS_SHARES);
  });

  it("a list of other amounts and holders differs in root, batch, and each of them", async () => {
    await mint();
    const [alice, bob, carol] = holders as [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];
    const tree = genesisTree(
      [
        { holder: alice.address, shares: GENESIS_SHARES + 1n },
        { holder: bob.address, shares: GENESIS_SHARES },
        { holder: payer.address, shares: GENESIS_SHARES },
      ],
      2,
    );
    const { root } = await threeHolders();
    expect((await check({ tree })).differences).to.deep.equal([
      `batch 0: 2 holders with ${2n * GENESIS_SHARES} shares instead of 2 with ${2n * GENESIS_SHARES + 1n}`,
      `${alice.address} got ${GENESIS_SHARES} shares instead of ${GENESIS_SHARES + 1n}`,
      `${payer.address} got 0 shares instead of ${GENESIS_SHARES}`,
      `${carol.address} got shares and is not in the list`,
      `root: ${root} instead of ${tree.root}`,
      `shares in all: ${ALL} instead of ${ALL + 1n}`,
    ]);
  });

  it("a list that is cut into fewer batches differs in them", async () => {
    await mint();
    const { batches } = await threeHolders();
    const tree = genesisTree(
      batches.flatMap(({ holdings }) => holdings),
      3,
    );
    const { root } = await threeHolders();
    expect((await check({ tree })).differences).to.deep.equal([
      `batch 0: 2 holders with ${2n * GENESIS_SHARES} shares instead of 3 with ${ALL}`,
      "batch 1 is not in the list",
      `root: ${root} instead of ${tree.root}`,
      "batches: 2 instead of 1",
      "batches minted: 2 instead of 1",
    ]);
  });

  it("events from after the genesis on do not do", async () => {
    await mint();
    const fromBlock = (await ethers.provider.getBlockNumber()) + 1;
    await ethers.provider.send("evm_mine", []);
    const { differences } = await check({ fromBlock });
    expect(differences.slice(0, 3)).to.deep.equal([
      "sealed 0 times",
      "batch 0 was never minted",
      "batch 1 was never minted",
    ]);
  });

  it("a node that answers for few blocks at a time is asked for few at a time", async () => {
    await mint();
    const { provider, asked } = limited(10);
    expect((await check({ provider })).differences).to.deep.equal([]);
    expect(asked.reduce((sum, blocks) => sum + blocks, 0)).to.equal((await ethers.provider.getBlockNumber()) + 1);
  });

  it("a node that answers for no block is given up", async () => {
    await mint();
    expect(await failureOf(check({ provider: limited(0).provider }))).to.equal("at most 0 blocks");
  });
});
