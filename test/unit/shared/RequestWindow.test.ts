import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { RequestWindow__Harness__factory } from "../../typechain-types";
import type { RequestWindow__Harness } from "../../typechain-types";

interface Operation {
  readonly isRemoval: boolean;
  readonly batch: bigint;
}

/** Batches that one word spans. */
const SPAN = 208n;
/** Older words that a controller can have. */
const MOST_OLDER = 255n;

const add = (batch: bigint): Operation => ({ isRemoval: false, batch });
const remove = (batch: bigint): Operation => ({ isRemoval: true, batch });
const rising = (batches: Iterable<bigint>): bigint[] => [...batches].sort((a, b) => (a < b ? -1 : 1));

/** What a controller may do next: request again, in a batch so much later, or claim one of its open requests. */
const moves = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        gap: fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 60n), fc.bigInt(SPAN - 2n, SPAN + 2n), fc.bigInt(0n, 2_000n)),
      }),
    },
    { weight: 4, arbitrary: fc.record({ pick: fc.nat() }) },
  ),
  { minLength: 1, maxLength: 80 },
);
type Move = { gap: bigint } | { pick: number };

/** The operations of the moves, and the set after each as it should be. */
function play(first: bigint, all: readonly Move[]): { operations: Operation[]; sets: bigint[][] } {
  const open = new Set<bigint>();
  const operations: Operation[] = [];
  const sets: bigint[][] = [];
  let newest = first;
  for (const move of all) {
    if ("gap" in move) {
      newest += move.gap;
      open.add(newest);
      operations.push(add(newest));
    } else {
      const batch = rising(open)[open.size === 0 ? 0 : move.pick % open.size];
      if (batch === undefined) continue;
      open.delete(batch);
      operations.push(remove(batch));
    }
    sets.push(rising(open));
  }
  return { operations, sets };
}

describe("RequestWindow", () => {
  let harness: RequestWindow__Harness;

  before(async () => {
    const [deployer] = await ethers.getSigners();
    harness = await new RequestWindow__Harness__factory(deployer).deploy();
  });

  /** The set after each operation; nothing of it stays. */
  const listsAfter = (operations: readonly Operation[]): Promise<bigint[][]> =>
    harness.replayListing.staticCall([...operations]);

  /** The newest word after each operation, and the set after the last. */
  const wordsAfter = (operations: readonly Operation[]): Promise<{ words: bigint[]; batches: bigint[] }> =>
    harness.replay.staticCall([...operations]);

  const olderWords = (words: readonly bigint[]): bigint => ((words.at(-1) ?? 0n) >> SPAN) & 0xffn;

  it("is a set: holds what was added and not removed, in rising order, whatever the gaps and the order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(1n, 1_000n), moves, async (first, all) => {
        const { operations, sets } = play(first, all);
        expect(await listsAfter(operations)).to.deep.equal(sets);
      }),
      tries(150),
    );
  });

  it("never returns to a word of zero once a batch was added", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(1n, 1_000n), moves, async (first, all) => {
        const { operations } = play(first, all);
        const { words } = await wordsAfter(operations);
        expect(words.includes(0n)).to.equal(false);
      }),
      tries(60),
    );
  });

  it("is empty at first", async () => {
    expect((await wordsAfter([])).batches).to.deep.equal([]);
  });

  it("stays as it is when the same batch is added again", async () => {
    expect(await listsAfter([add(5n), add(5n), add(5n)])).to.deep.equal([[5n], [5n], [5n]]);
  });

  it("takes a batch again that was removed", async () => {
    expect(await listsAfter([add(5n), remove(5n), add(5n)])).to.deep.equal([[5n], [], [5n]]);
  });

  it("keeps 208 batches in a row in one word", async () => {
    const row = Array.from({ length: Number(SPAN) }, (_, index) => add(BigInt(index) + 1n));
    const { words, batches } = await wordsAfter(row);
    expect(olderWords(words)).to.equal(0n);
    expect(batches).to.deep.equal(row.map(({ batch }) => batch));
  });

  it("moves its base up to the oldest open batch before it uses a second word", async () => {
    const moved = await wordsAfter([add(1n), add(200n), remove(1n), add(300n)]);
    expect(olderWords(moved.words)).to.equal(0n);
    const held = await wordsAfter([add(1n), add(209n)]);
    expect(olderWords(held.words)).to.equal(1n);
  });

  it("gives a word back when all that was in it is removed, newest first and oldest first", async () => {
    const far = [1n, 1_001n, 2_001n, 3_001n];
    for (const order of [far.slice(0, 3), far.slice(0, 3).reverse()]) {
      const { words, batches } = await wordsAfter([...far.map(add), ...order.map(remove)]);
      expect(olderWords(words)).to.equal(0n);
      expect(batches).to.deep.equal([3_001n]);
    }
  });

  describe("a controller who claims nothing for very long", () => {
    const lonely = Array.from({ length: Number(MOST_OLDER) + 1 }, (_, index) => 1n + BigInt(index) * SPAN);
    const beyond = 1n + (MOST_OLDER + 1n) * SPAN;

    it("can have 255 older words", async () => {
      const { words, batches } = await wordsAfter(lonely.map(add));
      expect(olderWords(words)).to.equal(MOST_OLDER);
      expect(batches).to.deep.equal(lonely);
    });

    it("is refused one more", async () => {
      await expect(harness.replay([...lonely, beyond].map(add)))
        .to.be.revertedWithCustomError(harness, "TooManyOpenRequests")
        .withArgs(MOST_OLDER);
    });

    it("can go on after a claim of the newest of the older ones", async () => {
      const claimed = lonely.at(-2) ?? 0n;
      const { words, batches } = await wordsAfter([...lonely.map(add), remove(claimed), add(beyond)]);
      expect(olderWords(words)).to.equal(MOST_OLDER);
      expect(batches).to.deep.equal([...lonely.filter((batch) => batch !== claimed), beyond]);
    });

    it("can go on after a claim of the newest of all", async () => {
      const newest = lonely.at(-1) ?? 0n;
      const { words } = await wordsAfter([...lonely.map(add), remove(newest), add(beyond)]);
      expect(words.at(-1)).to.equal((beyond << (SPAN + 8n)) | (MOST_OLDER << SPAN) | 1n);
    });
  });
});
