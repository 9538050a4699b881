import { expect } from "chai";

import { verifyEthereum, verifyPolygon } from "../../deploy/run";

import { forkSuite } from "./support/suite";

describe("Fork: deployment by the modules, with the configuration of mainnet and Polygon", () => {
  const get = forkSuite();

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
