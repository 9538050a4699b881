import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import hre from "hardhat";

import { addLocalValidator } from "../../scripts/conformance/localStaking";
import { formatSet, parseSet } from "../../scripts/weights/set";
import type { ValidatorSet } from "../../scripts/weights/set";
import { delegated, order } from "../support/delegating";
import { failureOf } from "../support/failures";
import { DAY, FIRST_ID, MAX, ONE, checkpoints, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { sendBatch } from "../support/rehearsed";
import type { WrittenBatch } from "../support/rehearsed";
import { INVITING, returns, turnHostile } from "../support/scriptedShares";

const VALIDATORS = 12;
const INTERVAL = 10_000;
const BPS_MAX = 2_500n;

/** Id of a position's validator. */
function idOf(position: number): bigint {
  return FIRST_ID + BigInt(position) - 1n;
}

/** What the task is run with, and what came of it. */
interface Run {
  readonly printed: readonly string[];
  readonly out: string;
  readonly set: ValidatorSet;
  readonly page: string;
}

async function weights(context: Context, options: Record<string, unknown>): Promise<Run> {
  const printed: string[] = [];
  const all = {
    ...{ address: await context.delegator.getAddress(), book: "/nowhere", noBatch: false },
    ...{ out: await mkdtemp(path.join(tmpdir(), "weights-")), print: (line: string) => printed.push(line) },
    ...options,
  };
  await hre.run("weights", all);
  const { out } = all;
  const read = async (name: string): Promise<string> => readFile(path.join(out, name), "utf8");
  return { printed, out, set: parseSet(await read("validators.json"), "it"), page: await read("validators.html") };
}

async function blocksSince(block: number): Promise<number> {
  return (await ethers.provider.getBlockNumber()) - block;
}

/** A checkpoint that the validators of some positions do not sign. */
async function checkpointWithout({ polygon }: Context, absent: readonly number[]): Promise<void> {
  const ids = [...(await polygon.stakeManager.activeValidatorIds())];
  await polygon.stakeManager.checkpoint(
    INTERVAL,
    ids.filter((id) => !absent.some((position) => idOf(position) === id)),
    idOf(1),
  );
}

/** Others delegate to a position. */
async function delegateAs({ polygon, shares, actors }: Context, position: number, assets: bigint): Promise<void> {
  await polygon.pol.mint(actors.bob, assets);
  await polygon.pol.connect(actors.bob).approve(polygon.stakeManager, MAX);
  await shares[position - 1]?.connect(actors.bob).buyVoucherPOL(assets, 0);
}

async function onChain({ delegator }: Context): Promise<(readonly [weight: bigint, cap: bigint])[]> {
  const found: (readonly [bigint, bigint])[] = [];
  for (let position = 1; position <= VALIDATORS; position++) {
    const { weightBps, capBps } = await delegator.positionAt(position);
    found.push([weightBps, capBps]);
  }
  return found;
}

async function batchIn({ out }: Run, verb: string): Promise<WrittenBatch> {
  return JSON.parse(await readFile(path.join(out, `Delegator.setWeights.${verb}.json`), "utf8")) as WrittenBatch;
}

/** Twelve validators of mixed health; returns the block from which on performance is to be measured. */
async function mixed(context: Context): Promise<number> {
  const { polygon, actors, signers, unsynced } = context;
  const { stakeManager } = polygon;
  const owner = stakeManager.connect(actors.validatorOwner);
  await delegated(context, 1_000_000n * ONE);
  await delegateAs(context, 1, 9_000_000n * ONE);
  await delegateAs(context, 2, 4_000_000n * ONE);
  // The commission can be changed once in as many checkpoints as unbonding takes.
  await checkpoints(context, 80);
  await owner.updateCommissionRate(idOf(12), 0);
  await owner.updateCommissionRate(idOf(9), 20);
  await owner.unstakePOL(idOf(5));
  await checkpoints(context, 1);
  const since = await ethers.provider.getBlockNumber();
  for (let n = 0; n < 20; n++)
    await checkpointWithout(context, [...(n === 7 ? [10] : []), ...(n % 2 === 0 ? [11] : [])]);
  await owner.unstakePOL(idOf(4));
  await stakeManager.cheatSetLocked(idOf(6), true);
  await stakeManager.connect(signers[6]).updateValidatorDelegation(false);
  unsynced.add(8n);
  await stakeManager.cheatSlash(idOf(8), 100, true);
  return since;
}

// Scores are what commission leaves, times what missed checkpoints leave, times the mean of others' stakes over the
// validator's own if that is larger: others have 10 M, 5 M, eight times 1 M and 999,166 (slashed) at the eleven validators in
// the set, 2.18174 M in the mean. So 1: .95 * .218174 = .20727; 2: .95 * .436348 = .41453; 3: .95; 10 missed 1 of 20, so .95 *
// .5 = .475; 12: 1. The third and the last reach their caps; 5,000 bps by .20727 : .41453 : .475 are 944.9, 1,889.7, 2,165.4.
const EXPECTED = [945n, 1_890n, 2_500n, 0n, 0n, 0n, 0n, 0n, 0n, 2_165n, 0n, 2_500n];

const REASONS = [
  "validator 8: 945 bps. 95 % after commission; missed nothing; 21.81 % for 4.58 times the mean stake",
  "validator 9: 1890 bps. 95 % after commission; missed nothing; 43.63 % for 2.29 times the mean stake",
  "validator 10: 2500 bps. 95 % after commission; missed nothing; no larger than the mean; held at its cap",
  "validator 11: 0 bps. it has announced to leave",
  "validator 12: 0 bps. it has left the set of validators",
  "validator 13: 0 bps. its share contract is locked",
  "validator 14: 0 bps. it has switched delegation off",
  "validator 15: 0 bps. its rate is not exactly 1",
  "validator 16: 0 bps. its commission of 20 % is above the maximum of 15 %",
  "validator 17: 2165 bps. 95 % after commission; 50.00 % for a performance of 95.00 %; no larger than the mean",
  "validator 18: 0 bps. it earned 50.00 % of what signing everything brings, not more than 90.00 %",
  "validator 19: 2500 bps. 100 % after commission; missed nothing; no larger than the mean; held at its cap",
];

/** Concentration before and after, reckoned apart from the tool, in floating point numbers: what the page and the table say. */
function expectedFigures(before: readonly number[], after: readonly number[]): string[] {
  const figures = (stakes: readonly number[]): string[] => {
    const total = stakes.reduce((sum, one) => sum + one, 0);
    const parts = stakes.map((one) => one / total).sort((a, b) => b - a);
    const reach = (part: number): number => {
      let sum = 0;
      return parts.findIndex((one) => (sum += one) > part - 1e-12) + 1;
    };
    const pairs = parts.flatMap((a) => parts.map((b) => Math.abs(a - b))).reduce((sum, one) => sum + one, 0);
    return [
      reach(1 / 3).toString(),
      reach(1 / 2 + 1e-9).toString(),
      floored(10_000 * parts.reduce((sum, one) => sum + one * one, 0), 2),
      floored(pairs / (2 * parts.length), 4),
    ];
  };
  const [was, is] = [figures(before), figures(after)];
  return was.map((value, index) => `${value} ${is[index] ?? ""}`);
}

function floored(value: number, decimals: number): string {
  const unit = 10 ** decimals;
  return (Math.floor(value * unit + 1e-9) / unit).toLocaleString("en-US", { minimumFractionDigits: decimals });
}

/** Figures before and after, of one subject, as the table on the terminal has them. */
function printedFigures(printed: readonly string[], subject: string): string[] {
  return printed
    .filter((line) => line.startsWith(`${subject}: `))
    .map((line) => line.split(/ {2,}/).slice(1, 3).join(" "));
}

describe("npx hardhat weights", () => {
  it("proposes weights for validators of mixed health, which the batches that it writes set", async () => {
    const context = await fixture({ validators: VALIDATORS });
    const { delegator, actors } = context;
    const since = await mixed(context);
    const run = await weights(context, { window: await blocksSince(since) });
    const { printed, page, out } = run;

    const proposed = printed
      .filter((line) => /^ +[0-9]+ +[0-9]+ .* % /.test(line))
      .map((line) => line.split(/ +/).at(-1));
    expect(proposed).to.deep.equal(EXPECTED.map(String));
    for (const reason of REASONS) expect(printed).to.include(`  ${reason}`);
    expect((await readdir(out)).sort()).to.deep.equal([
      "Delegator.setWeights.execute.json",
      "Delegator.setWeights.schedule.json",
      "validators.html",
      "validators.json",
    ]);

    // The manager, and nobody else, is asked to send both, a day apart.
    const before = await onChain(context);
    const schedule = await batchIn(run, "schedule");
    expect(schedule.meta.createdFromSafeAddress).to.equal(actors.manager.address);
    await sendBatch(schedule, actors.manager);
    await time.increase(DAY);
    expect(await onChain(context)).to.deep.equal(before);
    await sendBatch(await batchIn(run, "execute"), actors.manager);
    expect(await onChain(context)).to.deep.equal(EXPECTED.map((weight) => [weight, BPS_MAX]));

    // The page has the same.
    for (const [index, reason] of REASONS.entries()) {
      const row =
        page.split("\n").find((line) => line.includes(`validator ${idOf(index + 1)}<`)) ?? expect.fail(reason);
      expect(row).to.contain(`<b>${(Number(EXPECTED[index]) / 100).toFixed(2)} %</b>`);
      expect(row.replaceAll("&nbsp;", " ")).to.contain(reason.split(" bps. ")[1]);
    }
    expect(page).not.to.match(/<script|https?:|src=/);

    // Once they are set there is nothing to send.
    const again = await weights(context, { window: await blocksSince(since), out });
    expect(again.printed.at(-1)).to.equal("The weights and caps are these already: there is no batch to send");
    expect(await readdir(out)).to.deep.equal(["validators.html", "validators.json"]);
    expect(await delegator.acceptsStake(10)).to.equal(true);
  });

  it("tells the concentration of the network's stake and of the pool's, before and after", async () => {
    const context = await fixture({ validators: VALIDATORS });
    const window = await blocksSince(await mixed(context));
    const { printed, page, set } = await weights(context, { window, noBatch: true });
    expect(set.validators).to.have.lengthOf(VALIDATORS);
    expect(printed.filter((line) => line.includes("but StakeManager counts"))).to.deep.equal([]);

    const pool = set.positions.map(({ principalWei }) => Number(principalWei));
    const poolStake = pool.reduce((sum, one) => sum + one, 0);
    const target = EXPECTED.map((weight) => (Number(weight) * poolStake) / 10_000);
    const inSet = set.validators.map(({ id, stakeWei }) => ({ index: Number(id - FIRST_ID), stake: Number(stakeWei) }));
    const active = inSet.filter(({ stake }) => stake > 0);
    const network = expectedFigures(
      active.map(({ stake }) => stake),
      active.map(({ index, stake }) => stake - (pool[index] ?? 0) + (target[index] ?? 0)),
    );
    expect(active).to.have.lengthOf(VALIDATORS - 1);
    expect(printedFigures(printed, "network")).to.deep.equal(network);
    expect(printedFigures(printed, "pool")).to.deep.equal(expectedFigures(pool, target));
    for (const figures of network)
      expect(page).to.contain(
        figures
          .split(" ")
          .map((one) => `<td>${one}</td>`)
          .join(""),
      );
  });

  describe("performance", () => {
    it("is told from what delegators earned, whatever the commission, harvests and stake that comes and goes", async () => {
      const context = await fixture({ validators: VALIDATORS });
      const { polygon, actors, pool, shares } = context;
      await delegated(context, 1_000_000n * ONE);
      await checkpoints(context, 80);
      await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(idOf(2), 13);
      const since = await ethers.provider.getBlockNumber();
      for (let n = 0; n < 10; n++) {
        await checkpointWithout(context, n < 3 ? [2, 3] : []);
        if (n === 4) await pool.harvest([]);
        if (n === 5) await delegateAs(context, 3, 777_777n * ONE);
        if (n === 7) await shares[1]?.connect(actors.bob).withdrawRewardsPOL();
      }
      const { set } = await weights(context, { window: await blocksSince(since) });
      // Three of ten were missed. After the sixth the stake of all was 13,777,777 POL instead of 13,000,000, and each POL earned as
      // much less: 1 - 3 / (6 + 4 * 13 / 13.777777) = 0.69307.
      expect(set.positions.map(({ performanceBps }) => performanceBps)).to.deep.equal([
        ...[10_000n, 6_931n, 6_931n],
        ...Array<bigint>(VALIDATORS - 3).fill(10_000n),
      ]);
      // The change was in the epoch in which the time began.
      expect(
        set.positions.filter(({ commissionChanged }) => commissionChanged).map(({ position }) => position),
      ).to.deep.equal([2n]);
    });

    it("is reckoned with the higher commission where that changed meanwhile, and says so", async () => {
      const context = await fixture({ validators: VALIDATORS });
      const owner = context.polygon.stakeManager.connect(context.actors.validatorOwner);
      await delegated(context, 1_000_000n * ONE);
      await checkpoints(context, 80);
      const since = await ethers.provider.getBlockNumber();
      await checkpoints(context, 5);
      await owner.updateCommissionRate(idOf(1), 15);
      await owner.updateCommissionRate(idOf(2), 0);
      await owner.updateCommissionRate(idOf(3), 100);
      await checkpoints(context, 5);
      const { set, printed } = await weights(context, { window: await blocksSince(since) });
      // 1 and 2 earned 90 % and 97.5 % of what there was; of the 85 % and 95 % that they are held to, that is all.
      expect(set.positions.slice(0, 4).map((one) => [one.performanceBps, one.commissionChanged])).to.deep.equal([
        [10_000n, true],
        [10_000n, true],
        [0n, true],
        [10_000n, false],
      ]);
      expect(printed.filter((line) => line.includes("~100.00 %"))).to.have.lengthOf(2);
    });

    it("is unknown, and counts as full, of a validator that nobody delegated to, and of all without a time", async () => {
      const context = await fixture({ validators: VALIDATORS });
      const since = await ethers.provider.getBlockNumber();
      await checkpoints(context, 2);
      const measured = await weights(context, { window: await blocksSince(since), noBatch: true });
      expect(measured.set.positions.every(({ performanceBps }) => performanceBps === null)).to.equal(true);
      expect(measured.printed[0]).to.contain("unknown for 12, which counts as full");
      const { printed, set } = await weights(context, { window: 0, noBatch: true });
      expect(set.readAt?.sinceBlock).to.equal(null);
      expect(printed[0]).to.contain("performance was not measured");
      expect(printed.filter((line) => line.includes("performance unknown, counted as full"))).to.have.lengthOf(
        VALIDATORS,
      );
      // Without any stake of the pool there is nothing to tell of it.
      expect(printedFigures(printed, "pool")[0]).to.equal("no stake 4");
    });

    it("cannot be told of a time without checkpoints, or longer than the chain", async () => {
      const context = await fixture({ validators: VALIDATORS });
      await time.increase(1);
      expect(await failureOf(weights(context, { window: 1 }))).to.contain("0 checkpoints since block");
      expect(await failureOf(weights(context, { window: 50_400 }))).to.match(
        /the chain has \d+ blocks only, choose fewer/,
      );
      expect(await failureOf(weights(context, { window: -1 }))).to.contain("--window -1 is no number of blocks");
    });

    it("cannot be told by a node that has no old state", async () => {
      const context = await fixture({ validators: VALIDATORS });
      // The first block has no StakeManager: what a node answers that forgot it.
      const window = await ethers.provider.getBlockNumber();
      expect(await failureOf(weights(context, { window }))).to.contain("the node does not tell the state of block 0");
    });
  });

  it("gives nothing to share contracts that are replaced, silent, or refused by the Delegator, and skips empty numbers", async () => {
    const context = await fixture({ validators: VALIDATORS });
    const { polygon, delegator } = context;
    const next = await polygon.stakeManager.createShareContract.staticCall(idOf(1));
    await polygon.stakeManager.createShareContract(idOf(1));
    await polygon.stakeManager.updateValidatorContractAddress(idOf(1), next);
    await turnHostile(context, 2n, {});
    // A boolean of 2 is true for most readers, but not for the Delegator.
    await turnHostile(context, 3n, { ...INVITING, delegation: returns(2n) });
    const all = [...[837n, 833n, 833n, 0n, 1_666n], ...Array<bigint>(7).fill(833n)];
    const caps = all.map((weight) => (weight === 0n ? 0n : BPS_MAX));
    await order(context, delegator.interface.encodeFunctionData("setWeights", [all, caps]));
    await order(context, delegator.interface.encodeFunctionData("removePosition", [4n]));

    const { set, printed } = await weights(context, { window: 0 });
    expect(set.positions.map(({ position }) => position)).not.to.include(4n);
    expect(set.positions.slice(0, 4).map(({ obstacles }) => obstacles)).to.deep.equal([
      ["replaced"],
      ["silent"],
      ["refused"],
      [],
    ]);
    expect(printed.some((line) => line.includes("[0,0,0,0,1250,1250,1250,1250,1250,1250,1250,1250]"))).to.equal(true);
  });

  it("finds the whole network, and says so if StakeManager counts another stake, or more validators", async () => {
    const context = await fixture({ validators: VALIDATORS });
    const { polygon, actors } = context;
    const far = { id: 1_000n, owner: actors.validatorOwner.address, stake: 7n * ONE };
    await addLocalValidator(polygon, { ...far, signer: "0x0000000000000000000000000000000000001000" });
    const found = await weights(context, { window: 0, noBatch: true });
    expect(found.set.validators.at(-1)).to.deep.equal({ id: 1_000n, stakeWei: 7n * ONE });

    // No transaction does this: stake is taken from a validator that the total counts no more.
    const share = await addLocalValidator(polygon, {
      ...far,
      id: 99n,
      signer: "0x0000000000000000000000000000000000000099",
    });
    await polygon.pol.connect(actors.bob).approve(polygon.stakeManager, MAX);
    await share.connect(actors.bob).buyVoucherPOL(100n * ONE, 0);
    await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(99);
    await checkpoints(context);
    await polygon.stakeManager.cheatSlash(99, 100, true);
    const noted = await weights(context, { window: 0, noBatch: true });
    const total = 12_000_007n * ONE;
    expect(noted.printed).to.include(
      `The stakes of the validators come to ${total} wei, but StakeManager counts ${total - ONE}`,
    );
    expect(noted.page).to.contain("but StakeManager counts");

    await addLocalValidator(polygon, { ...far, id: 1_025n, signer: "0x0000000000000000000000000000000000001025" });
    expect(await failureOf(weights(context, { window: 0 }))).to.contain(
      "StakeManager counts 14 validators, but only 13 have ids up to 1024: read them from a file, with --file",
    );
  });

  it("says where it looked for the Delegator, if something else stands there", async () => {
    const context = await fixture({ validators: VALIDATORS });
    const address = await context.pool.getAddress();
    expect(await failureOf(weights(context, { address, window: 0 }))).to.contain(
      `What is at ${address} does not answer as a Delegator does: check the address, or the address book by ` +
        "`npx hardhat verify-state` (",
    );
  });

  it("proposes nothing while Polygon takes no delegation at all", async () => {
    const context = await fixture({ validators: VALIDATORS });
    await context.polygon.stakeManager.setDelegationEnabled(false);
    expect(await failureOf(weights(context, { window: 0 }))).to.contain(
      "No weights can be proposed: 0 of 12 positions are fit",
    );
  });

  describe("with a file", () => {
    let context: Context;
    let set: ValidatorSet;
    let file: string;

    beforeEach(async () => {
      context = await fixture({ validators: VALIDATORS });
      ({ set } = await weights(context, { window: 0, noBatch: true }));
      file = path.join(await mkdtemp(path.join(tmpdir(), "weights-file-")), "validators.json");
    });

    const fileOf = async (changed: ValidatorSet): Promise<string> => {
      await writeFile(file, formatSet(changed));
      return file;
    };

    it("proposes by what stands there: performance and caps, as they are edited", async () => {
      const positions = set.positions.map((one) => ({
        ...one,
        performanceBps: one.position === 1n ? 9_500n : 10_000n,
        capBps: one.position === 2n ? 500n : one.capBps,
      }));
      const run = await weights(context, { file: await fileOf({ ...set, positions }) });
      // 9,500 bps for the first, with half a score, and ten more with a whole one.
      const expected = [452n, 500n, ...Array<bigint>(8).fill(905n), 904n, 904n];
      await sendBatch(await batchIn(run, "schedule"), context.actors.manager);
      await time.increase(DAY);
      await sendBatch(await batchIn(run, "execute"), context.actors.manager);
      expect(await onChain(context)).to.deep.equal(
        expected.map((weight, index) => [weight, index === 1 ? 500n : BPS_MAX]),
      );
      expect(run.set.positions).to.deep.equal(positions);
    });

    it("needs no deployment if no batch is wanted", async () => {
      const options = { file: await fileOf(set), address: undefined };
      const { printed, out } = await weights(context, { ...options, noBatch: true });
      expect(printed.at(-1)).to.contain("validators.html shows it");
      expect(await readdir(out)).to.have.lengthOf(2);
      expect(await failureOf(weights(context, options))).to.contain("There is no /nowhere");
    });

    it("stops at bad values, with their names, and at a file that is not there", async () => {
      const [first, ...rest] = set.positions;
      const bad = { ...set, positions: [{ ...(first ?? expect.fail()), commissionPercent: 101n }, ...rest] };
      expect(await failureOf(weights(context, { file: await fileOf(bad) }))).to.contain(
        "positions[0].commissionPercent: Too big: expected number to be <=100",
      );
      expect(await failureOf(weights(context, { file: "/nowhere.json" }))).to.contain(
        "--file /nowhere.json cannot be read",
      );
    });

    it("stops if it is of other positions than the chain's, or of a validator that takes no stake by now", async () => {
      const others = set.positions.map((one) => (one.position === 2n ? { ...one, position: 13n } : one));
      const failure = await failureOf(weights(context, { file: await fileOf({ ...set, positions: others }) }));
      expect(failure).to.contain("position 2 is validator 9's on chain and nobody's in the file");
      expect(failure).to.contain("position 13 is in the file alone");

      await context.polygon.stakeManager.cheatSetLocked(idOf(3), true);
      expect(await failureOf(weights(context, { file: await fileOf(set) }))).to.contain(
        "position 3 is fit by the file, but takes no stake by the chain",
      );
    });
  });
});
