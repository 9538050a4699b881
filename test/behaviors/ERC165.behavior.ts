import { expect } from "chai";
import { toBeHex } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../support/properties";

/** A contract behind a proxy that says what it is. */
export interface ERC165Subject {
  readonly proxy: string;
  /** Its code, not initialized. */
  readonly implementation: string;
}

/** The ids that a contract must affirm and those that it must deny, each with its name. */
export interface ERC165Ids {
  readonly affirmed: Readonly<Record<string, string>>;
  readonly denied: Readonly<Record<string, string>>;
}

const SELECTOR = "0x01ffc9a7";
/** Gas of a transaction that calls `supportsInterface` and has 30,000 left for it. */
const GAS = 30_000 + 21_000 + 8 * 16 + 28 * 4;
const RANDOM_IDS = 1_000;

/** ERC-165, with the ids as literals: `type(I).interfaceId` would agree with itself even where it is wrong. */
export function behavesLikeERC165(arrange: () => Promise<ERC165Subject>, { affirmed, denied }: ERC165Ids): void {
  describe("ERC-165", () => {
    let subject: ERC165Subject;

    beforeEach(async () => {
      subject = await arrange();
    });

    async function answer(contract: string, interfaceId: string): Promise<string> {
      return ethers.provider.call({
        to: contract,
        data: SELECTOR + interfaceId.slice(2).padEnd(64, "0"),
        gasLimit: GAS,
      });
    }

    for (const [name, interfaceId] of Object.entries(affirmed)) {
      it(`S165-1, S165-3: affirms ${interfaceId} (${name})`, async () => {
        expect(await answer(subject.proxy, interfaceId)).to.equal(toBeHex(1, 32));
      });
    }

    for (const [name, interfaceId] of Object.entries({ ...denied, never: "0xffffffff", nothing: "0x00000000" })) {
      it(`S165-1, S165-4: denies ${interfaceId} (${name})`, async () => {
        expect(await answer(subject.proxy, interfaceId)).to.equal(toBeHex(0, 32));
      });
    }

    it("S165-1: answers no to any other id, within 30,000 gas through the proxy", async () => {
      const known = new Set(Object.values(affirmed).map((interfaceId) => BigInt(interfaceId)));
      const unknown = fc
        .sample(fc.bigInt(0n, 2n ** 32n - 1n), tries<bigint>(RANDOM_IDS))
        .filter((interfaceId) => !known.has(interfaceId));
      const answers = await Promise.all(unknown.map((interfaceId) => answer(subject.proxy, toBeHex(interfaceId, 4))));
      expect(new Set(answers)).to.deep.equal(new Set([toBeHex(0, 32)]));
      expect(answers.length).to.be.greaterThan(tries(RANDOM_IDS).numRuns / 2);
    });

    it("S165-2: the bare implementation answers the same", async () => {
      for (const interfaceId of Object.values(affirmed)) {
        expect(await answer(subject.implementation, interfaceId)).to.equal(toBeHex(1, 32));
      }
      for (const interfaceId of Object.values(denied)) {
        expect(await answer(subject.implementation, interfaceId)).to.equal(toBeHex(0, 32));
      }
    });
  });
}
