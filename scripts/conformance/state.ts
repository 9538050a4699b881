import { BatchReader__factory } from "../../typechain-types";
import { keysOf, sourceOf, wordsOf } from "./keys";
import type { State, Trace } from "./trace";
import { addressOf, interfaceOf } from "./world";
import type { World } from "./world";

const READER = BatchReader__factory.createInterface();
const HEX_DIGITS_PER_WORD = 64;
/** The result is one dynamic array: an offset and a length come first. */
const HEAD_WORDS = 2;

interface Query {
  readonly target: string;
  readonly data: string;
}

/** Reads the model's state, under the keys of one trace. */
export type StateReader = () => Promise<State>;

/** Prepares the one call that reads every key of a trace; keys that the model does not have are left out. */
export function stateReaderOf(world: World, trace: Trace): StateReader {
  const queries: Query[] = [];
  const wordOfQuery = new Map<string, number>();
  const wordOfKey: { key: string; word: number }[] = [];
  let words = 0;

  for (const key of keysOf(trace)) {
    const source = sourceOf(world, trace, key);
    if (source === undefined) continue;
    const query = {
      target: addressOf(world, source.at),
      data: interfaceOf(source.at).encodeFunctionData(source.fn, source.args),
    };
    const id = query.target + query.data;
    let first = wordOfQuery.get(id);
    if (first === undefined) {
      first = words;
      wordOfQuery.set(id, first);
      queries.push(query);
      words += wordsOf(source);
    }
    wordOfKey.push({ key, word: first + source.word });
  }

  const data = READER.encodeFunctionData("read", [queries, words]);
  const call = { from: addressOf(world, "deployer"), to: world.reader, data };
  return async () => {
    const result = await world.rpc.simulate(call);
    if (!result.ok) throw new Error(`a view of the model fails: ${describeFailure(result.data, queries)}`);
    return Object.fromEntries(wordOfKey.map(({ key, word }) => [key, wordAt(result.data, word)]));
  };
}

function wordAt(data: string, word: number): string {
  const start = 2 + (HEAD_WORDS + word) * HEX_DIGITS_PER_WORD;
  return BigInt(`0x${data.slice(start, start + HEX_DIGITS_PER_WORD)}`).toString();
}

function describeFailure(data: string, queries: readonly Query[]): string {
  const error = READER.parseError(data);
  const query = queries[Number(error?.args[0])];
  return query === undefined ? data : `${query.data.slice(0, 10)} of ${query.target}`;
}
