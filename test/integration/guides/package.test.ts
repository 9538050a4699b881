import { expect } from "chai";

import { ONE, fixture } from "../../support/fixture";
import { runGuide } from "../../support/guides";

describe("guide: the package", () => {
  it("reads the worth of a share and the minimum, and says that no deployment is listed", async () => {
    const { pool, actors } = await fixture();
    const guide = await runGuide("package", { you: actors.alice, at: { PolygonPool: await pool.getAddress() } });
    await guide.next();
    expect(guide.scope.worth).to.equal("1.0");
    expect(guide.scope.minimum).to.equal(ONE);
    await guide.next();
    expect(guide.scope.missing).to.contain("There is no deployment on chain 1 in this release: it has none at all");
    expect(guide.left()).to.equal(0);
  });
});
