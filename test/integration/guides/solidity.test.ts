import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { ROOT } from "../../../scripts/lib/files";
import { solidityOf } from "../../support/guides";

describe("guides: Solidity", () => {
  it("is what the tests compile, and all that they compile", async () => {
    const folder = path.join(ROOT, "test/contracts/guides");
    const compiled = await Promise.all(
      (await readdir(folder)).map((file) => readFile(path.join(folder, file), "utf8")),
    );
    const guides = (await readdir(path.join(ROOT, "docs/guides"))).map((file) => path.parse(file).name);
    const blocks = (await Promise.all(guides.map(solidityOf))).flat();
    expect(blocks.sort()).to.deep.equal(compiled.sort());
  });
});
