import type { Answer, Transport } from "../../scripts/keeper/rpc";

/** A request to a node. */
export type Request = Parameters<Transport>[0][number];

/** What a node does with a request instead of what it should; undefined if it does what it should. */
export type Mood = (request: Request, honest: () => Promise<Answer>) => Promise<Answer> | undefined;

/** A node that misbehaves: each request meets the first mood that has something to say about it. */
export function moody(node: Transport, ...moods: Mood[]): Transport & { readonly asked: Request[] } {
  const asked: Request[] = [];
  const one = async (request: Request): Promise<Answer> => {
    asked.push(request);
    const honest = async (): Promise<Answer> => {
      const [answer] = await node([request]);
      if (answer === undefined) throw new Error("no answer");
      return answer;
    };
    for (const mood of moods) {
      const answer = mood(request, honest);
      if (answer !== undefined) return answer;
    }
    return honest();
  };
  const transport: Transport = async (requests) => {
    const answers: Answer[] = [];
    for (const request of requests) answers.push(await one(request));
    return answers;
  };
  return Object.assign(transport, { asked });
}

/** A mood for the first `times` requests of a method. */
export function first(times: number, method: string | RegExp, mood: Mood): Mood {
  let left = times;
  return (request, honest) => {
    const meant = typeof method === "string" ? request.method === method : method.test(request.method);
    if (!meant || left === 0) return undefined;
    left--;
    return mood(request, honest);
  };
}

/** Out of reach: nothing arrives. */
export const unreachable: Mood = async () => Promise.reject(new Error("the node cannot be reached (TIMEOUT)"));

/** The request arrives, and its answer is lost. */
export const lost: Mood = async (_, honest) => {
  await honest();
  throw new Error("the node cannot be reached (ECONNRESET)");
};

/** Too many requests. */
export const busy: Mood = async () => Promise.resolve({ error: { code: 429, message: "Too Many Requests" } });

/** Says that it took a transaction, and drops it. */
export function swallowed(hashOf: (raw: string) => string): Mood {
  return async ({ params }) => Promise.resolve({ result: hashOf(String((params as unknown[])[0])) });
}

/** Answers as it would have at an earlier block. */
export function stale(node: Transport, block: number): Mood {
  const tag = `0x${block.toString(16)}`;
  return (request, honest) => {
    const params = request.params as unknown[];
    switch (request.method) {
      case "eth_blockNumber":
        return Promise.resolve({ result: tag });
      case "eth_getTransactionReceipt":
        return honest().then((answer) => {
          const receipt = "result" in answer ? (answer.result as { blockNumber: string } | null) : null;
          return receipt !== null && Number(receipt.blockNumber) > block ? { result: null } : answer;
        });
      default:
        if (!params.some((param) => param === "latest" || param === "pending")) return undefined;
        return honestAt(node, request, tag);
    }
  };
}

async function honestAt(node: Transport, { method, params }: Request, tag: string): Promise<Answer> {
  const at = (params as unknown[]).map((param) => (param === "latest" || param === "pending" ? tag : param));
  const [answer] = await node([{ method, params: at }]);
  if (answer === undefined) throw new Error("no answer");
  return answer;
}
