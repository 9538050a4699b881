import type { FunctionDefinition, ModifierDefinition } from "@solidity-parser/parser/dist/src/ast-types";

import { contractsOf, docAbove, loadSources } from "../../../checks/solidity";
import type { Source } from "../../../checks/solidity";

/** A function that holds assertions, or a proof. */
export interface Place {
  /** File from the root of the repository. */
  readonly file: string;
  readonly name: string;
  /** Ids that its assertions carry or, of a proof, its comment. */
  readonly ids: readonly string[];
  /** What its comment says, without markers. */
  readonly says: string;
}

/** An id at the beginning of an assertion's message, or of a comment where what is absent is what is checked. */
const MESSAGE = /(?:"|@dev )([A-Z]\d+[a-z]?): /g;
/** An id in the comment of a proof. */
const MENTION = /\b([A-Z]\d+[a-z]?)\b/g;

const FUZZED = "test/invariants";
const PROVEN = "test/proofs";

function placesIn(source: Source): Place[] {
  return contractsOf(source).flatMap(({ subNodes }) =>
    subNodes
      .filter(
        (node): node is FunctionDefinition | ModifierDefinition =>
          node.type === "FunctionDefinition" || node.type === "ModifierDefinition",
      )
      .map((node) => {
        const [start, end] = node.range ?? [0, 0];
        const comment = docAbove(source, node);
        const text = `${comment}\n${source.text.slice(start, end + 1)}`;
        const says = comment
          .split("\n")
          .map((line) => line.replace(/^\s*\/\/\/?\s?/, "").replace(/^@\w+\s+/, ""))
          .join(" ")
          .trim();
        const ids = [...text.matchAll(MESSAGE)].map(([, id = ""]) => id);
        return { file: source.name, name: node.name ?? "", ids: [...new Set(ids)], says };
      }),
  );
}

/** Functions of the fuzz that assert a property. */
export async function fuzzedPlaces(): Promise<Place[]> {
  return (await loadSources(FUZZED)).flatMap(placesIn).filter(({ ids }) => ids.length > 0);
}

/** Proofs for all inputs, with the ids of what they prove. */
export async function provenPlaces(): Promise<Place[]> {
  return (await loadSources(PROVEN))
    .flatMap(placesIn)
    .filter(({ name }) => name.startsWith("check_"))
    .map((place) => ({
      ...place,
      ids: [...new Set([...place.ids, ...[...place.says.matchAll(MENTION)].map(([, id = ""]) => id)])],
    }));
}
