import { ROOT } from "./files";
import { runProgram } from "./forge";

/** Name of the tree of `contracts/` at the commit that is checked out; refuses if any of the paths was changed since. */
export async function commitOf(paths: readonly string[]): Promise<string> {
  const changed = await git(["status", "--porcelain", "--", ...paths]);
  if (changed !== "") throw new Error(`commit this first, so that what is written names what was run:\n${changed}`);
  return treeOf("contracts");
}

/** Name of the tree of a folder at the commit that is checked out. */
export async function treeOf(folder: string): Promise<string> {
  return git(["rev-parse", `HEAD:${folder}`]);
}

async function git(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram("git", args, { cwd: ROOT });
  if (code !== 0) throw new Error(`git ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}
