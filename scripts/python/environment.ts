import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { ROOT } from "../lib/files";

/** The command that installs the tools. */
export const INSTALL = "npm run python";

/** Where they are installed. */
export const HOME = path.join(ROOT, ".venv");

/** What is installed, with hashes. */
export const REQUIREMENTS = path.join(ROOT, "scripts/python/requirements.txt");

/** The requirements as they were when the installation ended well. */
const INSTALLED = "requirements.txt";

/** A tool is missing, or is not the one that is pinned. The message names the command that installs it. */
export class NotInstalled extends Error {}

/** Programs of the environment: another folder on Windows. */
export function programsOf(home: string): string {
  return path.join(home, process.platform === "win32" ? "Scripts" : "bin");
}

/** Where an installation notes what it installed. */
export function noteOf(home: string): string {
  return path.join(home, INSTALLED);
}

/** Why the environment cannot be used; undefined if it can. */
export function environmentProblem(home: string, requirements: string): string | undefined {
  if (!existsSync(home)) return `The Python tools are not installed: run ${INSTALL}`;
  const note = noteOf(home);
  if (!existsSync(note)) return `The Python tools were not installed to the end: run ${INSTALL}`;
  if (readFileSync(note, "utf8") !== readFileSync(requirements, "utf8")) {
    return `The Python tools are not those of scripts/python/requirements.txt: run ${INSTALL}`;
  }
  return undefined;
}

/** Path of a program of the environment. */
export function pythonTool(name: string): string {
  const problem = environmentProblem(HOME, REQUIREMENTS);
  if (problem !== undefined) throw new NotInstalled(problem);
  return path.join(programsOf(HOME), name);
}
