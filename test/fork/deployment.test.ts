import { expect } from "chai";

import { verifyEthereum, verifyPolygon } from "../../deploy/run";
import { FxChild__factory, FxRoot__factory } from "../../typechain-types";

import { forkSuite } from "./support/suite";

describe("Fork: deployment by the modules, with the configuration of mainnet and Polygon", () => {
  const get = forkSuite();

  it("finds Polygon's contracts where its configuration says, and they name each other", async () => {
    const { staking, configuration, ethereum, polygon } = get();
    const { stakeManager, migration } = staking;
    const { pol, matic } = configuration.ethereum.params.polygon;
    const { fxRoot } = configuration.ethereum.bridge;
    const { fxChild } = configuration.polygon.params;
    expect([await stakeManager.token(), await stakeManager.tokenMatic()]).to.deep.equal([pol, matic]);
    expect([await migration.polygon(), await migration.matic()]).to.deep.equal([pol, matic]);
    expect(await stakeManager.migration()).to.equal(await migration.getAddress());
    expect(await FxRoot__factory.connect(fxRoot, ethereum).fxChild()).to.equal(fxChild);
    expect(await FxChild__factory.connect(fxChild, polygon).fxRoot()).to.equal(fxRoot);
    expect([(await ethereum.getNetwork()).chainId, (await polygon.getNetwork()).chainId]).to.deep.equal([1n, 137n]);
  });

  it("is on Ethereum what its configuration and its book say, to `verify-state`", async () => {
    const { ethereum, polygon, books, configuration } = get();
    const counterpart = { book: books.polygon, provider: polygon };
    expect(await verifyEthereum(ethereum, books.ethereum, configuration.ethereum, counterpart)).to.deep.equal([]);
  });

  it("is on Polygon what its configuration and its book say, to `verify-state`", async () => {
    const { polygon, books, configuration } = get();
    const counterpart = { book: books.ethereum };
    expect(await verifyPolygon(polygon, books.polygon, configuration.polygon, counterpart)).to.deep.equal([]);
  });
});
