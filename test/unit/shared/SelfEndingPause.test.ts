import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { SelfEndingPause__Harness__factory } from "../../typechain-types";
import type { SelfEndingPause__Harness } from "../../typechain-types";

const DAY = 86_400;
const LONGEST = 5 * DAY;
const COOLDOWN = 30 * DAY;

async function deploy(): Promise<SelfEndingPause__Harness> {
  const [deployer] = await ethers.getSigners();
  return new SelfEndingPause__Harness__factory(deployer).deploy();
}

/** Sends the next transaction at a time of choice, and returns that time. */
async function nextAt(timestamp: number): Promise<number> {
  await time.setNextBlockTimestamp(timestamp);
  return timestamp;
}

describe("SelfEndingPause", () => {
  let flow: SelfEndingPause__Harness;
  let now: number;

  beforeEach(async () => {
    flow = await loadFixture(deploy);
    now = await nextAt((await time.latest()) + 100);
  });

  describe("start", () => {
    it("pauses from now on for the duration", async () => {
      await expect(flow.start(DAY))
        .to.emit(flow, "PauseSet")
        .withArgs(now + DAY);
      expect(await flow.isOn()).to.equal(true);
    });

    for (const duration of [1, LONGEST]) {
      it(`takes ${duration} seconds`, async () => {
        await flow.start(duration);
        expect(await flow.until()).to.equal(now + duration);
      });
    }

    for (const duration of [0, LONGEST + 1]) {
      it(`refuses ${duration} seconds`, async () => {
        await expect(flow.start(duration))
          .to.be.revertedWithCustomError(flow, "PauseOutOfBounds")
          .withArgs(duration, LONGEST);
      });
    }

    it("cannot be lengthened while it runs", async () => {
      await flow.start(DAY);
      await expect(flow.start(LONGEST))
        .to.be.revertedWithCustomError(flow, "PauseCoolingDown")
        .withArgs(now + DAY + COOLDOWN);
    });

    it("is refused until 30 days after the end of the last, and possible from then on", async () => {
      await flow.start(DAY);
      const possibleFrom = now + DAY + COOLDOWN;
      await nextAt(possibleFrom - 1);
      await expect(flow.start(DAY)).to.be.revertedWithCustomError(flow, "PauseCoolingDown").withArgs(possibleFrom);
      await nextAt(possibleFrom);
      await flow.start(DAY);
      expect(await flow.until()).to.equal(possibleFrom + DAY);
    });
  });

  describe("its end", () => {
    it("comes by itself, at the second that was set", async () => {
      await flow.start(DAY);
      await time.increaseTo(now + DAY - 1);
      expect(await flow.isOn()).to.equal(true);
      await time.increaseTo(now + DAY);
      expect(await flow.isOn()).to.equal(false);
    });

    it("A90: leaves at least 30 days of 35 without a pause, whatever the pauser does", async () => {
      await flow.start(LONGEST);
      await nextAt(now + LONGEST + COOLDOWN);
      await flow.start(LONGEST);
      expect(await flow.until()).to.equal(now + LONGEST + COOLDOWN + LONGEST);
    });
  });

  describe("stop", () => {
    it("ends the pause now, and the 30 days count from here", async () => {
      await flow.start(LONGEST);
      const stopped = await nextAt(now + DAY);
      await expect(flow.stop()).to.emit(flow, "PauseSet").withArgs(stopped);
      expect(await flow.isOn()).to.equal(false);
      await expect(flow.start(DAY))
        .to.be.revertedWithCustomError(flow, "PauseCoolingDown")
        .withArgs(stopped + COOLDOWN);
      await nextAt(stopped + COOLDOWN);
      await flow.start(DAY);
      expect(await flow.isOn()).to.equal(true);
    });

    it("refuses when nothing was ever paused", async () => {
      await expect(flow.stop()).to.be.revertedWithCustomError(flow, "NotPaused");
    });

    it("refuses when the pause has ended by itself", async () => {
      await flow.start(DAY);
      await nextAt(now + DAY);
      await expect(flow.stop()).to.be.revertedWithCustomError(flow, "NotPaused");
    });

    it("refuses a second time, so that the 30 days cannot be moved", async () => {
      await flow.start(DAY);
      await flow.stop();
      await expect(flow.stop()).to.be.revertedWithCustomError(flow, "NotPaused");
    });
  });

  it("is off before the first pause", async () => {
    expect(await flow.isOn()).to.equal(false);
    expect(await flow.until()).to.equal(0);
  });
});
