import { setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress, formatEther, getAddress, toBeHex } from "ethers";
import hre, { ethers } from "hardhat";

import { BondSwitcher__factory } from "../../typechain-types";
import { failureOf } from "../support/failures";
import { DAY, ONE, asManager } from "../support/fixture";
import type { Context } from "../support/fixture";
import { grow, reward, shrink } from "../support/growth";
import { GENESIS_SHARES, legacyFixture } from "../support/legacy";
import type { LegacyChoice } from "../support/legacy";

/** Fee of 0.3 %, rounded up. */
const feeOf = (shares: bigint): bigint => (shares * 30n + 9_999n) / 10_000n;

describe("task switch", () => {
  let context: Context;
  let lines: string[];
  let questions: string[];
  /** ankrMATIC of the treasury, which has the fees of rewards too, before the run. */
  let treasury: bigint;

  async function start(choice: LegacyChoice = {}): Promise<void> {
    context = await legacyFixture(choice);
    lines = [];
    questions = [];
    const { bond, switcher, actors } = context;
    await bond.connect(actors.alice).approve(switcher, 0n);
  }

  beforeEach(async () => {
    await start();
  });

  interface Own {
    readonly answer?: boolean;
    readonly interactive?: boolean;
    /** What happens between the quote and the answer. */
    readonly meanwhile?: () => Promise<unknown>;
    readonly [option: string]: unknown;
  }

  /** `npx hardhat switch` of alice, with --yes unless something else is said. */
  async function run(amount: string, own: Own = {}): Promise<void> {
    const { answer = true, interactive = true, meanwhile, ...options } = own;
    const { switcher, token, actors } = context;
    treasury = await token.balanceOf(actors.treasury);
    await hre.run("switch", {
      amount,
      switcher: await switcher.getAddress(),
      from: actors.alice.address,
      yes: meanwhile === undefined,
      ...options,
      terminal: {
        print: (line: string) => lines.push(line),
        interactive,
        confirm: async (question: string) => {
          questions.push(question);
          await meanwhile?.();
          return answer;
        },
      },
    });
  }

  /** Shares that alice gave and ankrMATIC that she got since the start, and the fee of the last run. */
  async function moved(): Promise<{ gave: bigint; got: bigint; fee: bigint }> {
    const { bond, token, actors } = context;
    return {
      gave: GENESIS_SHARES - (await bond.sharesOf(actors.alice)),
      got: await token.balanceOf(actors.alice),
      fee: (await token.balanceOf(actors.treasury)) - treasury,
    };
  }

  /** Name of the switcher's function in the last block. */
  async function calledLast(): Promise<string | undefined> {
    const [transaction] = (await ethers.provider.getBlock("latest", true))?.prefetchedTransactions ?? [];
    return context.switcher.interface.parseTransaction({ data: transaction?.data ?? "0x" })?.name;
  }

  const NOTHING = { gave: 0n, got: 0n, fee: 0n };

  describe("the quote", () => {
    it("tells what the holder has, gives and gets, the fee, the cap, the limit and the pause", async () => {
      await start({ switcher: { dailyLimitWei: 1_000n * ONE } });
      await run("100", { dryRun: true });
      expect(lines.slice(0, 7)).to.deep.equal([
        `holder     ${context.actors.alice.address}`,
        "has        100,000 aMATICb, which are 100,000 shares",
        "gives      100 aMATICb, which are 100 shares",
        "gets       99.7 ankrMATIC",
        "fee        0.3 ankrMATIC (0.3 %)",
        "cap        250,000 shares are left of 250,000",
        "available  1,000 shares now (daily limit 1,000)",
      ]);
      expect(lines[7]).to.match(/^pause {6}none at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
      expect(lines).to.have.length(9);
    });

    it("is told and done to the wei where a share is worth more than a MATIC", async () => {
      await grow(context, 123_456n * ONE);
      const { pool, bond } = context;
      const [assets, total] = [await pool.totalAssets(), await pool.totalShares()];
      expect(assets).to.be.greaterThan(total);
      const bonds = 1_234_567_890_123_456_789n;
      const shares = (bonds * total + assets - 1n) / assets;
      await run("1.234567890123456789");
      expect(await moved()).to.deep.equal({ gave: shares, got: shares - feeOf(shares), fee: feeOf(shares) });
      expect(lines.at(-1)).to.equal("This is the quote, to the wei.");
      expect(lines.at(-2)).to.match(
        new RegExp(
          `^Switched ${formatEther(shares)} shares: ${formatEther(shares - feeOf(shares))} ankrMATIC to ` +
            `${context.actors.alice.address}, fee ${formatEther(feeOf(shares))} \\(transaction 0x[0-9a-f]{64}\\)$`,
        ),
      );
      expect(await bond.allowance(context.actors.alice, context.switcher)).to.equal(0n);
    });

    it("has no limit in it if there is none", async () => {
      await run("1", { dryRun: true });
      expect(lines[6]).to.equal("available  250,000 shares now (no daily limit)");
    });
  });

  describe("doing it", () => {
    it("bonds: signs a permit for them and calls switchBondsWithPermit", async () => {
      await run("100");
      expect(await calledLast()).to.equal("switchBondsWithPermit");
      expect(await moved()).to.deep.equal({
        gave: 100n * ONE,
        got: 997n * (ONE / 10n),
        fee: 3n * (ONE / 10n),
      });
      expect(await context.bond.allowance(context.actors.alice, context.switcher)).to.equal(0n);
    });

    it("with an allowance that is enough, signs nothing and spends it", async () => {
      const { bond, switcher, actors } = context;
      await bond.connect(actors.alice).approve(switcher, 100n * ONE);
      await run("100");
      expect(await calledLast()).to.equal("switchBonds");
      expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
      expect(await bond.nonces(actors.alice)).to.equal(0n);
      expect((await moved()).gave).to.equal(100n * ONE);
    });

    it("--shares: signs for their worth and a hundredth more, and moves exactly them", async () => {
      const { bond, switcher, actors } = context;
      await grow(context, 123_456n * ONE);
      await run("100", { shares: true });
      expect(await calledLast()).to.equal("switchSharesWithPermit");
      expect(await moved()).to.deep.equal({ gave: 100n * ONE, got: 997n * (ONE / 10n), fee: 3n * (ONE / 10n) });
      expect(lines[2]).to.equal("gives      100 shares");
      const worth = await bond.sharesToBonds(100n * ONE);
      expect(await bond.allowance(actors.alice, switcher)).to.be.within(worth / 100n - 1n, worth / 100n + 1n);
    });

    it("--shares with an allowance that is enough calls switchShares", async () => {
      const { bond, switcher, actors } = context;
      await bond.connect(actors.alice).approve(switcher, 102n * ONE);
      await run("100", { shares: true });
      expect(await calledLast()).to.equal("switchShares");
    });

    it("A55: max leaves no share, whatever a share is worth, also while it grows", async () => {
      await grow(context, 54_321n * ONE + 7n);
      await reward(context, 10_000n * ONE);
      await run("max");
      expect(await context.bond.sharesOf(context.actors.alice)).to.equal(0n);
      expect(await context.bond.balanceOf(context.actors.alice)).to.equal(0n);
      const fee = feeOf(GENESIS_SHARES);
      expect(await moved()).to.deep.equal({ gave: GENESIS_SHARES, got: GENESIS_SHARES - fee, fee });
      expect(lines.at(-1)).to.equal("This is the quote, to the wei.");
    });

    it("A55: max leaves no share where a loss made it worth less", async () => {
      await shrink(context, 1_234n);
      await run("max");
      expect(await context.bond.sharesOf(context.actors.alice)).to.equal(0n);
    });

    it("--receiver gets the ankrMATIC", async () => {
      const { token, actors } = context;
      await run("10", { receiver: actors.carol.address });
      expect(await token.balanceOf(actors.carol)).to.equal(997n * (ONE / 100n));
      expect(lines[3]).to.equal(`gets       9.97 ankrMATIC for ${actors.carol.address}`);
      expect(lines.at(-2)).to.include(`9.97 ankrMATIC to ${actors.carol.address}`);
    });

    it("the switcher may be named by the environment", async () => {
      process.env.SWITCHER = await context.switcher.getAddress();
      try {
        await run("10", { switcher: undefined });
      } finally {
        delete process.env.SWITCHER;
      }
      expect((await moved()).gave).to.equal(10n * ONE);
    });

    it("--dry-run sends nothing and tells which call it would be", async () => {
      const { bond, switcher, actors } = context;
      const block = await ethers.provider.getBlockNumber();
      for (const [amount, options, way] of [
        ["100", {}, "switchBondsWithPermit, after a signed permit over 100 aMATICb"],
        ["100", { shares: true }, "switchSharesWithPermit, after a signed permit over 101.000000000000000001 aMATICb"],
        ["100", { upTo: true }, "switchUpToWithPermit, after a signed permit over 101.000000000000000001 aMATICb"],
      ] as const) {
        await run(amount, { ...options, dryRun: true, yes: false, interactive: false });
        expect(lines.at(-1)).to.equal(`Dry run: nothing is sent. It would be ${way}.`);
      }
      expect(await ethers.provider.getBlockNumber()).to.equal(block);
      await bond.connect(actors.alice).approve(switcher, MaxUint256);
      await run("100", { dryRun: true });
      expect(lines.at(-1)).to.equal(
        "Dry run: nothing is sent. It would be switchBonds, for which the allowance is there.",
      );
      expect(questions).to.deep.equal([]);
      expect(await moved()).to.deep.equal(NOTHING);
    });
  });

  describe("asking", () => {
    it("asks once, with what will be received, and does it on a yes", async () => {
      await run("100", { yes: false });
      expect(questions).to.deep.equal(["Switch for 99.7 ankrMATIC? This cannot be undone"]);
      expect((await moved()).gave).to.equal(100n * ONE);
    });

    it("does nothing on a no", async () => {
      await run("100", { yes: false, answer: false });
      expect(lines.at(-1)).to.equal("Nothing was switched.");
      expect(await moved()).to.deep.equal(NOTHING);
    });

    it("where nobody can answer, refuses without --yes and says so, behind the quote", async () => {
      expect(await failureOf(run("100", { yes: false, interactive: false }))).to.equal(
        "Nobody can be asked, as the input is not a terminal: add --yes to switch without a question.",
      );
      expect(lines).to.have.length(8);
      expect(questions).to.deep.equal([]);
      expect(await moved()).to.deep.equal(NOTHING);
    });

    it("where nobody can answer, --yes does it", async () => {
      await run("100", { interactive: false });
      expect(questions).to.deep.equal([]);
      expect((await moved()).gave).to.equal(100n * ONE);
    });
  });

  describe("the cap and the daily limit", () => {
    it("above what is left of the cap, fails with the rest and --up-to", async () => {
      await start({ switcher: { capWei: 40n * ONE } });
      expect(await failureOf(run("40.000000000000000001"))).to.equal(
        "40.000000000000000001 shares are more than the 40 that are left of the cap: " +
          "switch less, or add --up-to for as much as there is.",
      );
      expect(await moved()).to.deep.equal(NOTHING);
      await run("40");
      expect((await moved()).gave).to.equal(40n * ONE);
    });

    it("--up-to switches what is left of the cap, then fails as nothing is left", async () => {
      await start({ switcher: { capWei: 40n * ONE } });
      await run("100", { upTo: true });
      expect(await calledLast()).to.equal("switchUpToWithPermit");
      expect(lines[2]).to.equal("gives      40 shares");
      expect(await moved()).to.deep.equal({ gave: 40n * ONE, got: 3_988n * (ONE / 100n), fee: 12n * (ONE / 100n) });
      expect(lines.at(-1)).to.equal("This is the quote, to the wei.");
      for (const upTo of [true, false]) {
        expect(await failureOf(run("1", { upTo }))).to.equal(
          "The cap is used up: nothing can be switched. Unstaking is open and has no fee.",
        );
      }
    });

    it("--up-to switches all that was asked for if the cap leaves it", async () => {
      await run("max", { upTo: true });
      expect(await context.bond.sharesOf(context.actors.alice)).to.equal(0n);
    });

    it("--up-to with an allowance that is enough approves nothing", async () => {
      const { bond, switcher, actors } = context;
      await bond.connect(actors.alice).approve(switcher, MaxUint256);
      const nonce = await actors.alice.getNonce();
      await run("100", { upTo: true });
      expect((await actors.alice.getNonce()) - nonce).to.equal(1);
    });

    it("above the daily limit, fails with what is available; --up-to takes that", async () => {
      await start({ switcher: { dailyLimitWei: 50n * ONE } });
      expect(await failureOf(run("60"))).to.equal(
        "60 shares are above the daily limit, and 50 are available now; it refills over a day: " +
          "wait, switch less, or add --up-to for as much as there is.",
      );
      await run("60", { upTo: true });
      expect((await moved()).gave).to.equal(50n * ONE);
    });

    it("a daily limit that is used up says to wait, and half of it is back after half a day", async () => {
      await start({ switcher: { dailyLimitWei: 50_000n * ONE } });
      await run("50000");
      expect(await failureOf(run("50000"))).to.equal(
        "50,000 shares are above the daily limit, and nothing is available now; it refills over a day: wait.",
      );
      await time.increase(DAY / 2n);
      expect(await failureOf(run("25001"))).to.match(
        /^25,001 shares are above the daily limit, and 25,000(\.\d+)? are available now; /,
      );
      await run("25000");
      expect((await moved()).gave).to.equal(75_000n * ONE);
    });
  });

  describe("what is in the way", () => {
    it("a pause: tells until when, and that unstaking is open", async () => {
      const { switcher, actors } = context;
      await switcher.connect(actors.guardian).pauseSwitches(DAY);
      const until = BigInt(await time.latest()) + DAY;
      const text = new Date(Number(until) * 1_000).toISOString();
      const at = `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
      for (const options of [{}, { upTo: true }, { dryRun: true }]) {
        expect(await failureOf(run("1", options))).to.equal(
          `Switches are paused until ${at}: try again then. Unstaking is open all the time and has no fee.`,
        );
      }
      await time.increaseTo(until);
      await run("1");
      expect((await moved()).gave).to.equal(ONE);
    });

    it("more than the holder has, in bonds and in shares", async () => {
      const { alice, treasury } = context.actors;
      expect(await failureOf(run("100000.000000000000000001"))).to.equal(
        `${alice.address} has 100,000 aMATICb, which is less than 100,000.000000000000000001: switch less, or max for all of it.`,
      );
      expect(await failureOf(run("100001", { shares: true, upTo: true }))).to.equal(
        `${alice.address} has 100,000 shares, which is less than 100,001: switch less, or max for all of it.`,
      );
      expect(await failureOf(run("max", { from: treasury.address }))).to.equal(
        `${treasury.address} has no aMATICb: choose the account that has some with --from.`,
      );
    });

    it("a wei, of which the fee leaves nothing", async () => {
      expect(await failureOf(run("0.000000000000000001"))).to.equal(
        "Nothing would be left of 1 wei of shares after the fee: switch more.",
      );
    });

    for (const amount of [
      "",
      "-1",
      "+1",
      "1e3",
      "1,000",
      "0x10",
      "1.",
      ".5",
      "1.0000000000000000001",
      "all",
      "1 ",
      "NaN",
    ]) {
      it(`"${amount}" is no amount`, async () => {
        expect(await failureOf(run(amount))).to.equal(
          `--amount ${amount} is no amount: digits with at most 18 decimals after a point, like 12.5, or max for all`,
        );
      });
    }

    it("an amount of zero", async () => {
      for (const amount of ["0", "0.0", "00", "0.000000000000000000"]) {
        expect(await failureOf(run(amount))).to.equal("--amount is 0: name how much is to be switched, or max for all");
      }
    });

    it("addresses that are none, have no code, or are something else", async () => {
      const { pool, bond } = context;
      const nobody = getAddress(toBeHex(0xdead, 20));
      const noCode = 'has no code on the network "hardhat" (chain 31337): is --network the right one, and the address?';
      expect(await failureOf(run("1", { switcher: undefined }))).to.equal(
        "--switcher is missing: name the address of the switcher, or set SWITCHER in the environment.",
      );
      expect(await failureOf(run("1", { switcher: nobody }))).to.equal(`--switcher ${nobody} ${noCode}`);
      for (const other of [pool, bond]) {
        expect(await failureOf(run("1", { switcher: await other.getAddress() }))).to.match(
          /^--switcher 0x\w{40} is not a switcher: /,
        );
      }
      const second = await new BondSwitcher__factory(context.actors.deployer).deploy(bond, context.actors.treasury);
      expect(await failureOf(run("1", { switcher: await second.getAddress() }))).to.equal(
        `--switcher ${await second.getAddress()} is not the switcher of its aMATICb, which is ${await context.switcher.getAddress()}`,
      );
      expect(await failureOf(run("1", { receiver: ZeroAddress }))).to.equal(
        "--receiver is the zero address: name another",
      );
      expect(await failureOf(run("1", { receiver: "alice" }))).to.match(/^--receiver alice is no address: /);
      expect(await failureOf(run("1", { from: nobody }))).to.equal(
        `--from ${nobody} is none of the 100 accounts that this network is configured with`,
      );
    });
  });

  describe("what moves between the quote and the switch", () => {
    it("the rate: other shares are switched, and it says so, with both rates", async () => {
      const { pool, bond } = context;
      await reward(context, 70_000n * ONE);
      const quoted = await bond.bondsToShares(100n * ONE);
      await run("100", { meanwhile: () => time.increase(3n * DAY) });
      const [assets, total] = [await pool.totalAssets(), await pool.totalShares()];
      const shares = (100n * ONE * total + assets - 1n) / assets;
      expect(shares).to.be.lessThan(quoted);
      expect(await moved()).to.deep.equal({ gave: shares, got: shares - feeOf(shares), fee: feeOf(shares) });
      expect(lines.at(-1)).to.match(
        /^The quote was 99\.7 ankrMATIC: the rate moved meanwhile, from 1(\.0\d+)? to 1\.0\d+ MATIC for a share\.$/,
      );
    });

    it("the rate, of a switch by shares: it changes nothing", async () => {
      await reward(context, 70_000n * ONE);
      await run("100", { shares: true, meanwhile: () => time.increase(3n * DAY) });
      expect((await moved()).gave).to.equal(100n * ONE);
      expect(lines.at(-1)).to.equal("This is the quote, to the wei.");
    });

    it("the fee: it says from what to what", async () => {
      const { switcher } = context;
      const raise = switcher.interface.encodeFunctionData("setFee", [100n]);
      await run("100", { meanwhile: () => asManager(context, switcher, raise) });
      expect(await moved()).to.deep.equal({ gave: 100n * ONE, got: 99n * ONE, fee: ONE });
      expect(lines.at(-1)).to.equal("The quote was 99.7 ankrMATIC: the fee went from 30 to 100 bps meanwhile.");
    });

    it("others take of the cap: a switch fails in words, --up-to takes what is left and says so", async () => {
      await start({ switcher: { capWei: 100n * ONE } });
      const { switcher, actors } = context;
      const other = (shares: bigint) => (): Promise<unknown> =>
        switcher.connect(actors.bob).switchShares(shares, actors.bob);
      expect(await failureOf(run("100", { meanwhile: other(40n * ONE) }))).to.equal(
        "100 shares are more than the 60 that are left of the cap: switch less, or add --up-to for as much as there is.",
      );
      await run("60", { upTo: true, meanwhile: other(10n * ONE) });
      expect((await moved()).gave).to.equal(50n * ONE);
      expect(lines.at(-1)).to.equal("The quote was 59.82 ankrMATIC: others switched meanwhile, and less was left.");
    });

    it("a pause, the daily limit, the balance: each fails in words", async () => {
      await start({ switcher: { dailyLimitWei: 100n * ONE } });
      const { switcher, bond, actors } = context;
      expect(
        await failureOf(
          run("10", { meanwhile: () => bond.connect(actors.alice).transferShares(actors.bob, GENESIS_SHARES) }),
        ),
      ).to.equal(`${actors.alice.address} has 0 aMATICb, which is less than 10: switch less, or max for all of it.`);
      await bond.connect(actors.bob).transferShares(actors.alice, GENESIS_SHARES);
      const other = (): Promise<unknown> => switcher.connect(actors.bob).switchShares(100n * ONE, actors.bob);
      expect(await failureOf(run("100", { meanwhile: other }))).to.match(
        /^100 shares are above the daily limit, and 0\.00\d+ are available now; it refills over a day: wait, /,
      );
      await time.increase(DAY);
      const pause = (): Promise<unknown> => switcher.connect(actors.guardian).pauseSwitches(DAY);
      expect(await failureOf(run("10", { meanwhile: pause }))).to.match(/^Switches are paused until /);
      expect(await moved()).to.deep.equal(NOTHING);
    });

    it("A18: the permit is submitted by somebody else first: the switch goes through all the same", async () => {
      const { bond, switcher, actors } = context;
      await run("100", { meanwhile: () => bond.connect(actors.alice).approve(switcher, 100n * ONE) });
      expect((await moved()).gave).to.equal(100n * ONE);
    });
  });

  it("an account that cannot pay for gas fails with the node's words", async () => {
    await setBalance(context.actors.alice.address, 0n);
    expect(await failureOf(run("1"))).to.include("Sender doesn't have enough funds to send tx");
  });
});
