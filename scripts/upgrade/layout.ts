import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { messageOf } from "../lib/amounts";
import { ROOT } from "../lib/files";
import { SNAPSHOTS, currentLayouts, layoutDanger, snapshotOf } from "../checks/layouts";

const run = promisify(execFile);

/**
 * Why the compiled contract must not take the place of the one whose storage layout was committed: in this commit, or in the
 * one that is named, which is then that of the present implementation. Undefined if it may.
 */
export async function layoutRefusal(contract: string, since: string | undefined): Promise<string | undefined> {
  const kept = await committed(contract, since);
  const layout = (await currentLayouts()).get(contract);
  if (layout === undefined) return `${contract} is no contract behind a proxy: there is nothing to upgrade`;
  const danger = layoutDanger(kept, snapshotOf(layout));
  return danger === undefined
    ? undefined
    : `The storage layout of ${contract} does not go on from ${placeOf(contract, since)}:\n${danger}`;
}

async function committed(contract: string, since: string | undefined): Promise<string> {
  const file = path.join(SNAPSHOTS, `${contract}.json`);
  try {
    if (since === undefined) return await readFile(file, "utf8");
    const { stdout } = await run("git", ["-C", ROOT, "show", `${since}:${path.relative(ROOT, file)}`]);
    return stdout;
  } catch (error) {
    throw new Error(`There is no ${placeOf(contract, since)}: ${messageOf(error)}`, { cause: error });
  }
}

function placeOf(contract: string, since: string | undefined): string {
  return `audit/layouts/${contract}.json${since === undefined ? "" : ` of ${since}`}`;
}
