import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { waitBefore, withBackoff } from "../../../scripts/keeper/backoff";
import { bump, ceilingOf, offer } from "../../../scripts/keeper/fees";
import { accepts, nothingSeen, remember } from "../../../scripts/keeper/heads";
import { openMetrics } from "../../../scripts/keeper/metrics";
import { KNOBS, optionOf, parsePolicy, variableOf } from "../../../scripts/keeper/policy";
import { httpTransport, patient } from "../../../scripts/keeper/rpc";
import type { Answer, Transport } from "../../../scripts/keeper/rpc";
import { isWell, serve } from "../../../scripts/keeper/server";
import { newTrail, nextPage } from "../../../scripts/keeper/trail";
import { virtualClock } from "../../support/keeper";

const ONE = 10n ** 18n;
const GWEI = 10n ** 9n;

describe("keeper: policy", () => {
  it("reads amounts of their units exactly, and times in seconds", () => {
    const policy = parsePolicy({ maxGasPrice: "0.000000001", settleMin: "0.000000000000000001", interval: "7" });
    expect([policy.maxGasPrice, policy.settleMin, policy.interval]).to.deep.equal([1n, 1n, 7_000]);
    expect(parsePolicy({}).maxCost).to.equal(ONE / 10n);
  });

  it("names everything that cannot be read, at once", () => {
    const texts = { maxGasPrice: "1.0000000001", settleMin: "-1", claimPage: "0" };
    expect(() => parsePolicy(texts)).to.throw(
      [
        '--max-gas-price "1.0000000001" must be a number with at most 9 decimals (gwei)',
        '--settle-min "-1" must be a number with at most 18 decimals (POL)',
        '--claim-page "0" Too small: expected number to be >=1 (holders)',
      ].join("\n"),
    );
    expect(() => parsePolicy({ polPerEth: "0" })).to.throw("--pol-per-eth");
  });

  it("names options and variables alike", () => {
    expect([optionOf("maxGasPrice"), variableOf("maxGasPrice")]).to.deep.equal([
      "max-gas-price",
      "KEEPER_MAX_GAS_PRICE",
    ]);
    expect(Object.values(KNOBS).every(({ help }) => help.length > 0)).to.equal(true);
  });
});

describe("keeper: fees", () => {
  const limits = { maxGasPrice: 50n * GWEI, maxCost: ONE / 10n };

  it("allows what both the price and the cost allow", () => {
    expect(ceilingOf(2_000_000n, limits)).to.equal(50n * GWEI);
    expect(ceilingOf(2_000_001n, limits)).to.equal(ONE / 10n / 2_000_001n);
  });

  it("offers room for the base fee to double, and nothing above the ceiling", () => {
    expect(offer(10n, 1n, 100n)).to.deep.equal({ maxFeePerGas: 21n, maxPriorityFeePerGas: 1n });
    expect(offer(10n, 1n, 11n)).to.deep.equal({ maxFeePerGas: 11n, maxPriorityFeePerGas: 1n });
    expect(offer(10n, 1n, 10n)).to.equal(undefined);
  });

  it("raises both fees by an eighth or to the present price, as far as the ceiling", () => {
    const fees = { maxFeePerGas: 80n, maxPriorityFeePerGas: 8n };
    expect(bump(fees, undefined, 91n)).to.deep.equal({ maxFeePerGas: 91n, maxPriorityFeePerGas: 10n });
    expect(bump(fees, undefined, 90n)).to.equal(undefined);
    const present = { maxFeePerGas: 200n, maxPriorityFeePerGas: 20n };
    expect(bump(fees, present, 200n)).to.deep.equal(present);
    expect(bump(fees, present, 199n)).to.equal(undefined);
  });
});

describe("keeper: backoff", () => {
  const backoff = { attempts: 4, first: 100, longest: 300 };

  it("doubles the wait up to the longest, half of it by chance", () => {
    expect([1, 2, 3, 9].map((attempt) => waitBefore(attempt, backoff, 0))).to.deep.equal([50, 100, 150, 150]);
    expect([1, 2, 3, 9].map((attempt) => waitBefore(attempt, backoff, 1))).to.deep.equal([100, 200, 300, 300]);
  });

  it("tries so often and no more, and not at all what no repetition mends", async () => {
    const clock = virtualClock();
    let tried = 0;
    const work = async (): Promise<never> => Promise.reject(new Error(`attempt ${++tried}`));
    const failure = async (passing: boolean): Promise<unknown> =>
      withBackoff(work, backoff, clock, () => passing).catch((error: unknown) => String(error));
    expect(await failure(true)).to.equal("Error: attempt 4");
    expect(clock.waits).to.deep.equal([75, 150, 225]);
    expect(await failure(false)).to.equal("Error: attempt 5");
  });
});

describe("keeper: a node that is behind, and a chain that was reorganised", () => {
  const head = (number: number, hash = `0x${number}`): Parameters<typeof accepts>[1] => ({
    ...{ number, hash, time: 0n, gasPrice: 0n },
  });

  it("takes heads in order, and refuses older ones", () => {
    const seen = nothingSeen();
    expect([5, 6, 5, 6].map((number) => accepts(seen, head(number)))).to.deep.equal([true, true, false, true]);
  });

  it("refuses a head before the block of its own transaction", () => {
    const seen = nothingSeen();
    accepts(seen, head(5));
    remember(seen, 7, "0x7");
    expect([6, 7].map((number) => accepts(seen, head(number)))).to.deep.equal([false, true]);
  });

  it("takes an older head at once if the block has another hash than before", () => {
    const seen = nothingSeen();
    for (const number of [5, 6, 7]) accepts(seen, head(number));
    expect(accepts(seen, head(6, "0xother"))).to.equal(true);
    expect(accepts(seen, head(7, "0xother too"))).to.equal(true);
  });

  it("takes an older head after nine of them: the chain is as it is", () => {
    const seen = nothingSeen();
    accepts(seen, head(9));
    const answers = Array.from({ length: 10 }, () => accepts(seen, head(8)));
    expect(answers).to.deep.equal([...Array.from({ length: 8 }, () => false), true, true]);
  });
});

