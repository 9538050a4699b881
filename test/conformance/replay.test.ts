import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import hre from "hardhat";

import { runConformance } from "../../scripts/conformance/cli";
import { replay } from "../../scripts/conformance/replay";
import type { GasSample, Replay } from "../../scripts/conformance/replay";
import { readTrace } from "../../scripts/conformance/trace";
import type { Step, Trace } from "../../scripts/conformance/trace";
import { buildWorld } from "../../scripts/conformance/world";
import type { World } from "../../scripts/conformance/world";

const VECTORS = path.join(__dirname, "vectors");
const FILES = readdirSync(VECTORS).filter((file) => file.endsWith(".json"));
const SHORT_TRACE = "09-force-unstake.json";

describe("Local model of Polygon's staking contracts", () => {
  let world: World;
  let snapshot: unknown;

  before(async () => {
    snapshot = await hre.network.provider.send("evm_snapshot", []);
    world = await buildWorld(hre);
  });

  after(async () => {
    await hre.network.provider.send("evm_revert", [snapshot]);
  });

  context("recorded traces", () => {
    it("are all there", () => {
      expect(FILES).to.have.length(25);
    });

    for (const file of FILES) {
      it(`A99: replays ${file} without a difference`, async () => {
        const trace = readTrace(path.join(VECTORS, file));
        const result = await replay(world, trace);
        expect(result.difference).to.equal(undefined);
        expect(result.steps).to.equal(trace.steps.length);
        expect(result.reverts).to.equal(trace.steps.filter(({ ok }) => !ok).length);
      });
    }
  });

  it("costs a delegator what the recorded code costs, within 5 %", async () => {
    const samples = await gasOfTraces([
      "02-matic-basic.json",
      "04-restake-paths.json",
      "07-migrate.json",
      "05-transfers.json",
    ]);
    expect(samples.length).to.be.greaterThan(80);
    for (const { fn, recorded, model } of samples) {
      expect(Number(model) / Number(recorded), fn).to.be.within(0.95, 1.05);
    }
  });

  context("a recorded value that is altered", () => {
    it("is found in the state after a step", async () => {
      const { difference } = await replayAltered((steps) => {
        stepOf(steps, 3).changed["v8.deactivationEpoch"] = "3";
      });
      expect(difference).to.deep.equal({
        where: "step 3 (stakeManager.forceUnstakePOL, from governance)",
        field: "state.v8.deactivationEpoch",
        expected: "3",
        actual: "2",
      });
    });

    it("is found in a state value that did not change", async () => {
      const { difference } = await replayAltered((steps) => {
        stepOf(steps, 3).changed["v9.totalSupply"] = "1";
      });
      expect(difference?.where).to.contain("step 3 ");
      expect(difference?.field).to.equal("state.v9.totalSupply");
    });

    it("is found in a key that the model does not have", async () => {
      const { difference } = await replayAltered((steps) => {
        stepOf(steps, 0).changed["v8.minAmount"] = "0";
      });
      expect(difference).to.include({ field: "state.v8.minAmount", actual: "no such key" });
    });

    it("is found in a return value", async () => {
      const { difference } = await replayAltered((steps) => {
        const step = steps.find(({ returns }) => returns?.length === 1);
        if (step?.returns === undefined) throw new Error("the trace has no call with a return value");
        step.returns[0] = "100000000000000000001";
      });
      expect(difference).to.include({ field: "returns[0]", expected: "100000000000000000001" });
    });

    it("is found in a revert reason", async () => {
      const { difference } = await replayAltered((steps) => {
        const step = steps.find(({ revert }) => revert?.kind === "string");
        if (step?.revert?.kind !== "string") throw new Error("the trace has no revert with a reason");
        step.revert.reason = "Locked";
      });
      expect(difference).to.include({ field: "revert.reason", expected: "Locked", actual: "locked" });
    });

    it("is found in the kind of a revert", async () => {
      const { difference } = await replayAltered((steps) => {
        stepOf(steps, 4).revert = { kind: "string", reason: "already unstaked" };
      });
      expect(difference?.where).to.contain("step 4 ");
      expect(difference).to.include({ field: "revert.kind", expected: "string", actual: "empty" });
    });

    it("is found in whether a call succeeds", async () => {
      const { difference } = await replayAltered((steps) => {
        stepOf(steps, 4).ok = true;
      });
      expect(difference?.field).to.equal("ok");
    });

    it("is found in an argument of an event", async () => {
      const { difference } = await replayAltered((steps) => {
        const event = stepOf(steps, 3).events?.[1];
        if (event === undefined) throw new Error("step 3 has no second event");
        event.args.amount = "109489051094890510948";
      });
      expect(difference).to.include({
        field: "events[1].args.amount",
        expected: "109489051094890510948",
        actual: "109489051094890510949",
      });
    });

    it("is found in the emitter of an event", async () => {
      const { difference } = await replayAltered((steps) => {
        const event = stepOf(steps, 3).events?.[1];
        if (event === undefined) throw new Error("step 3 has no second event");
        event.at = "eventsHub";
      });
      expect(difference).to.include({ field: "events[1].at", expected: "eventsHub", actual: "stakingInfo" });
    });

    it("is found in an event that is left out", async () => {
      const { difference } = await replayAltered((steps) => {
        stepOf(steps, 3).events?.pop();
      });
      expect(difference?.field).to.equal("events[2]");
    });

    it("is found in the rewards of a checkpoint", async () => {
      const { difference } = await replayAltered((steps) => {
        const rewards = steps.find(({ kind }) => kind === "checkpoint")?.rewards?.v8;
        if (rewards === undefined) throw new Error("the trace has no checkpoint that pays v8");
        rewards.delegators = `${rewards.delegators}1`;
      });
      expect(difference?.field).to.equal("rewards.v8.delegators");
    });

    it("is found in the initial state", async () => {
      const { difference } = await replayAltered((_steps, trace) => {
        trace.initialState["sm.totalStaked"] = "1";
      });
      expect(difference).to.include({ where: "before step 0", field: "initialState.sm.totalStaked", expected: "1" });
    });

    it("is found in the final state", async () => {
      const { difference } = await replayAltered((_steps, trace) => {
        trace.finalState["sm.epoch"] = "99";
      });
      expect(difference).to.include({ where: "after the last step", field: "finalState.sm.epoch", expected: "99" });
    });

    /** Replays a copy of a short trace that `alter` has changed. */
    function replayAltered(alter: (steps: Step[], trace: Trace) => void): Promise<Replay> {
      const trace = readShortTrace();
      alter(trace.steps, trace);
      return replay(world, trace);
    }
  });

  /** Gas of what delegators call in some traces: checkpoints and validators' calls are cheaper on the model. */
  async function gasOfTraces(files: readonly string[]): Promise<readonly GasSample[]> {
    const samples: GasSample[] = [];
    for (const file of files) samples.push(...(await replay(world, readTrace(path.join(VECTORS, file)))).gas);
    return samples.filter(({ fn }) => /^v\d+\.|migrateDelegation/.test(fn));
  }

  context("npm run conformance", () => {
    it("passes on a folder of traces and counts what it compared", async () => {
      const { code, output } = await run([folderWith({ "trace.json": readShortTrace() })]);
      expect(output).to.contain("[1/1] trace.json: 20 steps, 5 of them reverts");
      expect(code).to.equal(0);
    });

    it("fails on a difference and names file, step and field", async () => {
      const trace = readShortTrace();
      stepOf(trace.steps, 3).changed["v8.deactivationEpoch"] = "3";
      const { code, output } = await run([folderWith({ "altered.json": trace })]);
      expect(code).to.equal(1);
      expect(output).to.contain("[1/1] altered.json: DIFFERENT");
      expect(output).to.contain("step 3 (stakeManager.forceUnstakePOL, from governance)");
      expect(output).to.contain("state.v8.deactivationEpoch");
      expect(output).to.contain("recorded: 3");
      expect(output).to.contain("model:    2");
    });

    it("names the step that the model cannot carry out", async () => {
      const trace = readShortTrace();
      const step = trace.steps.find(({ kind }) => kind === "call");
      if (step?.kind !== "call") throw new Error("the trace has no call");
      step.fn = "unknownFunction";
      const { code, output } = await run([folderWith({ "unknown.json": trace })]);
      expect(output).to.contain(`[1/1] unknown.json: step ${step.i} (${step.to}.unknownFunction, from ${step.from})`);
      expect(output).to.contain("has no function unknownFunction");
      expect(code).to.equal(2);
    });

    it("refuses a folder that is not there", async () => {
      const { code, output } = await run([path.join(VECTORS, "missing")]);
      expect(output).to.contain("is no folder");
      expect(code).to.equal(2);
    });

    it("refuses a folder without traces", async () => {
      const { code, output } = await run([folderWith({})]);
      expect(output).to.contain("holds no *.json");
      expect(code).to.equal(2);
    });

    it("refuses a file that is not JSON", async () => {
      const { code, output } = await run([folderWith({ "broken.json": "{" })]);
      expect(output).to.contain("broken.json is not JSON");
      expect(code).to.equal(2);
    });

    it("refuses a trace of another format", async () => {
      const { code, output } = await run([folderWith({ "newer.json": { ...readShortTrace(), format: 2 } })]);
      expect(output).to.contain("newer.json is not a trace of format 1");
      expect(code).to.equal(2);
    });

    it("refuses to guess when no folder is named", async () => {
      const { code, output } = await run([]);
      expect(output).to.contain("name exactly one folder");
      expect(code).to.equal(2);
    });

    it("explains itself", async () => {
      const { code, output } = await run(["--help"]);
      expect(output).to.contain("usage: npm run conformance -- DIR");
      expect(code).to.equal(0);
    });
  });
});

/** Runs the command and collects what it prints. */
async function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const lines: string[] = [];
  const collect = (line: string): void => {
    lines.push(line);
  };
  const code = await runConformance(args, { log: collect, error: collect });
  return { code, output: lines.join("\n") };
}

/** A new folder with these files; text stays text, everything else is written as JSON. */
function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

function readShortTrace(): Trace {
  return readTrace(path.join(VECTORS, SHORT_TRACE));
}

function stepOf(steps: readonly Step[], i: number): Step {
  const step = steps[i];
  if (step === undefined) throw new Error(`the trace has no step ${i}`);
  return step;
}
