import { takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { DailyLimit__Harness__factory } from "../../typechain-types";

const DAY = 86_400n;

/** What happens after some seconds: an amount is asked for, or the limit is changed. */
interface Step {
  readonly wait: bigint;
  readonly change: boolean;
  readonly amount: bigint;
}

const wei = fc.oneof(fc.bigInt(0n, 200_000n), fc.bigInt(0n, 2n ** 96n), fc.constantFrom(0n, 1n, DAY));
const step = fc.record<Step>({
  wait: fc.oneof(fc.bigInt(1n, 5n), fc.bigInt(1n, DAY), fc.bigInt(1n, 3n * DAY)),
  change: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
  amount: wei,
});

describe("DailyLimit: random uses and changes", () => {
  it("gives what the rules give, and in no 24 hours more than twice the highest limit that held in them", async () => {
    const [deployer] = await ethers.getSigners();
    const flow = await new DailyLimit__Harness__factory(deployer).deploy();
    const start = await takeSnapshot();

    await fc.assert(
      fc.asyncProperty(wei, fc.array(step, { minLength: 5, maxLength: 15 }), async (first, steps) => {
        await start.restore();
        let now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        await flow.start(first);
        // What is free and the limit; the refill is rounded down from each change of either on.
        let [limit, free, since] = [first, first, now];
        const taken: { at: bigint; amount: bigint }[] = [];
        const limits: { from: bigint; limit: bigint }[] = [{ from: now, limit: first }];

        const freeAt = (second: bigint): bigint => {
          const filled = free + (limit * (second - since)) / DAY;
          return filled < limit ? filled : limit;
        };
        for (const { wait, change, amount } of steps) {
          now += wait;
          await time.setNextBlockTimestamp(now);
          const before = freeAt(now);
          if (change) {
            await flow.change(amount);
            [limit, free, since] = [amount, before < amount ? before : amount, now];
            limits.push({ from: now, limit });
          } else {
            const passes = amount <= before;
            await expect(flow.tryUse(amount)).to.emit(flow, "Used").withArgs(amount, passes);
            if (passes && amount !== 0n) {
              [free, since] = [before - amount, now];
              taken.push({ at: now, amount });
            }
          }
          expect(await flow.available()).to.equal(freeAt(now));
          expect(await flow.limitOf()).to.equal(limit);
        }

        for (const { at: from } of taken) {
          const day = taken.filter(({ at }) => at >= from && at < from + DAY);
          const sum = day.reduce((total, { amount }) => total + amount, 0n);
          const held = limits.filter(
            ({ from: began }, place) => began < from + DAY && (limits[place + 1]?.from ?? now + DAY) >= from,
          );
          const highest = held.reduce((most, { limit: one }) => (one > most ? one : most), 0n);
          expect(sum <= 2n * highest, `${sum} in a day at a limit of ${highest}`).to.equal(true);
        }
      }),
      tries(100),
    );
  });
});
