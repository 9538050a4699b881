import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

/** What is compiled again and run for a mutant: first what is quick. */
interface Stage {
  /** Contracts with the mutated file in them. */
  readonly contracts: readonly string[];
  /** Files of `test/`, without `.test.ts`; `*` stands for any part of a name. */
  readonly tests: readonly string[];
}

/** A file of money code, and what should find mutants of it. */
export interface Target {
  readonly file: string;
  readonly stages: readonly Stage[];
}

const [POOL, DELEGATOR, BOND, SWITCHER] = ["PolygonPool", "Delegator", "AMATICb", "BondSwitcher"];
const [ADAPTER, CHILD_ADAPTER, FEED, SWAP] = ["BridgeAdapter", "ChildBridgeAdapter", "RatioFeed", "SwapPool"];

const LOSSES = ["unit/pool/ledger-loss", "integration/loss-sharing"];
const QUEUE = ["unit/pool/redeem-*", "unit/pool/claim*", "unit/pool/batch-*", "unit/pool/operator"];
const BONDS = ["unit/legacy/AMATICb*", "unit/legacy/Genesis", "unit/legacy/GenesisLists", "unit/legacy/GenesisSeal"];
const SWITCH = ["unit/legacy/BondSwitcher*", "unit/legacy/reentrance"];
const ACCESS = "unit/access/*";
const SWAPS = ["unit/swap/SwapPool*", "findings/swap/*", ACCESS];
const BRIDGE = ["unit/bridge/BridgeAdapter*", "findings/bridge/*", ACCESS];

// Without those that ask Hardhat for the name of an error: it knows that of code only that it compiled.
const STUCK = ["findings/queue/authority", "findings/queue/money"];

const pool = (...tests: string[]): Stage => ({ contracts: [POOL], tests });
const delegator = (...tests: string[]): Stage => ({ contracts: [DELEGATOR], tests });
const harness = (name: string, ...tests: string[]): Stage => ({ contracts: [`${name}__Harness`], tests });

const DELEGATOR_LAST = [
  "findings/stake/*",
  "findings/validator/*",
  "findings/accounting/*",
  ...STUCK,
  ...LOSSES,
  "unit/pool/claim",
  "unit/pool/batch-*",
  ACCESS,
  "integration/upkeep-gas",
];
const POOL_LAST = [
  "unit/pool/deposit-hostile",
  "findings/accounting/*",
  "findings/fees/*",
  ...STUCK,
  ...LOSSES,
  ACCESS,
];

