import { ErrorFragment, EventFragment, FunctionFragment, Interface } from "ethers";
import type { Fragment, JsonFragment } from "ethers";

/** Kinds of an ABI's parts, in the order in which they stand. */
const KINDS = ["constructor", "receive", "fallback", "function", "event", "error"];

/** By what a part is called from outside: the selector of a function or an error, the topic of an event. */
function codeOf(fragment: Fragment): string {
  if (FunctionFragment.isFragment(fragment) || ErrorFragment.isFragment(fragment)) return fragment.selector;
  return EventFragment.isFragment(fragment) ? fragment.topicHash : "";
}

/** An ABI with one line for each part, sorted; an added function is an added line. */
export function signaturesOf(abi: readonly JsonFragment[]): string {
  const lines = new Interface(abi).fragments.map((fragment) => ({
    kind: KINDS.indexOf(fragment.type),
    text: [fragment.format("full"), codeOf(fragment)].join(" ").trim(),
  }));
  const unknown = lines.find(({ kind }) => kind < 0);
  if (unknown !== undefined) throw new Error(`scripts/checks/signatures.ts has no place for ${unknown.text}: add it`);
  return lines
    .sort((a, b) => a.kind - b.kind || (a.text < b.text ? -1 : 1))
    .map(({ text }) => `${text}\n`)
    .join("");
}
