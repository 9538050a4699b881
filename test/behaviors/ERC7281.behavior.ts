import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { DAY, ONE } from "../support/fixture";
import { IERC7281__factory } from "../../typechain-types";
import type { IERC7281 } from "../../typechain-types";
import { IPermitToken__factory } from "../typechain-types";
import type { IPermitToken } from "../typechain-types";

/** A token with limits by bridge. */
export interface ERC7281Subject {
  readonly token: IERC7281;
  /** Has the limits below, both full. */
  readonly bridge: HardhatEthersSigner;
  readonly minting: bigint;
  readonly burning: bigint;
  /** No bridge yet. */
  readonly second: HardhatEthersSigner;
  readonly user: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  /** Prepares a call of `setLimits`, with all its waiting, that can be made at a time of choice. */
  readonly prepare: (
    bridge: HardhatEthersSigner,
    minting: bigint,
    burning: bigint,
  ) => Promise<() => Promise<ContractTransactionResponse>>;
  /** Calls `setLockbox` as who may. */
  readonly setLockbox: (lockbox: string) => Promise<ContractTransactionResponse>;
}

/** Both sides have the same rules. */
const SIDES = ["minting", "burning"] as const;

/** ERC-7281, as its draft has it, with the readings of this system: exact refill, nothing gained by a raise. */
export function behavesLikeERC7281(arrange: () => Promise<ERC7281Subject>): void {
  describe("ERC-7281", () => {
    let subject: ERC7281Subject;
    let token: IERC7281;
    let erc20: IPermitToken;

    beforeEach(async () => {
      subject = await arrange();
      token = subject.token.connect(subject.bridge);
      erc20 = IPermitToken__factory.connect(await token.getAddress(), subject.user);
    });

    const most = (side: (typeof SIDES)[number], bridge = subject.bridge): Promise<bigint> =>
      side === "minting" ? token.mintingMaxLimitOf(bridge) : token.burningMaxLimitOf(bridge);
    const current = (side: (typeof SIDES)[number], bridge = subject.bridge): Promise<bigint> =>
      side === "minting" ? token.mintingCurrentLimitOf(bridge) : token.burningCurrentLimitOf(bridge);
    const use = (side: (typeof SIDES)[number], amount: bigint, bridge = subject.bridge) =>
      side === "minting"
        ? token.connect(bridge).mint(subject.user, amount)
        : token.connect(bridge).burn(subject.user, amount);
    const soon = async (): Promise<bigint> => BigInt(await time.latest()) + 100n;
    const tooMuch = (call: Promise<unknown>) =>
      expect(call).to.be.revertedWithCustomError(token, "IXERC20_NotHighEnoughLimits").withArgs();

    /** Gives the user something to burn, and the bridge an allowance of it; limits are full afterwards. */
    async function fund(amount: bigint): Promise<void> {
      await token.mint(subject.user, amount);
      await erc20.approve(subject.bridge, MaxUint256);
      await time.increase(DAY);
    }

    it("S7281-1: answers to the selectors of the draft", () => {
      const names = [
        ...(["setLimits", "mintingMaxLimitOf", "burningMaxLimitOf", "mintingCurrentLimitOf"] as const),
        ...(["burningCurrentLimitOf", "mint", "burn", "setLockbox"] as const),
      ];
      const abi = IERC7281__factory.createInterface();
      expect(names.map((name) => abi.getFunction(name).selector)).to.deep.equal([
        "0xa08d5654",
        "0x0c05f82c",
        "0xc1eb7137",
        "0x651fd268",
        "0x998955d3",
        "0x40c10f19",
        "0x9dc29fac",
        "0x435350b7",
      ]);
      expect(names.reduce((sum, name) => sum ^ BigInt(abi.getFunction(name).selector), 0n)).to.equal(0x0fa598f6n);
    });

    it("S7281-1: has the events and the error of the draft", () => {
      const abi = IERC7281__factory.createInterface();
      expect(abi.getEvent("BridgeLimitsSet").topicHash.slice(0, 10)).to.equal("0x93f3bbfe");
      expect(abi.getEvent("BridgeLimitsSet").inputs.map(({ indexed }) => indexed)).to.deep.equal([false, false, true]);
      expect(abi.getEvent("LockboxSet").topicHash.slice(0, 10)).to.equal("0xfa2e15ea");
      expect(abi.getEvent("LockboxSet").inputs.map(({ indexed }) => indexed)).to.deep.equal([false]);
      expect(abi.getError("IXERC20_NotHighEnoughLimits")?.selector).to.equal("0x0b6842aa");
    });

    it("X-17: takes the zero address for a lockbox, and no other", async () => {
      await expect(subject.setLockbox(ZeroAddress)).to.emit(token, "LockboxSet").withArgs(ZeroAddress);
    });

    describe("mint and burn", () => {
      it("S7281-2: mint raises supply and balance by exactly the amount, and lowers the limit by it", async () => {
        await expect(use("minting", 3n * ONE))
          .to.emit(erc20, "Transfer")
          .withArgs(ZeroAddress, subject.user.address, 3n * ONE);
        expect(await erc20.totalSupply()).to.equal(3n * ONE);
        expect(await erc20.balanceOf(subject.user)).to.equal(3n * ONE);
        expect(await current("minting")).to.equal(subject.minting - 3n * ONE);
        expect(await current("burning")).to.equal(subject.burning);
      });

      it("S7281-2: burn lowers supply and balance by exactly the amount, and the limit too", async () => {
        await fund(10n * ONE);
        await expect(use("burning", 4n * ONE))
          .to.emit(erc20, "Transfer")
          .withArgs(subject.user.address, ZeroAddress, 4n * ONE);
        expect(await erc20.totalSupply()).to.equal(6n * ONE);
        expect(await erc20.balanceOf(subject.user)).to.equal(6n * ONE);
        expect(await current("burning")).to.equal(subject.burning - 4n * ONE);
        expect(await current("minting")).to.equal(subject.minting);
      });

      for (const side of SIDES) {
        it(`S7281-2: ${side} stops exactly at the limit`, async () => {
          await fund(subject.minting);
          await tooMuch(use(side, subject[side] + 1n));
          await use(side, subject[side]);
          expect(await current(side)).to.equal(0n);
        });

        it(`S7281-6: ${side} of nothing reverts for who is no bridge, and passes for a bridge`, async () => {
          await tooMuch(use(side, 0n, subject.stranger));
          await use(side, 0n);
          expect(await current(side)).to.equal(subject[side]);
        });

        it(`S7281-2: ${side} is limited for the caller, not for the user`, async () => {
          await fund(10n * ONE);
          const { bridge, second, user } = subject;
          await (
            await subject.prepare(second, 10n, 10n)
          )();
          await time.increase(DAY);
          await erc20.approve(second, MaxUint256);
          const before = await current(side);
          await use(side, 10n, second);
          expect([await current(side, second), await current(side, bridge)]).to.deep.equal([0n, before]);
          expect(await current(side, user)).to.equal(0n);
          await tooMuch(use(side, 1n, second));
          await use(side, 1n);
        });
      }

      it("S7281-3: burn of another account's tokens spends its allowance", async () => {
        await token.mint(subject.user, 10n * ONE);
        await expect(use("burning", ONE))
          .to.be.revertedWithCustomError(erc20, "ERC20InsufficientAllowance")
          .withArgs(subject.bridge.address, 0n, ONE);
        await erc20.approve(subject.bridge, 3n * ONE);
        await use("burning", 2n * ONE);
        expect(await erc20.allowance(subject.user, subject.bridge)).to.equal(ONE);
        await expect(use("burning", ONE + 1n))
          .to.be.revertedWithCustomError(erc20, "ERC20InsufficientAllowance")
          .withArgs(subject.bridge.address, ONE, ONE + 1n);
        expect(await erc20.balanceOf(subject.user)).to.equal(8n * ONE);
      });

      it("S7281-3: burn of the bridge's own tokens needs none", async () => {
        await token.mint(subject.bridge, 2n * ONE);
        await token.burn(subject.bridge, 2n * ONE);
        expect(await erc20.totalSupply()).to.equal(0n);
      });

      it("S7281-2: burn above the balance reverts, and takes nothing from the limit", async () => {
        await expect(token.burn(subject.bridge, 1n))
          .to.be.revertedWithCustomError(erc20, "ERC20InsufficientBalance")
          .withArgs(subject.bridge.address, 0n, 1n);
        expect(await current("burning")).to.equal(subject.burning);
      });
    });

    for (const side of SIDES) {
      describe(`the limit of ${side}`, () => {
        beforeEach(() => fund(subject.minting));

        it("S7281-4: refills on a line over a day, and no further", async () => {
          const empty = await soon();
          await time.setNextBlockTimestamp(empty);
          await use(side, subject[side]);
          for (const seconds of [1n, 2n, 86n, 12_345n, DAY / 2n, DAY - 1n, DAY]) {
            await time.increaseTo(empty + seconds);
            expect(await current(side), `after ${seconds} seconds`).to.equal((subject[side] * seconds) / DAY);
          }
          await time.increaseTo(empty + 30n * DAY);
          expect(await current(side)).to.equal(subject[side]);
        });

        for (const limit of [0n, 1n, 86_399n, 10n ** 27n]) {
          it(`S7281-4: of ${limit} wei is full a day later, and never above`, async () => {
            const set = await subject.prepare(subject.second, limit, limit);
            const start = await soon();
            await time.setNextBlockTimestamp(start);
            await set();
            expect(await most(side, subject.second)).to.equal(limit);
            for (const seconds of [1n, DAY / 2n, DAY - 1n, DAY, DAY + 1n, 1_000n * DAY]) {
              await time.increaseTo(start + seconds);
              const refilled = seconds > DAY ? limit : (limit * seconds) / DAY;
              expect(await current(side, subject.second), `after ${seconds} seconds`).to.equal(refilled);
            }
          });
        }

        it("S7281-4: of an unknown bridge is 0", async () => {
          for (const account of [ZeroAddress, subject.stranger.address]) {
            expect(await token.mintingMaxLimitOf(account)).to.equal(0n);
            expect(await token.burningMaxLimitOf(account)).to.equal(0n);
            expect(await token.mintingCurrentLimitOf(account)).to.equal(0n);
            expect(await token.burningCurrentLimitOf(account)).to.equal(0n);
          }
        });

        it("S7281-5: lowered bites at once, and is logged", async () => {
          const set = await subject.prepare(subject.bridge, 10n, 7n);
          const lower = side === "minting" ? 10n : 7n;
          await expect(set()).to.emit(token, "BridgeLimitsSet").withArgs(10n, 7n, subject.bridge.address);
          expect([await most(side), await current(side)]).to.deep.equal([lower, lower]);
          await tooMuch(use(side, lower + 1n));
          await use(side, lower);
        });

        it("S7281-5: lowered after full use does not stay shut: it is full a day later", async () => {
          const set = await subject.prepare(subject.bridge, subject.minting / 100n, subject.burning / 100n);
          const limit = subject[side] / 100n;
          const empty = await soon();
          await time.setNextBlockTimestamp(empty);
          await use(side, subject[side]);
          await time.setNextBlockTimestamp(empty + 1n);
          await set();
          const back = subject[side] / DAY;
          expect(await current(side)).to.equal(back);
          await time.increaseTo(empty + 1n + DAY / 2n);
          expect(await current(side)).to.equal(back + limit / 2n);
          await time.increaseTo(empty + 1n + DAY);
          expect(await current(side)).to.equal(limit);
        });

        it("S7281-5: raised after full use gives nothing at once, and refills at the new pace", async () => {
          const set = await subject.prepare(subject.bridge, 2n * subject.minting, 2n * subject.burning);
          const empty = await soon();
          await time.setNextBlockTimestamp(empty);
          await use(side, subject[side]);
          await time.setNextBlockTimestamp(empty + 1n);
          await set();
          const back = subject[side] / DAY;
          expect(await current(side)).to.equal(back);
          await time.increaseTo(empty + 1n + 100n);
          expect(await current(side)).to.equal(back + (2n * subject[side] * 100n) / DAY);
          await time.increaseTo(empty + 1n + DAY);
          expect(await current(side)).to.equal(2n * subject[side]);
        });

        it("S7281-5: raised while it is full gives nothing at once either", async () => {
          await (
            await subject.prepare(subject.bridge, 2n * subject.minting, 2n * subject.burning)
          )();
          expect([await most(side), await current(side)]).to.deep.equal([2n * subject[side], subject[side]]);
        });

        it("S7281-5: of 0 stops the bridge at once, for nothing too", async () => {
          await (
            await subject.prepare(subject.bridge, 0n, 0n)
          )();
          expect([await most(side), await current(side)]).to.deep.equal([0n, 0n]);
          await tooMuch(use(side, 0n));
          await tooMuch(use(side, 1n));
        });

        it("S7281-5: of a new bridge starts empty", async () => {
          await (
            await subject.prepare(subject.second, 86_400n, 86_400n)
          )();
          expect([await most(side, subject.second), await current(side, subject.second)]).to.deep.equal([86_400n, 0n]);
        });
      });
    }
  });
}
