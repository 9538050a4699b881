import { readFile } from "node:fs/promises";
import path from "node:path";

import { ROOT, filesUnder } from "../../../lib/files";

/** A function that holds assertions, or a proof. */
export interface Place {
  /** File from the root of the repository. */
  readonly file: string;
  readonly name: string;
  /** Ids that its assertions carry or, of a proof, its comment. */
  readonly ids: readonly string[];
  /** What its comment says, without markers, and without what is said to a tool (`@custom:`). */
  readonly says: string;
}

/** A function or modifier with the comment above it. The formatter puts what is in a contract four columns in. */
const FUNCTION = /((?:^ {4}\/\/\/.*\n)*)^ {4}(?:function|modifier) (\w+)(?:.*[;}]$|[^]*?^ {4}(?:\}|\).*[;}])$)/gm;
/** An id at the beginning of an assertion's message, or of a comment where what is absent is what is checked. */
const MESSAGE = /(?:"|@dev )([A-Z]\d+[a-z]?): /g;
/** An id in the comment of a proof. */
const MENTION = /\b([A-Z]\d+[a-z]?)\b/g;

const idsIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, id = ""]) => id)),
];

/** Functions and modifiers in the text of a Solidity file. */
export function placesIn(file: string, text: string): Place[] {
  return [...text.matchAll(FUNCTION)].map(([whole, comment = "", name = ""]) => {
    const toPeople = comment.replace(/^ *\/\/\/ @custom:.*\n/gm, "");
    const says = toPeople.replace(/^ *\/\/\/ ?(@\w+ )?/gm, "").replaceAll("\n", " ");
    return { file, name, ids: idsIn(whole, MESSAGE), says: says.trim() };
  });
}

async function placesUnder(folder: string): Promise<Place[]> {
  const files = await filesUnder(path.join(ROOT, folder), ".sol");
  const places = await Promise.all(
    files.map(async (file) => {
      const name = path.relative(ROOT, file).split(path.sep).join("/");
      return placesIn(name, await readFile(file, "utf8"));
    }),
  );
  return places.flat();
}

/** Functions of the fuzz that assert a property. */
export async function fuzzedPlaces(): Promise<Place[]> {
  return (await placesUnder("test/invariants")).filter(({ ids }) => ids.length > 0);
}

/** Proofs for all inputs, with the ids of what they prove. */
export async function provenPlaces(): Promise<Place[]> {
  const proofs = (await placesUnder("test/proofs")).filter(({ name }) => name.startsWith("check_"));
  return proofs.map((place) => ({ ...place, ids: [...new Set([...place.ids, ...idsIn(place.says, MENTION)])] }));
}
