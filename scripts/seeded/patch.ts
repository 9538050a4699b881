import { readFile } from "node:fs/promises";
import path from "node:path";

import { ROOT, filesUnder } from "../lib/files";

/** Where the bugs are kept, from the root. */
export const FOLDER = "test/seeded";

/** A bug that is put into the contracts to see it caught. */
export interface Seeded {
  /** Number, as the file's name begins with it. */
  readonly number: string;
  /** File of the patch, from the root. */
  readonly file: string;
  /** What is wrong with it, in a sentence. */
  readonly bug: string;
  /** Test contracts of Foundry, one of which must fail. */
  readonly caughtBy: readonly string[];
  /** Source that it changes, from the root. */
  readonly source: string;
  /** Lines that it takes out and puts in. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Reads the text of a patch; what is missing is empty. */
export function readSeeded(file: string, text: string): Seeded {
  const begin = text.indexOf("--- a/");
  const [header, diff] = begin < 0 ? [text, ""] : [text.slice(0, begin), text.slice(begin)];
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(header)?.[1]?.trim() ?? "";
  const lines = (sign: string): string[] =>
    diff.split("\n").filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3)));
  return {
    number: /^\d\d/.exec(path.posix.basename(file))?.[0] ?? "",
    file,
    bug: field("Bug"),
    caughtBy: field("Caught-by").split(/, */).filter(Boolean),
    source: /^\+\+\+ b\/(.*)$/m.exec(diff)?.[1]?.trim() ?? "",
    removed: lines("-"),
    added: lines("+"),
  };
}

/** What a patch lacks. */
export function seededProblems(seeded: Seeded): string[] {
  const { file, number, bug, caughtBy, source, removed, added } = seeded;
  return [
    number === "" && "its name must begin with two digits",
    !bug.endsWith(".") && "says in no line `Bug: …` what is wrong with it, in a sentence",
    caughtBy.length === 0 && "names in no line `Caught-by: …` the campaigns that catch it",
    !source.startsWith("contracts/") && "does not change a file under contracts/",
    source.startsWith("contracts/local/") && "changes the local model",
    (removed.length !== 1 || added.length > 1) && "must take out one line, and put in one at most",
  ]
    .filter((problem) => typeof problem === "string")
    .map((problem) => `${file}: ${problem}`);
}

/** All bugs, by number. */
export async function allSeeded(): Promise<Seeded[]> {
  const files = await filesUnder(path.join(ROOT, FOLDER), ".patch");
  return Promise.all(
    files.map(async (file) =>
      readSeeded(path.relative(ROOT, file).split(path.sep).join("/"), await readFile(file, "utf8")),
    ),
  );
}
