import { expect } from "chai";

import { deployChildAdapters, deployPoolAdapters } from "../../../deploy/adapters";
import type { ChildAdapters, PoolAdapters } from "../../../deploy/adapters";
import { memoryJournal } from "../../../deploy/book";
import { openSteps } from "../../../deploy/steps";
import { adaptedFixture } from "../../support/adapters";
import type { AdaptedContext } from "../../support/adapters";

const ON_ETHEREUM = ["PoolRateProvider", "PriceFeed", "AprOracle"];
const ON_POLYGON = ["ChildRateProvider", "PriceFeed", "AprOracle"];

describe("the deployed adapters", () => {
  let context: AdaptedContext;

  beforeEach(async () => {
    context = await adaptedFixture();
  });

  it("are wired to the system of their chain, each to the rate provider", async () => {
    const { onEthereum, onPolygon, child, pool, token } = context;
    expect(await onEthereum.rateProvider.POOL()).to.equal(await pool.getAddress());
    expect(await onPolygon.rateProvider.FEED()).to.equal(await child.feed.getAddress());
    for (const [adapters, coin] of [
      [onEthereum, token],
      [onPolygon, child.token],
    ] as const) {
      const source = await adapters.rateProvider.getAddress();
      expect([await adapters.priceFeed.SOURCE(), await adapters.aprOracle.SOURCE()]).to.deep.equal([source, source]);
      expect(await adapters.aprOracle.TOKEN()).to.equal(await coin.getAddress());
    }
  });

  for (const [chain, names] of [
    ["Ethereum", ON_ETHEREUM],
    ["Polygon", ON_POLYGON],
  ] as const) {
    it(`on ${chain} are deployed once, in order, however often the deployment is repeated`, async () => {
      const { deployer } = context.actors;
      const said: string[] = [];
      const steps = await openSteps(deployer, memoryJournal(31_337n, deployer.address), (line) => said.push(line));
      const deploy = async (): Promise<PoolAdapters | ChildAdapters> =>
        chain === "Ethereum" ? deployPoolAdapters(steps, context) : deployChildAdapters(steps, context.child);
      const first = await deploy();
      const nonce = await deployer.getNonce();
      const second = await deploy();
      expect(await deployer.getNonce()).to.equal(nonce);
      expect(said).to.deep.equal(["DeploymentFactory", ...names]);
      for (const what of ["rateProvider", "priceFeed", "aprOracle"] as const) {
        expect(await second[what].getAddress()).to.equal(await first[what].getAddress());
      }
    });
  }
});
