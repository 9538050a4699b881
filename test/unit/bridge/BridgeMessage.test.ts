import { expect } from "chai";
import { AbiCoder, ZeroAddress, concat, dataSlice, getAddress, toBeHex } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { BridgeMessage__Harness__factory } from "../../typechain-types";
import type { BridgeMessage__Harness } from "../../typechain-types";

const RECEIVER = getAddress("0x00112233445566778899aabbccddeeff00112233");
const DOWN = ["uint8", "uint8", "uint64", "address", "uint256", "uint256", "uint256", "uint256", "uint256"];
const UP = ["uint8", "uint8", "uint64", "address", "uint256"];

/** Words, each as a number, behind one another. */
const words = (...numbers: readonly bigint[]): string => concat(numbers.map((number) => toBeHex(number, 32)));

const word = fc.bigInt(0n, 2n ** 256n - 1n);
const nonces = fc.bigInt(0n, 2n ** 64n - 1n);
const accounts = fc.bigInt(0n, 2n ** 160n - 1n).map((account) => getAddress(toBeHex(account, 20)));

describe("BridgeMessage", () => {
  let harness: BridgeMessage__Harness;

  before(async () => {
    const [deployer] = await ethers.getSigners();
    harness = await new BridgeMessage__Harness__factory(deployer).deploy();
  });

  const refusesDown = async (encoded: string): Promise<void> => {
    await expect(harness.decodeDown(encoded))
      .to.be.revertedWithCustomError(harness, "UnknownMessage")
      .withArgs(encoded);
  };
  const refusesUp = async (encoded: string): Promise<void> => {
    await expect(harness.decodeUp(encoded)).to.be.revertedWithCustomError(harness, "UnknownMessage").withArgs(encoded);
  };

  describe("down", () => {
    const deposit = [1n, 1n, 7n, BigInt(RECEIVER), 10n, 11n, 12n, 13n, 14n] as const;

    it("is nine words: version, kind, nonce, receiver, shares, and the four of the rate", async () => {
      const rate = { totalAssets: 11n, totalSupply: 12n, lossCount: 13n, time: 14n };
      const sent = { kind: 1n, nonce: 7n, receiver: RECEIVER, shares: 10n, rate };
      expect(await harness.encodeDown(sent)).to.equal(words(...deposit));
    });

    it("is told as it was sent, whatever its numbers", async () => {
      await fc.assert(
        fc.asyncProperty(nonces, accounts, word, fc.tuple(word, word, word, word), async (nonce, to, shares, rate) => {
          const encoded = AbiCoder.defaultAbiCoder().encode(DOWN, [1, 1, nonce, to, shares, ...rate]);
          expect(await harness.decodeDown(encoded)).to.deep.equal([1n, nonce, to, shares, rate]);
          const [totalAssets, totalSupply, lossCount, time] = rate;
          const named = { totalAssets, totalSupply, lossCount, time };
          expect(await harness.encodeDown({ kind: 1n, nonce, receiver: to, shares, rate: named })).to.equal(encoded);
        }),
        tries(50),
      );
    });

    it("is a rate alone when its kind is 2, without receiver and without shares", async () => {
      expect(await harness.decodeDown(words(1n, 2n, 7n, 0n, 0n, 11n, 12n, 13n, 14n))).to.deep.equal([
        2n,
        7n,
        ZeroAddress,
        0n,
        [11n, 12n, 13n, 14n],
      ]);
      await refusesDown(words(1n, 2n, 7n, 1n, 0n, 11n, 12n, 13n, 14n));
      await refusesDown(words(1n, 2n, 7n, 0n, 1n, 11n, 12n, 13n, 14n));
    });

    it("A71: of another version or kind is refused, so that it can be delivered again after an upgrade", async () => {
      const rest = deposit.slice(1);
      for (const version of [0n, 2n, 255n]) await refusesDown(words(version, ...rest));
      for (const kind of [0n, 3n, 255n]) await refusesDown(words(1n, kind, ...deposit.slice(2)));
    });

    it("of any other length is refused", async () => {
      const encoded = words(...deposit);
      await refusesDown("0x");
      for (const length of [31, 32, 160, 256, 287]) await refusesDown(dataSlice(encoded, 0, length));
      await refusesDown(concat([encoded, "0x00"]));
      await refusesDown(concat([encoded, words(0n)]));
    });

    it("with a bit outside of a field's range is refused, at each place of such a bit", async () => {
      for (const [place, bits] of [8n, 8n, 64n, 160n].entries()) {
        for (const bit of [bits, (bits + 256n) / 2n, 255n]) {
          const dirty = deposit.map((number, index) => (index === place ? number | (1n << bit) : number));
          await refusesDown(words(...dirty));
        }
      }
    });
  });

  describe("up", () => {
    const withdrawal = [1n, 1n, 7n, BigInt(RECEIVER), 10n] as const;

    it("is five words: version, kind, nonce, receiver, shares", async () => {
      expect(await harness.encodeUp({ nonce: 7n, receiver: RECEIVER, shares: 10n })).to.equal(words(...withdrawal));
    });

    it("is told as it was sent, whatever its numbers", async () => {
      await fc.assert(
        fc.asyncProperty(nonces, accounts, word, async (nonce, receiver, shares) => {
          const encoded = AbiCoder.defaultAbiCoder().encode(UP, [1, 1, nonce, receiver, shares]);
          expect(await harness.decodeUp(encoded)).to.deep.equal([nonce, receiver, shares]);
          expect(await harness.encodeUp({ nonce, receiver, shares })).to.equal(encoded);
        }),
        tries(50),
      );
    });

    it("A71: of another version or kind is refused", async () => {
      for (const other of [0n, 2n, 255n]) {
        await refusesUp(words(other, ...withdrawal.slice(1)));
        await refusesUp(words(1n, other, ...withdrawal.slice(2)));
      }
    });

    it("of any other length is refused, one of the other direction too", async () => {
      const encoded = words(...withdrawal);
      await refusesUp("0x");
      for (const length of [32, 128, 159]) await refusesUp(dataSlice(encoded, 0, length));
      await refusesUp(concat([encoded, "0x00"]));
      await refusesUp(words(...withdrawal, 11n, 12n, 13n, 14n));
      await refusesDown(encoded);
    });

    it("with a bit outside of a field's range is refused, at each place of such a bit", async () => {
      for (const [place, bits] of [8n, 8n, 64n, 160n].entries()) {
        for (const bit of [bits, (bits + 256n) / 2n, 255n]) {
          const dirty = withdrawal.map((number, index) => (index === place ? number | (1n << bit) : number));
          await refusesUp(words(...dirty));
        }
      }
    });
  });
});
