import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { INSTALL, environmentProblem, noteOf } from "../../../scripts/python/environment";

describe("scripts/python", () => {
  let folder: string;
  let requirements: string;
  let home: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "python-"));
    requirements = path.join(folder, "requirements.txt");
    home = path.join(folder, ".venv");
    writeFileSync(requirements, "halmos==0.3.3\n");
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("names the command when nothing is installed", () => {
    expect(environmentProblem(home, requirements)).to.equal(`The Python tools are not installed: run ${INSTALL}`);
  });

  it("names it when the installation broke off", () => {
    mkdirSync(home);
    expect(environmentProblem(home, requirements)).to.match(/not installed to the end: run npm run python$/);
  });

  it("names it when other versions are pinned now, and is content when they are the same", () => {
    mkdirSync(home);
    writeFileSync(noteOf(home), "halmos==0.3.3\n");
    expect(environmentProblem(home, requirements)).to.equal(undefined);
    writeFileSync(requirements, "halmos==0.3.4\n");
    expect(environmentProblem(home, requirements)).to.match(/requirements\.txt: run npm run python$/);
  });
});
