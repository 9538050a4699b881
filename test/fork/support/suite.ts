import { expect } from "chai";

import { bridgeBooks } from "../../../deploy/acceptance/bridge";
import { differences } from "../../../deploy/acceptance/ledgers";

import { openChains } from "./chains";
import type { Chains } from "./chains";
import { choiceOf } from "./environment";
import { deployWorld } from "./world";
import type { World } from "./world";

/** Milliseconds for a deployment, and for a test: on a live fork all that they read comes over the network. */
const DEPLOYMENT_TIME = 1_800_000;
const TEST_TIME = 600_000;

/** One world for all files of the suite, and what to go back to. */
interface Opened {
  readonly chains: Chains;
  world?: World;
  snapshots: readonly string[];
}

let opened: Opened | undefined;

/** Opens the chains, once, and says which they are. */
async function open(): Promise<Opened> {
  if (opened !== undefined) return opened;
  const chains = await openChains(process.env);
  console.log(chains.title);
  opened = { chains, snapshots: [] };
  return opened;
}

// The suite by itself: what it runs on is the first thing that it says.
if (choiceOf(process.env) !== "embedded") {
  before("the chains are opened", async function () {
    this.timeout(DEPLOYMENT_TIME);
    await open();
  });
}

async function close(): Promise<void> {
  await opened?.chains.stop();
  opened = undefined;
}

/** Files that run in parallel workers share nothing: a worker knows of none that it is the last. */
const SHARED = process.env.MOCHA_WORKER_ID === undefined;

if (SHARED) after("the chains of the fork suite are stopped", close);

/**
 * The world, deployed once for all files of the suite, or once for each in parallel workers; each test begins with the same
 * state of both chains.
 */
export function forkSuite(): () => World {
  const get = (): World => {
    if (opened?.world === undefined) throw new Error("nothing is deployed yet");
    return opened.world;
  };

  before("everything is deployed", async function () {
    this.timeout(DEPLOYMENT_TIME);
    const state = await open();
    if (state.world !== undefined) return;
    state.world = await deployWorld(state.chains);
    state.snapshots = await snapshot(state.world);
  });

  beforeEach("both chains start afresh", async function () {
    this.currentTest?.timeout(TEST_TIME);
    const world = get();
    if (opened === undefined) return;
    for (const [index, node] of [world.ethereum, world.polygon].entries()) {
      const done: unknown = await node.send("evm_revert", [opened.snapshots[index]]);
      if (done !== true) throw new Error("the chain could not be taken back");
    }
    opened.snapshots = await snapshot(world);
  });

  afterEach("books and ledgers balance", async () => {
    const { bridge, child, system } = get();
    expect((await bridgeBooks(bridge, child)).differences).to.deep.equal([]);
    expect(await differences({ system, unsynced: new Set() })).to.deep.equal([]);
  });
  if (!SHARED) after("the chains of the fork suite are stopped", close);
  return get;
}

async function snapshot({ ethereum, polygon }: World): Promise<string[]> {
  const ids: string[] = [];
  for (const node of [ethereum, polygon]) ids.push(String(await node.send("evm_snapshot", [])));
  return ids;
}
