import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import hre from "hardhat";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import { MANAGER } from "../../deploy/access";
import { timeOf } from "../../scripts/lib/times";
import { runGovern } from "../../scripts/governance/run";
import type { GovernOptions } from "../../scripts/governance/run";
import { officeOf } from "../../scripts/tasks/office";
import { failureOf } from "../support/failures";
import { batchIn, officeWith, rehearsed, sendBatch } from "../support/rehearsed";
import type { Rehearsed, TestOffice } from "../support/rehearsed";

const DAY = 86_400n;
const WEEK = 7n * DAY;

const NONE = { execute: false, cancel: false, send: false, anyway: false } as const;
const SET_FEE = { ...NONE, contract: "PolygonPool", function: "setFee", args: "400" } as const;

describe("npx hardhat govern", () => {
  let world: Rehearsed;
  let office: TestOffice;
  let pool: string;
  let authority: string;

  beforeEach(async () => {
    world = await rehearsed();
    office = await officeWith(world.below, [world.stranger]);
    pool = await world.system.pool.getAddress();
    authority = await world.system.manager.getAddress();
  });

  const govern = async (options: GovernOptions, at: TestOffice = office): Promise<void> => runGovern(options, at);
  const now = async (): Promise<bigint> => BigInt(await time.latest());

  describe("a call with a delay", () => {
    it("shows holder, delay, outcome, operation and dates, and sends nothing", async () => {
      await govern(SET_FEE);
      const data = world.system.pool.interface.encodeFunctionData("setFee", [400n]);
      const id = keccak256(
        AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [world.manager.address, pool, data]),
      );
      const from = (await now()) + DAY;
      const abi = world.system.manager.interface;
      expect(office.printed).to.deep.equal([
        `PolygonPool.setFee(bps = 400) at ${pool}`,
        `  may be called by the manager: ${world.manager.address} (delay of 1 day)`,
        "  would go through now",
        `  operation ${id}`,
        `  scheduled now, it can be executed from ${timeOf(from)} until ${timeOf(from + WEEK)}`,
        `schedule: by ${world.manager.address}`,
        `  to    ${authority}`,
        "  value 0",
        `  data  ${abi.encodeFunctionData("schedule", [pool, data, 0n])}`,
        `execute: by ${world.manager.address}`,
        `  to    ${authority}`,
        "  value 0",
        `  data  ${abi.encodeFunctionData("execute", [pool, data])}`,
      ]);
      expect(await world.system.manager.getSchedule(id)).to.equal(0n);
    });

    it("writes Safe batches that do it: one to schedule, one to execute after the delay", async () => {
      await govern({ ...SET_FEE, out: office.out });
      const schedule = await batchIn(office, "PolygonPool.setFee.schedule");
      expect(schedule.chainId).to.equal("31337");
      expect(schedule.meta.createdFromSafeAddress).to.equal(world.manager.address);
      await sendBatch(schedule, world.manager);
      await time.increase(DAY);
      await sendBatch(await batchIn(office, "PolygonPool.setFee.execute"), world.manager);
      expect((await world.system.pool.parameters()).feeBps).to.equal(400n);
    });

    it("is scheduled and executed with a key of the holder, and not before its time", async () => {
      const own = await officeWith(world.below, [world.stranger, world.manager]);
      await govern({ ...SET_FEE, send: true }, own);
      const readyAt = (await now()) + DAY;
      expect(own.printed.at(-1)).to.equal(
        `  scheduled: it can be executed from ${timeOf(readyAt)} until ${timeOf(readyAt + WEEK)}`,
      );
      expect(await failureOf(govern({ ...SET_FEE, send: true }, own))).to.contain("It is scheduled already");
      const early = await failureOf(govern({ ...SET_FEE, execute: true, send: true }, own));
      expect(early).to.contain(`It cannot be executed yet: from ${timeOf(readyAt)} until ${timeOf(readyAt + WEEK)}`);
      await time.increaseTo(readyAt);
      await govern({ ...SET_FEE, execute: true, send: true }, own);
      expect((await world.system.pool.parameters()).feeBps).to.equal(400n);
      const again = await failureOf(govern({ ...SET_FEE, execute: true }, own));
      expect(again).to.contain(`It is not scheduled by ${world.manager.address}, or has expired`);
    });

    it("can no longer be executed a week after its time", async () => {
      const own = await officeWith(world.below, [world.manager]);
      await govern({ ...SET_FEE, send: true }, own);
      await time.increase(DAY + WEEK);
      const late = await failureOf(govern({ ...SET_FEE, execute: true, send: true }, own));
      expect(late).to.contain("It is not scheduled");
    });
  });

  describe("a call that would revert", () => {
    it("is refused with the contract's reason, before anything is scheduled", async () => {
      const failure = await failureOf(govern({ ...SET_FEE, args: "1001" }));
      expect(failure).to.contain("It would revert now: FeeOutOfBounds(1001, 1000). Add --anyway");
    });

    it("goes on if it is told that something will change before", async () => {
      await govern({ ...SET_FEE, args: "1001", anyway: true });
      expect(office.printed).to.include("  would revert now: FeeOutOfBounds(1001, 1000)");
    });
  });

  describe("a call without delay", () => {
    const PAUSE = { ...NONE, contract: "PolygonPool", function: "pauseStakes", args: "86400" } as const;

    it("is one batch for the guardian, which does it at once", async () => {
      await govern({ ...PAUSE, out: office.out });
      expect(office.printed.slice(0, 5)).to.deep.equal([
        `PolygonPool.pauseStakes(duration = 86400) at ${pool}`,
        `  may be called by the guardian: ${world.guardian.address} (no delay)`,
        "  would go through now",
        "  needs no schedule",
        `call: by ${world.guardian.address}`,
      ]);
      await sendBatch(await batchIn(office, "PolygonPool.pauseStakes.call"), world.guardian);
      expect(await world.system.pool.maxDeposit(world.stranger)).to.equal(0n);
    });

    it("is sent with the guardian's key", async () => {
      const own = await officeWith(world.below, [world.guardian]);
      await govern({ ...PAUSE, send: true }, own);
      expect(await world.system.pool.maxDeposit(world.stranger)).to.equal(0n);
      expect(await failureOf(govern({ ...PAUSE, execute: true }, own))).to.contain("has no delay");
    });
  });

  describe("--cancel", () => {
    it("is a batch for who scheduled it, the guardian or the upgrader", async () => {
      const own = await officeWith(world.below, [world.manager]);
      await govern({ ...SET_FEE, send: true }, own);
      await govern({ ...SET_FEE, cancel: true, out: office.out });
      const senders = [world.manager, world.guardian, world.upgrader].map(({ address }) => address);
      expect(office.printed).to.include(`  can be cancelled by ${senders.join(", ")}`);
      await sendBatch(await batchIn(office, "PolygonPool.setFee.cancel"), world.guardian);
      expect(await failureOf(govern({ ...SET_FEE, cancel: true }))).to.contain("nothing to cancel");
    });

    it("reaches what was scheduled by somebody who holds the role no more", async () => {
      await govern({ ...SET_FEE, send: true }, await officeWith(world.below, [world.manager]));
      await world.system.manager.connect(world.manager).renounceRole(MANAGER, world.manager);
      const guardian = await officeWith(world.below, [world.guardian]);
      expect(await failureOf(govern({ ...SET_FEE, cancel: true }, guardian))).to.contain(
        "the manager has no holder now",
      );
      await govern({ ...SET_FEE, cancel: true, caller: world.manager.address, send: true }, guardian);
      expect(guardian.printed.at(-1)).to.contain(`cancel: sent by ${world.guardian.address}`);
    });

    it("is sent with the guardian's key", async () => {
      await govern({ ...SET_FEE, send: true }, await officeWith(world.below, [world.manager]));
      await govern({ ...SET_FEE, cancel: true, send: true }, await officeWith(world.below, [world.guardian]));
      await time.increase(DAY);
      expect(await failureOf(govern({ ...SET_FEE, execute: true }))).to.contain("It is not scheduled");
    });
  });

  describe("roles and delays themselves", () => {
    const GRANT = { ...NONE, contract: "AccessManager", function: "grantRole" } as const;

    it("are the upgrader's, after its delay, and are tried out too", async () => {
      const own = await officeWith(world.below, [world.upgrader]);
      const grant = { ...GRANT, args: `${MANAGER},${world.stranger.address},${DAY}` };
      await govern({ ...grant, send: true }, own);
      expect(own.printed.slice(1, 3)).to.deep.equal([
        `  may be called by the upgrader: ${world.upgrader.address} (delay of 7 days)`,
        "  would go through now",
      ]);
      await time.increase(WEEK);
      await govern({ ...grant, execute: true, send: true }, own);
      expect((await world.system.manager.hasRole(MANAGER, world.stranger)).isMember).to.equal(true);
      // Two managers now: which of them is meant is asked.
      const several = await failureOf(govern(SET_FEE));
      expect(several).to.contain("Several may call it, name one with --caller");
      office.printed.length = 0;
      await govern({ ...SET_FEE, caller: world.stranger.address });
      expect(office.printed).to.include(`schedule: by ${world.stranger.address}`);
    });

    it("over a contract wait for its admin delay, if that is longer", async () => {
      const selector = world.system.pool.getFunction("setFee").fragment.selector;
      const args = `${pool},[${selector}],2`;
      await govern({ ...NONE, contract: "AccessManager", function: "setTargetFunctionRole", args });
      expect(office.printed[1]).to.equal(
        `  may be called by the upgrader: ${world.upgrader.address} (delay of 7 days)`,
      );
    });

    it("are nobody's where the manager governs nothing", async () => {
      const failure = await failureOf(
        govern({ ...NONE, contract: "AccessManager", function: "renounceRole", args: `1,${world.stranger.address}` }),
      );
      expect(failure).to.contain("renounceRole of the AccessManager is nobody's power");
    });
  });

  describe("without a function", () => {
    it("lists what is governed, with roles, units and meanings", async () => {
      await govern({ ...NONE, contract: "PolygonPool" });
      const at = office.printed.indexOf("  setFee(uint256 bps)");
      expect(office.printed[at - 1]).to.equal("for the manager:");
      expect(office.printed[at + 2]).to.equal("    bps (uint256): The fee, bps, at most 1,000.");
      expect(office.printed).to.include("  pauseStakes(uint256 duration)");
      expect(office.printed.join("\n")).not.to.contain("deposit(");
    });
  });

  describe("refuses, in words", () => {
    it("a network without a node, whose variable it names; so do the other tasks of an office", async () => {
      const variable = "SEPOLIA_RPC_URL";
      const before = process.env[variable];
      const sepolia = Object.create(hre, {
        network: { value: { ...hre.network, name: "sepolia" } },
      }) as HardhatRuntimeEnvironment;
      try {
        process.env[variable] = "";
        expect(await failureOf(officeOf(sepolia, {}))).to.equal(
          "SEPOLIA_RPC_URL is not set: put the URL of a node of sepolia into the environment or .env",
        );
        process.env[variable] = "http://127.0.0.1:9";
        expect((await officeOf(sepolia, {})).network).to.equal("sepolia");
      } finally {
        process.env[variable] = before ?? "";
      }
    });

    it("arguments that do not fit, and says what each of them is", async () => {
      expect(await failureOf(govern({ ...SET_FEE, args: "4%" }))).to.contain(
        "bps (uint256): The fee, bps, at most 1,000.",
      );
    });

    it("a function, a contract and a caller that are not there", async () => {
      expect(await failureOf(govern({ ...SET_FEE, function: "totalAssets" }))).to.contain(
        "PolygonPool has no function totalAssets that changes anything",
      );
      expect(await failureOf(govern({ ...SET_FEE, contract: "SwapPool" }))).to.contain(
        "has no SwapPool to give orders to",
      );
      expect(await failureOf(govern({ ...SET_FEE, contract: "PolygonPool.implementation" }))).to.contain(
        "has no PolygonPool.implementation to give orders to",
      );
      expect(await failureOf(govern({ ...SET_FEE, caller: world.guardian.address }))).to.contain(
        `--caller ${world.guardian.address} may not`,
      );
    });

    it("to send without a key of the holder's", async () => {
      expect(await failureOf(govern({ ...SET_FEE, send: true }))).to.contain(
        `The network has no key of ${world.manager.address}`,
      );
    });

    it("both --execute and --cancel", async () => {
      expect(await failureOf(govern({ ...SET_FEE, execute: true, cancel: true }))).to.contain("exclude each other");
    });

    it("a book of another chain, and a contract under another manager", async () => {
      const foreign = await officeWith({ ...world.below, chainId: 1 }, []);
      expect(await failureOf(govern(SET_FEE, foreign))).to.contain(
        "is of chain 1, but the node of hardhat is of chain 31337",
      );
      const token = await world.side.token.getAddress();
      expect(
        await failureOf(govern({ ...NONE, contract: "ChildAnkrMATIC", address: token, function: "adjustLimits" })),
      ).to.contain("not the AccessManager of");
    });
  });

  it("runs from the command line, and takes an address where there is no book", async () => {
    const printed: string[] = [];
    await hre.run("govern", {
      ...SET_FEE,
      address: pool,
      book: "/nowhere",
      print: (line: string) => printed.push(line),
    });
    expect(printed[0]).to.equal(`PolygonPool.setFee(bps = 400) at ${pool}`);
    const failure = await failureOf(hre.run("govern", { ...SET_FEE, book: "/nowhere", print: () => undefined }));
    expect(failure).to.contain("There is no /nowhere: name the address of the PolygonPool with --address");
  });
});
