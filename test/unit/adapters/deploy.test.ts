import { expect } from "chai";
import { ethers } from "hardhat";

import {
  childAdapterDifferences,
  deployChildAdapters,
  deployPoolAdapters,
  poolAdapterDifferences,
} from "../../../deploy/adapters";
import { adaptedFixture } from "../../support/adapters";
import { AprOracle__factory } from "../../../typechain-types";

describe("the deployed adapters", () => {
  it("are wired to the system of their chain, each to the rate provider", async () => {
    const context = await adaptedFixture();
    const { onEthereum, onPolygon, child } = context;
    expect(await poolAdapterDifferences(onEthereum, context)).to.deep.equal([]);
    expect(await childAdapterDifferences(onPolygon, child)).to.deep.equal([]);
  });

  it("show where they are wired to something else", async () => {
    const context = await adaptedFixture();
    const { onEthereum, onPolygon, child, token, pool, actors } = context;
    const elsewhere = await ethers.getContractAt("AnkrMATIC", actors.stranger.address);
    const aprOracle = await new AprOracle__factory(actors.deployer).deploy(onPolygon.rateProvider, elsewhere);
    const [ours, theirs] = [await onEthereum.rateProvider.getAddress(), await onPolygon.rateProvider.getAddress()];
    const wrong = { ...onEthereum, aprOracle, priceFeed: onPolygon.priceFeed };
    expect(await poolAdapterDifferences(wrong, { token, pool: elsewhere as never })).to.deep.equal([
      `pool of the rate provider: ${await pool.getAddress()} instead of ${actors.stranger.address}`,
      `source of the price feed: ${theirs} instead of ${ours}`,
      `source of the APR oracle: ${theirs} instead of ${ours}`,
      `token of the APR oracle: ${actors.stranger.address} instead of ${await token.getAddress()}`,
    ]);
    expect(await childAdapterDifferences(onPolygon, { token: child.token, feed: pool as never })).to.deep.equal([
      `feed of the rate provider: ${await child.feed.getAddress()} instead of ${await pool.getAddress()}`,
    ]);
  });

  it("say what they deploy, and on which chain", async () => {
    const { actors, child, ...system } = await adaptedFixture();
    const said: string[] = [];
    const report = (line: string) => said.push(line);
    await deployPoolAdapters(system, actors.deployer, report);
    await deployChildAdapters(child, actors.deployer, report);
    expect(said).to.deep.equal([
      "rate provider, price feed and APR oracle",
      "rate provider, price feed and APR oracle on Polygon",
    ]);
  });
});
