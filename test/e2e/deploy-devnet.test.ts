import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import fc from "fast-check";

import type { Book } from "../../deploy/book";
import type { DevnetName } from "../../deploy/networks";
import { runDeploy, runVerify } from "../../scripts/deploy/run";
import { ROOT } from "../../scripts/lib/files";
import { readStatus } from "../../scripts/status/run";
import { screenOf } from "../../scripts/status/screen";
import { bareDevnet } from "../support/bareDevnet";
import { failureOf } from "../support/failures";
import { Killed, KillingSigner } from "../support/killing";
import { SEED } from "../support/properties";

/** Ethereum's core, Polygon's side, then the bridge and the hand-over. */
const ORDER = ["devnet", "devnet-polygon", "devnet"] as const satisfies readonly DevnetName[];
const NAMES = ["devnet", "devnet-polygon"] as const satisfies readonly DevnetName[];

const WHOLE = "code, wiring, parameters, roles and delays are as configured; the deployer can do nothing.";

const BALANCED = "  both ledgers, and what is there, balance to the wei; so do the ends of the bridge";

/** What two runs on equal chains must have in common: not the transactions, whose blocks may differ. */
function placesOf({ factory, contracts, promised, finished }: Book): object {
  const places = Object.entries(contracts).map(([name, { address, args, codeHash, implementation }]) => [
    name,
    { address, args, codeHash, implementation },
  ]);
  return { factory, places: Object.fromEntries(places) as object, promised, finished };
}

describe("e2e: npx hardhat deploy --network devnet", function () {
  this.timeout(900_000);
  const devnet = bareDevnet();
  /** Of a deployment that nothing cut off: what the deployer sent, and the books. */
  const whole = new Map<DevnetName, { readonly sent: number; readonly places: object }>();

  async function expectWhole(): Promise<void> {
    const { sent, book, chain } = devnet();
    for (const name of NAMES) {
      expect({ sent: await sent(name), places: placesOf(await book(name)) }, name).to.deep.equal(whole.get(name));
      const verified = chain(name);
      await runVerify(verified);
      expect(verified.printed).to.deep.equal([`${name}: ${WHOLE}`]);
    }
  }

  before("nothing cuts it off", async () => {
    const { chain, sent, book } = devnet();
    for (const name of ORDER) await runDeploy(chain(name));
    for (const name of NAMES) whole.set(name, { sent: await sent(name), places: placesOf(await book(name)) });
  });

  it("is whole after the core, Polygon's side, and the bridge; a further run sends nothing", async () => {
    const { chain, sent, environment } = devnet();
    await runDeploy(chain("devnet"));
    const early = await readStatus("devnet", environment);
    expect("missing" in early.polygon && early.polygon.missing).to.contain("deploy --network devnet-polygon");
    expect(screenOf(early)[1]).to.match(/UTC; unfinished: the deployer still has power$/);
    for (const name of ORDER.slice(1)) await runDeploy(chain(name));
    await expectWhole();
    const status = await readStatus("devnet", environment);
    expect(status.problems).to.deep.equal([]);
    expect(screenOf(status).at(-1)).to.equal(BALANCED);
    const before = [await sent("devnet"), await sent("devnet-polygon")];
    for (const name of ORDER) await runDeploy(chain(name));
    expect([await sent("devnet"), await sent("devnet-polygon")]).to.deep.equal(before);
  });

  it("goes on, and does nothing twice, when it is killed after every single step", async () => {
    const { chain, deployer, sent } = devnet();
    const before = { devnet: await sent("devnet"), "devnet-polygon": await sent("devnet-polygon") };
    const kills = { devnet: 0, "devnet-polygon": 0 };
    for (const name of ORDER) {
      for (let isDone = false; !isDone;) {
        try {
          await runDeploy(chain(name, new KillingSigner(deployer(name), 0, "after it is mined, unseen")));
          isDone = true;
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          kills[name] += 1;
        }
      }
    }
    for (const name of NAMES) expect(kills[name], name).to.equal((whole.get(name)?.sent ?? 0) - before[name]);
    await expectWhole();
  });

  it("goes on when its process is killed, at a random moment of each part; and is then shown by status", async () => {
    const { environment } = devnet();
    interface Moment {
      /** Steps that it has told of by then. */
      readonly steps: number;
      /** Milliseconds after that. */
      readonly after: number;
    }
    /** Runs a task in a process of its own, and kills it if told to. */
    async function run(task: string, name: DevnetName, kill?: Moment): Promise<{ code: number | null; last: string }> {
      const program = path.join(ROOT, "node_modules/.bin/hardhat");
      const child = spawn(process.execPath, [program, task, "--network", name], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(child, "close");
      let told = 0;
      let last = "";
      for await (const line of createInterface(child.stdout)) {
        if (/^ *\d+ {2}/.test(line)) told += 1;
        last = line;
        if (told !== kill?.steps) continue;
        await sleep(kill.after);
        child.kill("SIGKILL");
      }
      const [code] = (await ended) as [number | null];
      return { code, last };
    }
    const moments = fc.sample(
      fc.record<Moment>({ steps: fc.integer({ min: 1, max: 9 }), after: fc.integer({ min: 0, max: 300 }) }),
      { seed: SEED, numRuns: ORDER.length },
    );
    for (const [index, name] of ORDER.entries()) {
      expect((await run("deploy", name, moments[index])).code, `${name}, to be killed`).to.equal(null);
      expect((await run("deploy", name)).code, name).to.equal(0);
    }
    await expectWhole();
    expect(await run("status", "devnet-polygon")).to.deep.equal({ code: 0, last: BALANCED });
  });

  it("says in which order it goes, and what to start", async () => {
    const { chain } = devnet();
    expect(await failureOf(runDeploy(chain("devnet-polygon")))).to.match(
      /^There is no .*devnet\.json: deploy on devnet first, then here, then on devnet again$/,
    );
    const nowhere = path.join(ROOT, "reports", "no such devnet", "devnet.json");
    expect(await failureOf(runDeploy({ ...chain("devnet"), environment: { DEVNET_FILE: nowhere } }))).to.equal(
      `There is no ${nowhere}: start two chains with \`npm run devnet -- --bare\`, or name the file of those that run in ` +
        "DEVNET_FILE of the environment",
    );
    const folder = await mkdtemp(path.join(tmpdir(), "broken-devnet-"));
    try {
      const broken = path.join(folder, "devnet.json");
      await writeFile(broken, "{");
      expect(await failureOf(runDeploy({ ...chain("devnet"), environment: { DEVNET_FILE: broken } }))).to.equal(
        `${broken} is no JSON: start the devnet anew, which writes it`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
