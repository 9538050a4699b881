import { readFile } from "node:fs/promises";
import path from "node:path";

import { placesIn } from "../docs/audit/invariants/places";
import { ROOT, filesUnder } from "../lib/files";

/** Where the proofs are. */
export const FOLDER = "test/proofs";

/** A function that Halmos runs with symbols for its arguments. */
export interface Check {
  /** File from the root of the repository. */
  readonly file: string;
  readonly contract: string;
  readonly name: string;
  /** What its comment says. */
  readonly says: string;
  /** True if it must be refuted: a wrong variant, which shows that a proof is not one of nothing. */
  readonly control: boolean;
}

/** Checks and controls in the text of a Solidity file; neither is without a comment. */
export function checksIn(file: string, text: string): Check[] {
  const contract = /^contract (\w+)/m.exec(text)?.[1];
  return placesIn(file, text)
    .filter(({ name }) => /^(?:check|refute)_/.test(name))
    .map(({ name, says }) => {
      if (contract === undefined) throw new Error(`${file}: ${name} is in no contract`);
      if (says === "") throw new Error(`${file}: ${name} does not say what it proves: give it a comment`);
      return { file, contract, name, says, control: name.startsWith("refute_") };
    });
}

/** All of them, by file. */
export async function allChecks(): Promise<Check[]> {
  const files = await filesUnder(path.join(ROOT, FOLDER), ".t.sol");
  const checks = await Promise.all(
    files.map(async (file) => {
      const name = path.relative(ROOT, file).split(path.sep).join("/");
      return checksIn(name, await readFile(file, "utf8"));
    }),
  );
  return checks.flat();
}
