import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { REFERENCE, differencesBetween, pagesOf, writeReference } from "../../../scripts/docs/reference";

describe("reference of the interfaces", () => {
  let made: string;

  before(async () => {
    made = await mkdtemp(path.join(tmpdir(), "reference-"));
    await writeReference(made);
  });

  after(async () => rm(made, { recursive: true }));

  it("is up to date", async () => {
    expect(await differencesBetween(REFERENCE, made)).to.deep.equal([]);
  });

  it("has each function with what is said of it, of its arguments and of what it returns", async () => {
    const page = await readFile(path.join(made, "standards/IRateProvider.md"), "utf8");
    expect(page).to.contain("# IRateProvider\n").and.contain("function getRate() external view returns (uint256");
    const pages = await pagesOf(made);
    expect(pages.get("IAutoClaim.md")).to.contain("- `controller`: ").and.contain("Returns:");
    expect([...pages.keys()].filter((name) => name.startsWith("external/"))).to.deep.equal([]);
  });

  it("tells pages that are missing, out of date, or of an interface that is gone", async () => {
    const kept = await mkdtemp(path.join(tmpdir(), "reference-"));
    try {
      await writeReference(kept);
      await rm(path.join(kept, "IAutoClaim.md"));
      await writeFile(path.join(kept, "ISwapPool.md"), "another");
      await writeFile(path.join(kept, "IGone.md"), "gone");
      expect(await differencesBetween(kept, made)).to.deep.equal([
        "IAutoClaim.md is missing",
        "IGone.md is of an interface that is gone",
        "ISwapPool.md is out of date",
      ]);
    } finally {
      await rm(kept, { recursive: true });
    }
  });
});
