import type { Delegator, PolygonPool, PoolLens } from "../../typechain-types";
import { mapBounded } from "../lib/parallel";

/** Where a batch is on its way. */
export type BatchStage = "open" | "unfunded" | "unbonding" | "late";

/** A batch that is not paid wholly. */
export interface BatchStatus {
  readonly batch: bigint;
  readonly stage: BatchStage;
  /** POL wei that it is owed; of one that was paid before its dead slices, what those should bring. */
  readonly assets: bigint;
  /** POL wei of that which are neither in the pool nor unbonding. */
  readonly unsold: bigint;
  /** POL wei that are unbonding for it. */
  readonly unbonding: bigint;
  /** Sales that are unbonding for it, and those of them whose claim failed although it was due. */
  readonly slices: number;
  readonly dead: number;
  /** Epoch in which the last of it is due: as if it were sold now, of one that is not sold yet; 0 if all are dead. */
  readonly readyEpoch: bigint;
}

/** All that requests are owed, by what is to happen with it. */
export interface BatchesStatus {
  /** Newest first; the open one even if nobody is in it. */
  readonly batches: readonly BatchStatus[];
  /** POL wei that wait to be claimed, of batches that are done. */
  readonly claimable: bigint;
}

/** States of a batch, in the order of the contract's enum. */
const CLOSED = 1n;

/** Batches that are asked for at a time. */
const PAGE = 25n;
/** Questions that are open at a node at a time. */
const PARALLEL = 20;

/**
 * Reads the batches from the newest back, until all that is unbonding is found: what is older has nothing on its way.
 */
export async function readBatches(
  { pool, delegator, lens }: { readonly pool: PolygonPool; readonly delegator: Delegator; readonly lens: PoolLens },
  at: { readonly blockTag: number },
): Promise<BatchesStatus> {
  const [{ open, openAssets, funding, unsold, sold }, reserved] = await Promise.all([
    pool.queue(at),
    pool.reserved(at),
  ]);
  const readyOf = async (batch: bigint): Promise<bigint> => lens.estimatedReadyEpoch(batch << 160n, at);
  const batches: BatchStatus[] = [
    {
      ...{ batch: open, stage: "open", assets: openAssets, unsold: openAssets },
      ...{ unbonding: 0n, slices: 0, dead: 0, readyEpoch: await readyOf(open) },
    },
  ];
  let held = 0n;
  let missing = sold;
  const waitsFrom = funding === 0n ? open : funding;
  for (let next = open - 1n; next > 0n && (missing > 0n || next >= waitsFrom); next -= PAGE) {
    const numbers = Array.from({ length: Number(PAGE) }, (_, index) => next - BigInt(index));
    const page = await mapBounded(
      numbers.filter((batch) => batch > 0n),
      PARALLEL,
      async (batch) => {
        const [state, slices] = await Promise.all([pool.batchOf(batch, at), delegator.slicesOf(batch, at)]);
        return { batch, isClosed: state.state === CLOSED, received: state.received, slices };
      },
    );
    for (const { batch, isClosed, received, slices } of page) {
      if (!isClosed && slices.length === 0) continue;
      const unbonding = slices.reduce((sum, { assets }) => sum + assets, 0n);
      const left = batch === funding ? unsold : 0n;
      const closed = batch === funding ? "unfunded" : "unbonding";
      batches.push({
        ...{ batch, stage: isClosed ? closed : "late", unsold: left, unbonding, slices: slices.length },
        assets: (isClosed ? received : 0n) + left + unbonding,
        dead: slices.filter(({ failedAt }) => failedAt !== 0n).length,
        readyEpoch: await readyOf(batch),
      });
      missing -= unbonding;
      if (isClosed) held += received;
    }
  }
  return { batches, claimable: reserved - held };
}
