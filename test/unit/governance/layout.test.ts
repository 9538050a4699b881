import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { SNAPSHOTS, layoutDanger } from "../../../scripts/checks/layouts";
import { layoutRefusal } from "../../../scripts/upgrade/layout";
import { failureOf } from "../../support/failures";

interface Item {
  label: string;
  type: string;
}

interface Snapshot {
  namespaces: Record<string, Item[]>;
}

const FEED = "erc7201:ankrmatic.storage.RatioFeed";

describe("The storage layout of a next implementation", () => {
  let text: string;

  beforeEach(async () => {
    text = await readFile(path.join(SNAPSHOTS, "RatioFeed.json"), "utf8");
  });

  function changed(change: (items: Item[]) => void): string {
    const snapshot = JSON.parse(text) as Snapshot;
    change(snapshot.namespaces[FEED] ?? []);
    return JSON.stringify(snapshot);
  }

  it("may be the committed one", () => {
    expect(layoutDanger(text, text)).to.equal(undefined);
  });

  it("may add to the end of a namespace", () => {
    const longer = changed((items) => items.push({ ...items[0], label: "more", type: "t_uint256" }));
    expect(layoutDanger(text, longer)).to.equal(undefined);
  });

  it("A85: must not lose, reorder or retype what is stored", () => {
    const shorter = changed((items) => items.pop());
    expect(layoutDanger(text, shorter)).to.contain("Deleted");
    const reordered = changed((items) => items.reverse());
    expect(layoutDanger(text, reordered)).not.to.equal(undefined);
    const retyped = changed((items) => {
      for (const item of items.filter(({ label }) => label === "totalAssets")) item.type = "t_uint64";
    });
    expect(layoutDanger(text, retyped)).to.contain("totalAssets");
  });

  it("is that of the compiled contract, against the snapshot of this commit", async () => {
    expect(await layoutRefusal("RatioFeed", undefined)).to.equal(undefined);
    expect(await failureOf(layoutRefusal("PoolLens", undefined))).to.contain("There is no audit/layouts/PoolLens.json");
  });
});