/** The money code. */
export const TARGETS: readonly Target[] = [
  target("shared/math/ShareMath", harness("ShareMath", "unit/shared/ShareMath"), pool("unit/pool/redeem-rounding"), {
    contracts: [SWAP],
    tests: ["unit/swap/SwapPool.quotes"],
  }),
  target("shared/math/Bps", harness("Bps", "unit/shared/Bps")),
  target("shared/state/RewardStream", harness("RewardStream", "unit/shared/RewardStream"), pool("unit/pool/ledger-*")),
  target("shared/state/RequestWindow", harness("RequestWindow", "unit/shared/RequestWindow"), pool(...QUEUE)),
  target("shared/state/DailyLimit", harness("DailyLimit", "unit/shared/DailyLimit*"), {
    contracts: [SWITCHER],
    tests: ["unit/legacy/BondSwitcher.limits"],
  }),
  target("ethereum/pool/PoolLedger", pool("unit/pool/ledger-*", "unit/pool/deposit*", ...POOL_LAST)),
  target("ethereum/pool/DepositDesk", pool("unit/pool/deposit*", "unit/pool/ledger-*", ...POOL_LAST)),
  target("ethereum/pool/ExitLedger", pool(...QUEUE, ...POOL_LAST)),
  target("ethereum/pool/RedeemDesk", pool(...QUEUE, "unit/claims/*", ...POOL_LAST)),
  target(
    "ethereum/pool/BatchDesk",
    pool("unit/pool/batch-*", "unit/pool/claim*", "unit/delegator/finalize", ...POOL_LAST),
  ),
  target("ethereum/pool/UpkeepDesk", pool("unit/delegator/*", ...POOL_LAST)),
  target("ethereum/claims/AutoClaim", { contracts: ["AutoClaim"], tests: ["unit/claims/*"] }),
  ...["AssetLedger", "ValidatorSet", "Unbonding", "PolygonStaking", "Delegator"].map((name) =>
    target(`ethereum/delegator/${name}`, delegator("unit/delegator/*", ...DELEGATOR_LAST)),
  ),
  target("ethereum/token/AnkrMATIC", { contracts: ["AnkrMATIC"], tests: ["unit/token/*", "findings/token/*"] }),
  ...["BondLedger", "BondGenesis", "AMATICb"].map((name) =>
    target(`ethereum/legacy/${name}`, { contracts: [BOND, `${BOND}__Harness`], tests: [...BONDS, ...SWITCH] }),
  ),
  target("ethereum/legacy/BondSwitcher", { contracts: [SWITCHER], tests: [...SWITCH, "findings/switcher/*", ACCESS] }),
  target("ethereum/bridge/BridgeAdapter", { contracts: [ADAPTER], tests: BRIDGE }),
  target("polygon/bridge/ChildBridgeAdapter", {
    contracts: [CHILD_ADAPTER],
    tests: ["unit/polygon/ChildBridgeAdapter*", ...BRIDGE],
  }),
  target("polygon/bridge/RatioFeed", {
    contracts: [FEED],
    tests: ["unit/polygon/RatioFeed*", "findings/bridge/*", "unit/swap/SwapPool.rate", ACCESS],
  }),
  target("polygon/token/ChildAnkrMATIC", {
    contracts: ["ChildAnkrMATIC"],
    tests: ["unit/polygon/ChildAnkrMATIC*", "findings/bridge/token", "findings/bridge/limits", ACCESS],
  }),
  ...["SwapMath", "SwapLedger", "SwapPool"].map((name) =>
    target(`polygon/swap/${name}`, { contracts: [SWAP], tests: SWAPS }),
  ),
];

function target(name: string, ...stages: readonly Stage[]): Target {
  return { file: `contracts/${name}.sol`, stages };
}

/**
 * The files that patterns stand for, in the order of the patterns, from the root of the repository; not those that
 * compare gas, which any change fails.
 */
export async function testFiles(root: string, patterns: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    patterns.map(async (pattern) => {
      const folder = path.posix.join("test", path.posix.dirname(pattern));
      const name = new RegExp(`^${path.posix.basename(pattern).replaceAll("*", ".*")}\\.test\\.ts$`);
      const names = (await readdir(path.join(root, folder))).filter(
        (file) => name.test(file) && !file.endsWith(".gas.test.ts"),
      );
      if (names.length === 0)
        throw new Error(`${pattern} stands for no file of tests: correct scripts/mutate/targets.ts`);
      return quickFirst(names).map((file) => `${folder}/${file}`);
    }),
  );
  return [...new Set(found.flat())];
}

/** Random walks and models take longest. */
function quickFirst(names: readonly string[]): string[] {
  const isLong = (name: string): boolean => /random|model|replay|Seal|finalize|standard|quotes|permit/.test(name);
  return [...names.filter((name) => !isLong(name)).sort(), ...names.filter(isLong).sort()];
}

/** Files that call a function by its name come first. */
export async function callersFirst(root: string, files: readonly string[], name: string): Promise<string[]> {
  const texts = await Promise.all(files.map(async (file) => readFile(path.join(root, file), "utf8")));
  const calls = files.filter((_, index) => texts[index]?.includes(`.${name}(`));
  return inOrder(files, calls);
}

/** Files that found neighbours come first. */
export function inOrder(files: readonly string[], first: readonly string[]): string[] {
  const known = first.filter((file) => files.includes(file));
  return [...known, ...files.filter((file) => !known.includes(file))];
}
