import type { Trace } from "./trace";
import { addressOf, interfaceOf, isShare } from "./world";
import type { World } from "./world";

/** Where the value of a state key is found: one word of the result of one view call. */
export interface Source {
  /** Name of the contract. */
  readonly at: string;
  readonly fn: string;
  /** Arguments as the ABI wants them. */
  readonly args: readonly string[];
  /** Number of the word in the result. */
  readonly word: number;
}

interface View {
  readonly fn: string;
  readonly word?: number;
}

const MANAGER_KEYS: Readonly<Record<string, View>> = {
  epoch: { fn: "epoch" },
  withdrawalDelay: { fn: "withdrawalDelay" },
  delegationEnabled: { fn: "delegationEnabled" },
  currentValidatorSetTotalStake: { fn: "currentValidatorSetTotalStake" },
  currentValidatorSetSize: { fn: "currentValidatorSetSize" },
  totalStaked: { fn: "totalStaked" },
  totalHeimdallFee: { fn: "totalHeimdallFee" },
  totalRewardsLiquidated: { fn: "totalRewardsLiquidated" },
  rewardPerStake: { fn: "rewardPerStake" },
  checkpointReward: { fn: "CHECKPOINT_REWARD" },
};

/** Views of the manager that take a validator's id. */
const VALIDATOR_KEYS: Readonly<Record<string, View>> = {
  status: { fn: "validators", word: 7 },
  deactivationEpoch: { fn: "validators", word: 3 },
  commissionRate: { fn: "validators", word: 8 },
  lastCommissionUpdate: { fn: "validators", word: 9 },
  initialRewardPerStake: { fn: "validators", word: 12 },
  isValidator: { fn: "isValidator" },
  validatorStake: { fn: "validatorStake" },
  delegatedAmount: { fn: "delegatedAmount" },
  delegatorsReward: { fn: "delegatorsReward" },
  validatorReward: { fn: "validatorReward" },
};

/** Views of a share contract without arguments. */
const SHARE_KEYS: readonly string[] = [
  "exchangeRate",
  "withdrawExchangeRate",
  "totalSupply",
  "activeAmount",
  "withdrawPool",
  "withdrawShares",
  "rewardPerShare",
  "getRewardPerShare",
  "locked",
  "delegation",
];

/** Views of a share contract that take a user. */
const USER_KEYS: Readonly<Record<string, View>> = {
  balanceOf: { fn: "balanceOf" },
  getTotalStake: { fn: "getTotalStake" },
  getLiquidRewards: { fn: "getLiquidRewards" },
  "getStakeAndRewards.stakeAmount": { fn: "getStakeAndRewards", word: 0 },
  "getStakeAndRewards.liquidRewards": { fn: "getStakeAndRewards", word: 1 },
  initalRewardPerShare: { fn: "initalRewardPerShare" },
  unbondNonces: { fn: "unbondNonces" },
  "unbonds.shares": { fn: "unbonds", word: 0 },
  "unbonds.withdrawEpoch": { fn: "unbonds", word: 1 },
};

/** Every state key of a trace: those that its setup implies, and those that it names itself. */
export function keysOf(trace: Trace): readonly string[] {
  const { users, validators } = trace.setup;
  const tokenHolders = [...users, "stakeManager", "migration", ...validators.map(({ name }) => `${name}.owner`)];
  const implied = [
    ...Object.keys(MANAGER_KEYS).map((key) => `sm.${key}`),
    "migration.unmigrationLocked",
    ...tokenHolders.flatMap((holder) => [`pol.${holder}`, `matic.${holder}`]),
    ...users.flatMap((user) => [`pol.allowance.${user}.stakeManager`, `matic.allowance.${user}.stakeManager`]),
    ...validators.flatMap(({ name }) => [
      ...[...Object.keys(VALIDATOR_KEYS), "stakingInfoNonce", ...SHARE_KEYS].map((key) => `${name}.${key}`),
      ...users.flatMap((user) => Object.keys(USER_KEYS).map((key) => `${name}.${user}.${key}`)),
      `pol.${name}`,
    ]),
  ];
  const named = [trace.initialState, ...trace.steps.map(({ changed }) => changed), trace.finalState];
  return [...new Set([...implied, ...named.flatMap((state) => Object.keys(state))])].sort();
}

/** Where the model holds a key; undefined if the model has no such key. */
export function sourceOf(world: World, trace: Trace, key: string): Source | undefined {
  const [head = "", ...rest] = key.split(".");
  const tail = rest.join(".");
  if (head === "sm") return viewOf("stakeManager", MANAGER_KEYS, tail, []);
  if (key === "migration.unmigrationLocked") return { at: "migration", fn: "unmigrationLocked", args: [], word: 0 };
  if (head === "pol" || head === "matic") {
    if (rest[0] === "allowance") return allowanceOf(world, head, tail);
    if (!world.addressByName.has(tail)) return undefined;
    return { at: head, fn: "balanceOf", args: [addressOf(world, tail)], word: 0 };
  }
  const validator = trace.setup.validators.find(({ name }) => name === head);
  if (validator === undefined || !isShare(head)) return undefined;
  const args = [validator.id];
  if (tail === "stakingInfoNonce") return { at: "stakingInfo", fn: "validatorNonce", args, word: 0 };
  if (SHARE_KEYS.includes(tail)) return { at: head, fn: tail, args: [], word: 0 };
  if (rest[0] === "allowance") return allowanceOf(world, head, tail);
  return viewOf("stakeManager", VALIDATOR_KEYS, tail, args) ?? userSource(world, trace, head, rest);
}

function userSource(world: World, trace: Trace, share: string, path: readonly string[]): Source | undefined {
  const [user = "", field, nonce = "", part = ""] = path;
  if (!trace.setup.users.includes(user)) return undefined;
  const args = [addressOf(world, user)];
  if (field !== "unbonds_new") return viewOf(share, USER_KEYS, path.slice(1).join("."), args);
  const word = ["shares", "withdrawEpoch"].indexOf(part);
  if (!/^\d+$/.test(nonce) || word < 0) return undefined;
  return { at: share, fn: "unbonds_new", args: [...args, nonce], word };
}

function allowanceOf(world: World, token: string, path: string): Source | undefined {
  const match = /^allowance\.([^.]+(?:\.owner|\.signer)?)\.([^.]+(?:\.owner|\.signer)?)$/.exec(path);
  const [owner, spender] = [match?.[1], match?.[2]].map((name) => world.addressByName.get(name ?? ""));
  if (owner === undefined || spender === undefined) return undefined;
  return { at: token, fn: "allowance", args: [owner, spender], word: 0 };
}

function viewOf(
  at: string,
  views: Readonly<Record<string, View>>,
  key: string,
  args: readonly string[],
): Source | undefined {
  const view = Object.hasOwn(views, key) ? views[key] : undefined;
  return view === undefined ? undefined : { at, fn: view.fn, args, word: view.word ?? 0 };
}

/** Number of words that a view returns; structs count by their members. */
export function wordsOf(source: Source): number {
  const outputs = interfaceOf(source.at).getFunction(source.fn)?.outputs ?? [];
  return outputs.reduce((words, output) => words + (output.components?.length ?? 1), 0);
}
