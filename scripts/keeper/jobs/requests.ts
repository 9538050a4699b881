import { AutoClaim__factory, PolygonPool__factory } from "../../../typechain-types";
import type { Job, Proposal } from "../proposal";
import type { BatchState, EthereumAddresses, EthereumView } from "../state";

const POOL = PolygonPool__factory.createInterface();
const AUTO_CLAIM = AutoClaim__factory.createInterface();

/** The contracts keep the low 32 bits of an epoch. */
const EPOCHS = 2n ** 32n;

type EthereumJob = Job<EthereumView, EthereumAddresses>;

/** Closes the open batch, once in an epoch, and funds it. */
export const settle: EthereumJob = {
  name: "settle",
  chain: "ethereum",
  decide: ({ queue, closedEpoch, epoch }, policy, { pool }) => {
    const { open, openAssets, openUnits, unsold } = queue;
    if (openUnits === 0n) return [];
    if (closedEpoch !== undefined && closedEpoch % EPOCHS === epoch % EPOCHS) return [];
    const waited = closedEpoch === undefined || epoch < closedEpoch || epoch - closedEpoch >= policy.settleEpochs;
    // Fewer assets than units: a loss met the batch, and if it was large nobody can file until it is closed.
    if (openAssets < policy.settleMin && openAssets >= openUnits && !waited) return [];
    return [
      {
        job: "settle",
        key: `settle ${open}`,
        evidence: `${openAssets} ${unsold}`,
        call: { to: pool, data: POOL.encodeFunctionData("settleBatch") },
        why: `${openAssets} wei are asked for in batch ${open}`,
        idle: ["NothingToSettle"],
      },
    ];
  },
};

/** Sells for a batch what could not be sold when it was closed. */
export const continueFunding: EthereumJob = {
  name: "continue",
  chain: "ethereum",
  decide: ({ queue: { funding, unsold } }, _, { pool }) => {
    if (funding === 0n) return [];
    return [
      {
        job: "continue",
        key: `continue ${funding}`,
        evidence: String(unsold),
        call: { to: pool, data: POOL.encodeFunctionData("continueBatch", [funding]) },
        why: `batch ${funding} lacks ${unsold} wei`,
        idle: ["NoProgress"],
      },
    ];
  },
};

/** Brings home what is due. */
export const finalize: EthereumJob = {
  name: "finalize",
  chain: "ethereum",
  decide: (state, _, { pool }) =>
    state.batches.flatMap((entry): Proposal[] => {
      const due = entry.slices.filter(({ soldEpoch }) => soldEpoch + state.withdrawalDelay <= state.epoch);
      const alive = due.filter(({ failedAt, revived }) => failedAt === 0n || revived);
      const dead = isDead(entry, state);
      if (alive.length === 0 && !dead) return [];
      const { batch, slices } = entry;
      return [
        {
          job: "finalize",
          key: `finalize ${batch}`,
          evidence: `${slices.length} ${slices.filter(({ failedAt }) => failedAt !== 0n).length} ${String(dead)}`,
          call: { to: pool, data: POOL.encodeFunctionData("finalizeBatch", [batch]) },
          why: dead ? `batch ${batch} waits for dead unbonds` : `${alive.length} unbonds of batch ${batch} are due`,
          idle: ["BatchNotRipe"],
        },
      ];
    }),
};

/** Whether a batch turns claimable although all that is left of it is dead. */
function isDead({ batch, late, slices }: BatchState, { queue, head, deadSliceTime }: EthereumView): boolean {
  if (late || batch === queue.funding || slices.some(({ failedAt }) => failedAt === 0n)) return false;
  const last = slices.reduce((latest, { failedAt }) => (failedAt > latest ? failedAt : latest), 0n);
  return last !== 0n && head.time >= last + deadSliceTime;
}

/** Pays holders who appointed AutoClaim. */
export const autoClaim: EthereumJob = {
  name: "autoClaim",
  chain: "ethereum",
  decide: ({ claims }, policy, { autoClaim: to }) =>
    claims
      .filter(({ assets }) => assets > 0n && assets >= policy.claimMin)
      .map(({ controller, assets }) => ({
        job: "autoClaim",
        key: `claim ${controller}`,
        evidence: String(assets),
        call: { to, data: AUTO_CLAIM.encodeFunctionData("claim", [controller]) },
        why: `${assets} wei can be paid to ${controller}`,
        idle: ["NothingClaimable", "NotController"],
      })),
};
