import { JsonRpcApiProvider, Network } from "ethers";
import type { JsonRpcError, JsonRpcPayload, JsonRpcResult } from "ethers";
import { z } from "zod";

import { withBackoff } from "./backoff";
import type { Backoff, Clock } from "./backoff";

/** A node's answer to one request. */
export type Answer = { readonly result: unknown } | { readonly error: NodeError };

/** What a node says when it refuses. */
export interface NodeError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Takes requests to a node and brings an answer to each, in order; throws if the node cannot be reached. */
export type Transport = (
  requests: readonly { readonly method: string; readonly params: unknown }[],
) => Promise<Answer[]>;

const answerSchema = z.union([
  z.object({
    id: z.number(),
    error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }),
  }),
  z.object({ id: z.number(), result: z.unknown() }),
]);

/** Most requests in one HTTP request. */
const BATCH = 50;
/** Longest wait between two attempts, milliseconds. */
const LONGEST_WAIT = 15_000;

/** Codes of JSON-RPC that mean that the node is busy: limit exceeded, resource unavailable, too many requests. */
const BUSY = new Set([-32_005, -32_002, 429]);
const PASSING =
  /rate.?limit|too many|exceeded.*(limit|capacity)|timed? ?out|header not found|unknown block|missing trie node|try again|temporar|overloaded|connection|unavailable/i;

/** Talks to a node over HTTP. What it throws names no URL: those hold keys. */
export function httpTransport(url: string, timeout: number): Transport {
  return async (requests) => {
    const body = JSON.stringify(requests.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params })));
    const headers = { "content-type": "application/json" };
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(timeout) });
      [status, text] = [response.status, await response.text()];
    } catch (error) {
      throw new Error(`the node cannot be reached (${codeOf(error)})`);
    }
    if (status !== 200) throw new Error(`the node answers with HTTP ${status}`);
    const { data } = z.array(answerSchema).safeParse(asArray(jsonOf(text)));
    if (data === undefined) throw new Error("the node's answer is no JSON-RPC");
    return requests.map((_, id) => {
      const found = data.find((answer) => answer.id === id);
      if (found === undefined) return missing();
      return "error" in found ? { error: found.error } : { result: found.result };
    });
  };
}

/** The same, tried again as long as the node is out of reach or busy. Requests that were answered are not repeated. */
export function patient(
  transport: Transport,
  backoff: Pick<Backoff, "attempts" | "first">,
  clock: Clock,
  onError: (message: string) => void,
): Transport {
  return async (requests) => {
    const answers: (Answer | undefined)[] = requests.map(() => undefined);
    const ask = async (): Promise<void> => {
      const open = [...answers.keys()].filter((index) => answers[index] === undefined);
      const got = await transport(open.flatMap((index) => requests[index] ?? []));
      open.forEach((index, place) => {
        const answer = got[place] ?? missing();
        if (!isPassing(answer)) answers[index] = answer;
        else last[index] = answer;
      });
      const busy = answers.findIndex((answer) => answer === undefined);
      const why = last[busy];
      if (busy !== -1 && why !== undefined && "error" in why) throw new Error(why.error.message);
    };
    const last: (Answer | undefined)[] = [];
    const report = (error: unknown): boolean => {
      onError(messageOf(error));
      return true;
    };
    await withBackoff(ask, { ...backoff, longest: LONGEST_WAIT }, clock, report);
    return answers.map((answer) => answer ?? missing());
  };
}

/** A provider of ethers over a transport. */
export class TransportProvider extends JsonRpcApiProvider {
  readonly #transport: Transport;

  /**
   * @param transport Where requests go.
   * @param chainId Chain that the node is on.
   */
  constructor(transport: Transport, chainId: bigint) {
    super(Network.from(chainId), {
      staticNetwork: Network.from(chainId),
      batchMaxCount: BATCH,
      batchStallTime: 5,
      cacheTimeout: -1,
    });
    this.#transport = transport;
    this._start();
  }

  /** @inheritdoc */
  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    const answers = await this.#transport(payloads.map(({ method, params }) => ({ method, params })));
    return payloads.map(({ id }, index) => ({ id, ...(answers[index] ?? missing()) }));
  }
}

/** Asks the node which chain it is on. */
export async function chainIdOf(transport: Transport): Promise<bigint> {
  const [answer = missing()] = await transport([{ method: "eth_chainId", params: [] }]);
  if ("error" in answer) throw new Error(`the node does not say which chain it is on: ${answer.error.message}`);
  return BigInt(z.string().parse(answer.result));
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isPassing(answer: Answer): boolean {
  if (!("error" in answer)) return false;
  const { code, message, data } = answer.error;
  // A call that reverts brings data, and is an answer.
  if (BUSY.has(code)) return true;
  return data === undefined && PASSING.test(message) && !/revert/i.test(message);
}

function missing(): Answer {
  return { error: { code: -32_005, message: "the node left this request without an answer" } };
}

/** Undefined if it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asArray(value: unknown): unknown {
  return Array.isArray(value) ? value : [value];
}

/** `fetch` keeps the reason in the cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : error.name;
}
