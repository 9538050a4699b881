import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import type { Signer } from "ethers";
import { getAddress, toBeHex } from "ethers";

import { estimateGenesis, mintGenesis, planGenesis } from "../../deploy/genesis";
import type { GenesisOutcome } from "../../deploy/genesis";
import { genesisTree } from "../../scripts/lib/genesis";
import type { Holding } from "../../scripts/lib/genesis";
import { failureOf } from "../support/failures";
import { ONE, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { breakingAfter, breakingBefore, hooked } from "../support/senders";

/** Seven holders with 1, 2, … 7 shares, in batches of 3, 7, 11 and 7 shares. */
const HOLDINGS: readonly Holding[] = Array.from({ length: 7 }, (_, index) => ({
  holder: getAddress(toBeHex(0xb0000 + index, 20)),
  shares: BigInt(index + 1) * ONE,
}));
const TREE = genesisTree(HOLDINGS, 2);
const BATCHES = [0n, 1n, 2n, 3n];
const BATCH_SHARES = [3n * ONE, 7n * ONE, 11n * ONE, 7n * ONE];
const ALL = 28n * ONE;

/** What batches from this one on come to. */
const from = (batch: number): bigint => BATCH_SHARES.slice(batch).reduce((sum, shares) => sum + shares, 0n);

describe("mintGenesis: the run over a list", () => {
  let context: Context;
  let payer: HardhatEthersSigner;

  beforeEach(async () => {
    const genesis = { root: TREE.root as `0x${string}`, batches: BigInt(TREE.batches.length) };
    context = await fixture({ params: { genesis } });
    payer = context.actors.alice;
    await stake(payer, ALL);
  });

  async function stake(account: HardhatEthersSigner, shares: bigint): Promise<void> {
    await context.pool.connect(account).mint(shares, account);
  }

  async function run(by: Signer = payer, lines: string[] = [], tree = TREE): Promise<GenesisOutcome> {
    const { bond, token } = context;
    return mintGenesis({ bond, token, tree, payer: by }, (line) => lines.push(line));
  }

  /** Who paid for which batch, in order of time. */
  async function payers(): Promise<[bigint, string][]> {
    const events = await context.bond.queryFilter(context.bond.filters.GenesisBatchMinted());
    return events.map(({ args }) => [args.batch, args.payer]);
  }

  async function expectWholeGenesis(): Promise<void> {
    const { bond, token } = context;
    expect((await payers()).map(([batch]) => batch).sort()).to.deep.equal(BATCHES);
    expect(await bond.genesisSealed()).to.equal(true);
    expect(await bond.totalSharesSupply()).to.equal(ALL);
    expect(await token.balanceOf(bond)).to.equal(ALL);
    for (const { holder, shares } of HOLDINGS) expect(await bond.sharesOf(holder)).to.equal(shares);
  }

  /** A stranger who has what it takes to mint. */
  async function rival(): Promise<HardhatEthersSigner> {
    const { token, bond, actors } = context;
    await stake(actors.bob, ALL);
    await token.connect(actors.bob).approve(bond, ALL);
    return actors.bob;
  }

  async function mintAs(account: HardhatEthersSigner, number: number): Promise<void> {
    const { batch, holdings, proof } = TREE.batches[number] ?? { batch: 0n, holdings: [], proof: [] };
    await context.bond.connect(account).mintGenesis(batch, [...holdings], [...proof]);
  }

  it("mints every batch, takes as many ankrMATIC as there are shares, and leaves no allowance", async () => {
    const { token, bond } = context;
    expect(await run()).to.deep.equal({ minted: BATCHES, passed: [] });
    await expectWholeGenesis();
    expect(await payers()).to.deep.equal(BATCHES.map((batch) => [batch, payer.address]));
    expect(await token.balanceOf(payer)).to.equal(0n);
    expect(await token.allowance(payer, bond)).to.equal(0n);
  });

  it("approves exactly what is needed, once, even if more was approved before", async () => {
    const { token, bond } = context;
    await token.connect(payer).approve(bond, ALL + 1n);
    const block = await payer.provider.getBlockNumber();
    await run();
    const approvals = await token.queryFilter(token.filters.Approval(payer, bond), block + 1);
    expect(approvals.map(({ args }) => args.value)).to.deep.equal([ALL]);
  });

  it("says how far it is: what is left, then each batch with its holders, shares and gas", async () => {
    const lines: string[] = [];
    await run(payer, lines);
    expect(lines.slice(0, 2)).to.deep.equal(["0 of 4 batches are minted, 28 shares are left", "approved 28 ankrMATIC"]);
    const batch = [
      /^batch 1 of 4: 2 holders, 3 shares, \d{6} gas, 0x[0-9a-f]{64}$/,
      /^batch 2 of 4: 2 holders, 7 shares, \d{6} gas, 0x[0-9a-f]{64}$/,
      /^batch 3 of 4: 2 holders, 11 shares, \d{6} gas, 0x[0-9a-f]{64}$/,
      /^batch 4 of 4: 1 holders, 7 shares, \d{6} gas, 0x[0-9a-f]{64}$/,
    ];
    expect(lines).to.have.length(6);
    for (const [index, pattern] of batch.entries()) expect(lines[index + 2]).to.match(pattern);
  });

  for (const [stop, where] of [
    [0, "before the approval"],
    [1, "between the approval and the first batch"],
    [2, "after the first batch"],
    [3, "after the second batch"],
    [4, "before the last batch"],
  ] as const) {
    it(`a run that stops ${where} is resumed, and every batch is minted once`, async () => {
      const done = Math.max(stop - 1, 0);
      const failure = await failureOf(run(breakingBefore(payer, stop)));
      expect(failure.split("\n")[0]).to.equal(
        stop === 0 ? "the line is down" : `Batch ${stop} of 4 could not be minted: the line is down`,
      );
      expect(await payers()).to.deep.equal(BATCHES.slice(0, done).map((batch) => [batch, payer.address]));
      expect(await context.token.balanceOf(payer)).to.equal(from(done));

      const sentBefore = await payer.getNonce();
      expect(await run()).to.deep.equal({ minted: BATCHES.slice(done), passed: [] });
      await expectWholeGenesis();
      // The approval of the run before is what is needed still.
      expect((await payer.getNonce()) - sentBefore).to.equal(4 - done + (stop === 0 ? 1 : 0));
      expect(await context.token.balanceOf(payer)).to.equal(0n);
      expect(await context.token.allowance(payer, context.bond)).to.equal(0n);
    });
  }

  it("a failure says which batch it was and what to do next", async () => {
    expect(await failureOf(run(breakingBefore(payer, 3)))).to.equal(
      "Batch 3 of 4 could not be minted: the line is down\n" +
        "Nothing is lost: run it again with the same list, and it goes on with this batch.",
    );
  });

  it("an approval whose answer is lost stops the run; the next one uses it", async () => {
    expect(await failureOf(run(breakingAfter(payer, 0)))).to.equal("the answer is lost");
    const sentBefore = await payer.getNonce();
    await run();
    await expectWholeGenesis();
    expect((await payer.getNonce()) - sentBefore).to.equal(4);
  });

  for (const batch of BATCHES) {
    it(`batch ${batch}, mined but with its answer lost, is not minted again, and the run goes on`, async () => {
      const outcome = await run(breakingAfter(payer, Number(batch) + 1));
      expect(outcome).to.deep.equal({ minted: BATCHES.filter((other) => other !== batch), passed: [batch] });
      await expectWholeGenesis();
      expect(await context.token.balanceOf(payer)).to.equal(0n);
    });
  }

  it("a run that is stopped at every step, each time anew, mints every batch once", async () => {
    await failureOf(run(breakingAfter(payer, 0)));
    for (let round = 0; round < 3; round++) await failureOf(run(breakingBefore(payer, 1)));
    expect((await payers()).length).to.equal(3);
    await run(breakingBefore(payer, 1));
    await expectWholeGenesis();
  });

  it("a second run has nothing to do and sends nothing", async () => {
    await run();
    const block = await payer.provider.getBlockNumber();
    const lines: string[] = [];
    expect(await run(payer, lines)).to.deep.equal({ minted: [], passed: [] });
    expect(lines).to.deep.equal(["4 of 4 batches are minted, 0 shares are left"]);
    expect(await payer.provider.getBlockNumber()).to.equal(block);
  });

  it("what somebody else minted before is neither paid nor approved", async () => {
    const { token } = context;
    await mintAs(await rival(), 1);
    await run();
    await expectWholeGenesis();
    expect(await token.balanceOf(payer)).to.equal(BATCH_SHARES[1]);
  });

  it("a batch that somebody else mints while the run is at another is passed over", async () => {
    const stranger = await rival();
    const lines: string[] = [];
    const busy = hooked(payer, { after: async (count) => (count === 1 ? mintAs(stranger, 2) : undefined) });
    expect(await run(busy, lines)).to.deep.equal({ minted: [0n, 1n, 3n], passed: [2n] });
    await expectWholeGenesis();
    expect(lines).to.include("batch 3 of 4: minted already, by another transaction");
    expect(await context.token.balanceOf(payer)).to.equal(BATCH_SHARES[2]);
  });

  for (const batch of BATCHES) {
    it(`batch ${batch} is passed over if somebody else is a moment faster: GenesisBatchDone`, async () => {
      const { token, bond } = context;
      const stranger = await rival();
      const index = Number(batch);
      let refused = "";
      const late = hooked(payer, {
        before: async (count) => (count === index + 1 ? mintAs(stranger, index) : undefined),
      });
      const sending = new Proxy(late, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (key !== "sendTransaction") return value;
          return async (request: Parameters<Signer["sendTransaction"]>[0]) =>
            target.sendTransaction(request).catch((error: unknown) => {
              refused = String(error);
              throw error;
            });
        },
      });
      const lines: string[] = [];
      const outcome = await run(sending, lines);
      expect(refused).to.include(`reverted with custom error 'GenesisBatchDone(${batch})'`);
      expect(outcome).to.deep.equal({ minted: BATCHES.filter((other) => other !== batch), passed: [batch] });
      await expectWholeGenesis();
      // Nothing is paid twice, and what was approved for it does not stay so.
      expect(await token.balanceOf(payer)).to.equal(BATCH_SHARES[index]);
      expect(await token.allowance(payer, bond)).to.equal(0n);
      const took = `took back the approval of ${(BATCH_SHARES[index] ?? 0n) / ONE} ankrMATIC that were not needed`;
      expect(lines.at(-1)).to.equal(took);
    });
  }

  it("a list with another amount, holder, order or length is refused, and what differs is told", async () => {
    const changed = (holdings: readonly Holding[]): ReturnType<typeof genesisTree> => genesisTree(holdings, 2);
    const [first, second, ...rest] = HOLDINGS as [Holding, Holding, ...Holding[]];
    const intro =
      "This is not the list that aMATICb was deployed with; take the same file, with its lines in the same order:";
    for (const tree of [
      changed([{ ...first, shares: first.shares + 1n }, second, ...rest]),
      changed([{ ...first, holder: payer.address }, second, ...rest]),
      changed([second, first, ...rest]),
    ]) {
      expect(await failureOf(run(payer, [], tree))).to.equal(
        `${intro}\n  root: ${tree.root} of this list, ${TREE.root} in the contract`,
      );
    }
    const shorter = changed([first, second, ...rest.slice(0, -1)]);
    expect(await failureOf(run(payer, [], shorter))).to.equal(
      `${intro}\n  batches: 3 in this list, 4 in the contract\n` +
        `  root: ${shorter.root} of this list, ${TREE.root} in the contract`,
    );
    expect(await payers()).to.deep.equal([]);
    expect(await context.token.allowance(payer, context.bond)).to.equal(0n);
  });

  it("a payer with a wei too little is told how much, and nothing is sent", async () => {
    const { token, actors } = context;
    await token.connect(payer).transfer(actors.carol, 1n);
    const block = await payer.provider.getBlockNumber();
    expect(await failureOf(run())).to.equal(
      `${payer.address} holds 27.999999999999999999 ankrMATIC, and 28 are still to be minted: ` +
        "it needs 0.000000000000000001 more",
    );
    expect(await payer.provider.getBlockNumber()).to.equal(block);
  });

  it("a payer needs what is left, not what the whole list comes to", async () => {
    const { token, actors } = context;
    await mintAs(await rival(), 2);
    await token.connect(payer).transfer(actors.carol, BATCH_SHARES[2] ?? 0n);
    await run();
    await expectWholeGenesis();
  });

  describe("the plan", () => {
    it("tells what is pending, and sends nothing", async () => {
      const { bond, token } = context;
      await mintAs(await rival(), 0);
      const block = await payer.provider.getBlockNumber();
      const plan = await planGenesis({ bond, token, tree: TREE, payer });
      expect(plan).to.deep.equal({
        payer: payer.address,
        pending: TREE.batches.slice(1),
        needed: 25n * ONE,
        balance: ALL,
        allowance: 0n,
      });
      expect(await payer.provider.getBlockNumber()).to.equal(block);
    });

    it("estimates gas that is enough and at most a fifth too much, before and after the approval", async () => {
      const many = Array.from({ length: 60 }, (_, index) => ({ holder: toBeHex(0xc0000 + index, 20), shares: ONE }));
      const tree = genesisTree(many, 30);
      context = await fixture({ params: { genesis: { root: tree.root, batches: 2n } } });
      await stake(payer, tree.shares);
      const { bond, token } = context;
      const genesis = { bond, token, tree, payer };
      const before = await estimateGenesis(genesis, await planGenesis(genesis));
      await token.connect(payer).approve(bond, tree.shares);
      const after = await estimateGenesis(genesis, await planGenesis(genesis));
      await mintGenesis(genesis);
      const events = await bond.queryFilter(bond.filters.GenesisBatchMinted());
      const used = await Promise.all(events.map(async (event) => (await event.getTransactionReceipt()).gasUsed));
      expect(used).to.have.length(2);
      for (const estimates of [before, after]) {
        for (const [index, gas] of used.entries()) expect(estimates[index]).to.be.within(gas, (gas * 6n) / 5n);
      }
    });
  });
});