describe("keeper: pages", () => {
  it("go on where the last one ended, and begin again at the end", () => {
    const { pages } = newTrail(0);
    const all = [1, 2, 3, 4, 5];
    const next = (): number[] => nextPage(all, pages, "claims", 2);
    expect([next(), next(), next(), next()]).to.deep.equal([
      [1, 2],
      [3, 4],
      [5, 1],
      [2, 3],
    ]);
    expect(nextPage(all, pages, "waiting", 5)).to.deep.equal(all);
    expect(pages.waiting).to.equal(0);
  });
});

describe("keeper: patience with a node", () => {
  const requests = ["a", "b"].map((method) => ({ method, params: [] }));

  it("repeats only what was not answered", async () => {
    const asked: string[][] = [];
    const answers: Answer[][] = [
      [{ result: 1 }, { error: { code: -32_005, message: "limit exceeded" } }],
      [{ error: { code: -32_000, message: "header not found" } }],
      [{ result: 2 }],
    ];
    const node: Transport = async (open) => {
      asked.push(open.map(({ method }) => method));
      return Promise.resolve(answers.shift() ?? []);
    };
    const errors: string[] = [];
    const transport = patient(node, { attempts: 3, first: 1 }, virtualClock(), (error) => errors.push(error));
    expect(await transport(requests)).to.deep.equal([{ result: 1 }, { result: 2 }]);
    expect(asked).to.deep.equal([["a", "b"], ["b"], ["b"]]);
    expect(errors).to.deep.equal(["limit exceeded", "header not found"]);
  });

  it("takes a revert for an answer, whatever it says", async () => {
    const revert = { error: { code: 3, message: "execution reverted: too many", data: "0x" } };
    const transport = patient(
      async () => Promise.resolve([revert, revert]),
      { attempts: 3, first: 1 },
      virtualClock(),
      (error) => {
        throw new Error(error);
      },
    );
    expect(await transport(requests)).to.deep.equal([revert, revert]);
  });
});

describe("keeper: HTTP", () => {
  it("brings answers in the order of the requests, and says what is wrong without the URL", async () => {
    const bodies = [
      '[{"jsonrpc":"2.0","id":1,"result":"second"},{"jsonrpc":"2.0","id":0,"result":"first"}]',
      '[{"jsonrpc":"2.0","id":0,"result":"first"}]',
      "no JSON",
    ];
    const server = createServer((_, response) => {
      const body = bodies.shift();
      response.writeHead(body === undefined ? 429 : 200).end(body ?? "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ask = httpTransport(`http://127.0.0.1:${port}/secret`, 1_000);
    const requests = ["a", "b"].map((method) => ({ method, params: [] }));
    const failure = async (): Promise<string> =>
      ask(requests).then(
        () => "",
        (error: unknown) => String(error),
      );
    try {
      expect(await ask(requests)).to.deep.equal([{ result: "first" }, { result: "second" }]);
      const [, second] = await ask(requests);
      expect(second).to.have.property("error");
      expect(await failure()).to.equal("Error: the node's answer is no JSON-RPC");
      expect(await failure()).to.equal("Error: the node answers with HTTP 429");
    } finally {
      server.close();
    }
    expect(await failure()).to.match(/^Error: the node cannot be reached \([A-Za-z_]+\)$/);
  });

  it("is well for three intervals after its start, and after each full pass", () => {
    const interval = 100;
    const vitals = { started: 1_000, lastFullPass: undefined };
    expect([1_300, 1_301].map((now) => isWell(vitals, now, interval))).to.deep.equal([true, false]);
    const passed = { started: 1_000, lastFullPass: 2_000 };
    expect([2_300, 2_301].map((now) => isWell(passed, now, interval))).to.deep.equal([true, false]);
  });

  it("serves health and metrics, and nothing else", async () => {
    const metrics = openMetrics();
    metrics.proposals.inc({ chain: "ethereum", job: "settle", outcome: "done" });
    let well = true;
    const health = (): { well: boolean; lastFullPass: number } => ({ well, lastFullPass: 0 });
    const server = await serve({ host: "127.0.0.1", port: 0 }, metrics, health);
    const get = async (path: string, method = "GET"): Promise<{ status: number; text: string }> => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
      return { status: response.status, text: await response.text() };
    };
    try {
      expect(await get("/health")).to.deep.equal({
        status: 200,
        text: '{"well":true,"lastFullPass":"1970-01-01T00:00:00.000Z"}\n',
      });
      well = false;
      expect((await get("/health")).status).to.equal(503);
      const { status, text } = await get("/metrics");
      expect(status).to.equal(200);
      expect(text).to.include('ankrmatic_keeper_proposals_total{chain="ethereum",job="settle",outcome="done"} 1');
      expect((await get("/")).status).to.equal(404);
      expect((await get("/health", "POST")).status).to.equal(405);
    } finally {
      await server.close();
    }
  });
});
