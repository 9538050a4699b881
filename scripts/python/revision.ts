import { execFileSync } from "node:child_process";

import { ROOT } from "../lib/files";

const git = (...args: readonly string[]): string =>
  execFileSync("git", [...args], { cwd: ROOT, encoding: "utf8" }).trim();

/** Git's name of all that is in a folder as committed: the same name is the same content. Fails if it was changed. */
export function revisionOf(folder: string): string {
  const changed = git("status", "--porcelain", "--", folder);
  if (changed !== "")
    throw new Error(`${folder} differs from its commit: commit it first, so that a result can name it`);
  return git("rev-parse", `HEAD:${folder}`);
}
