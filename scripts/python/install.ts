// `npm run python`: Slither and Halmos, in an environment of their own, .venv. Nothing else needs Python.
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";

import { HOME, REQUIREMENTS, noteOf, programsOf } from "./environment";

const OLDEST = "3.11";

const CANDIDATES = ["python3", "python3.13", "python3.12", "python3.11", "python"];

const HELP = `Installs Slither and Halmos, as scripts/python/requirements.txt pins them, into .venv.

usage: npm run python

Needs Python ${OLDEST} or later with its venv module. Replaces an environment that is there.
Exits with 1 if that fails.`;

/** Runs a program with the terminal as its own; tells whether it ended well. */
function succeeds(program: string, args: readonly string[], quiet = false): boolean {
  return spawnSync(program, [...args], { stdio: quiet ? "ignore" : "inherit" }).status === 0;
}

function install(): void {
  const test = `import sys; sys.exit(sys.version_info < (${OLDEST.replace(".", ", ")}))`;
  const python = CANDIDATES.find((candidate) => succeeds(candidate, ["-c", test], true));
  if (python === undefined) {
    throw new Error(
      `No Python ${OLDEST} or later is installed: install it, on Debian apt-get install python3 python3-venv`,
    );
  }
  if (!succeeds(python, ["-c", "import ensurepip, venv"], true)) {
    throw new Error(`${python} has no venv module: install it, on Debian apt-get install python3-venv`);
  }
  rmSync(HOME, { recursive: true, force: true });
  if (!succeeds(python, ["-m", "venv", HOME])) throw new Error(`${python} -m venv ${HOME} failed`);
  const pip = path.join(programsOf(HOME), "python");
  const options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement", REQUIREMENTS];
  if (!succeeds(pip, ["-m", "pip", "install", ...options])) {
    throw new Error("pip could not install scripts/python/requirements.txt: what it said stands above; try again");
  }
  copyFileSync(REQUIREMENTS, noteOf(HOME));
  console.log("Slither and Halmos are installed: npm run slither, npm run prove");
}

if (process.argv.includes("--help")) {
  console.log(HELP);
} else {
  try {
    install();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
