import { expect } from "chai";
import { getAddress } from "ethers";

import { DAY, DEFAULTS, parseParams } from "../../../deploy/params";

const address = (last: number): string => `0x${last.toString(16).padStart(40, "0")}`;
const ONE = 10n ** 18n;

/** Parameters with which a deployment can start. */
const ROOT = `0x${"ab".repeat(32)}`;
const GOOD = {
  ...DEFAULTS,
  polygon: { stakeManager: address(1), pol: address(2), matic: address(3), migration: address(4) },
  roles: { upgrader: address(5), manager: address(6), guardian: address(7) },
  treasury: address(8),
  genesis: { root: ROOT, batches: 50n },
};

type Input = Parameters<typeof parseParams>[0];

/** The lines of the error, one for each value that is not usable. */
function complaints(input: unknown): string[] {
  try {
    parseParams(input as Input);
  } catch (error) {
    if (error instanceof Error) return error.message.split("\n").map((line) => line.trim());
  }
  return [];
}

describe("deployment parameters", () => {
  it("are taken as they are when all are usable", () => {
    expect(parseParams(GOOD)).to.deep.equal(GOOD);
  });

  it("the real deployment: 7 days and a day of delay, a seed of 1 POL, 5 % fee", () => {
    expect(DEFAULTS).to.deep.equal({
      delays: { upgraderSeconds: 604_800n, managerSeconds: 86_400n },
      seedWei: ONE,
      assetCapWei: 1_000_000_000n * ONE,
      feeBps: 500n,
      maxShareBps: 2_500n,
      maxCommissionPercent: 15n,
      deadSliceSeconds: 604_800n,
      switcher: { feeBps: 30n, capWei: 0n, dailyLimitWei: 0n },
    });
  });

  it("addresses are brought into their checksummed form", () => {
    const lower = "0x455e53cbb86018ac2b8092fdcd39d8444affc3f6";
    expect(parseParams({ ...GOOD, treasury: lower }).treasury).to.equal(getAddress(lower));
  });

  it("the root of the genesis must be 32 bytes", () => {
    for (const root of ["", "0x12", ROOT.slice(2), `${ROOT}00`]) {
      expect(complaints({ ...GOOD, genesis: { ...GOOD.genesis, root } })).to.deep.equal([
        "Deployment parameters are not usable:",
        "genesis.root: must be 32 bytes in hexadecimal",
      ]);
    }
  });

  it("the fee of the switcher is at most 1 %, and its shares fit 96 bits", () => {
    const most = { feeBps: 100n, capWei: 2n ** 96n - 1n, dailyLimitWei: 2n ** 96n - 1n };
    expect(parseParams({ ...GOOD, switcher: most }).switcher).to.deep.equal(most);
    for (const [name, value] of Object.entries(most)) {
      const [, line, ...more] = complaints({ ...GOOD, switcher: { ...most, [name]: value + 1n } });
      expect(line).to.match(new RegExp(`^switcher.${name}: `));
      expect(more).to.deep.equal([]);
    }
  });

  for (const [name, change] of [
    ["treasury", { treasury: address(0) }],
    ["roles.upgrader", { roles: { ...GOOD.roles, upgrader: address(0) } }],
    ["roles.manager", { roles: { ...GOOD.roles, manager: "0x12" } }],
    ["roles.guardian", { roles: { ...GOOD.roles, guardian: "" } }],
    ["polygon.stakeManager", { polygon: { ...GOOD.polygon, stakeManager: address(0) } }],
    ["polygon.pol", { polygon: { ...GOOD.polygon, pol: address(0) } }],
    ["polygon.matic", { polygon: { ...GOOD.polygon, matic: address(0) } }],
    ["polygon.migration", { polygon: { ...GOOD.polygon, migration: address(0) } }],
  ] as const) {
    it(`${name} must be an address other than zero`, () => {
      expect(complaints({ ...GOOD, ...change })).to.deep.equal([
        "Deployment parameters are not usable:",
        `${name}: must be an address other than zero`,
      ]);
    });
  }

  for (const [name, value, message] of [
    ["seedWei", ONE - 1n, "the seed must be at least 1 POL"],
    ["assetCapWei", ONE + 1n, "must be a whole number of POL"],
    ["feeBps", 1_001n, "the fee is at most 10 %"],
  ] as const) {
    it(`${name} of ${value} is refused: ${message}`, () => {
      expect(complaints({ ...GOOD, [name]: value })).to.deep.equal([
        "Deployment parameters are not usable:",
        `${name}: ${message}`,
      ]);
    });
  }

  for (const [name, values] of Object.entries({
    feeBps: [-1n],
    maxShareBps: [0n, 10_001n],
    maxCommissionPercent: [-1n, 101n],
    deadSliceSeconds: [DAY - 1n, 30n * DAY + 1n],
    assetCapWei: [-1n * ONE],
  })) {
    it(`${name} outside of its bounds is refused by name`, () => {
      for (const value of values) {
        const [first, second, ...more] = complaints({ ...GOOD, [name]: value });
        expect(first).to.equal("Deployment parameters are not usable:");
        expect(second).to.match(new RegExp(`^${name}: `));
        expect(more).to.deep.equal([]);
      }
    });
  }

  for (const [name, values] of Object.entries({
    feeBps: [0n, 1_000n],
    maxShareBps: [1n, 10_000n],
    maxCommissionPercent: [0n, 100n],
    deadSliceSeconds: [DAY, 30n * DAY],
    seedWei: [ONE, 1_000n * ONE],
  })) {
    it(`${name} may be at its bounds`, () => {
      for (const value of values) expect(parseParams({ ...GOOD, [name]: value })).to.include({ [name]: value });
    });
  }

  it("every value that is missing or impossible is named at once", () => {
    const { treasury, feeBps, ...rest } = GOOD;
    expect([treasury, feeBps]).to.have.length(2);
    const lines = complaints({ ...rest, seedWei: 0n, polygon: { ...GOOD.polygon, pol: address(0) } });
    const names = lines.slice(1).map((line) => line.split(":")[0]);
    expect(names.sort()).to.deep.equal(["feeBps", "polygon.pol", "seedWei", "treasury"]);
  });

  it("money is counted in bigint: a number is refused", () => {
    const [, line] = complaints({ ...GOOD, seedWei: 1e18 });
    expect(line).to.match(/^seedWei: /);
  });
});
