import { MaxUint256 } from "ethers";
import type { ContractTransactionResponse, Wallet } from "ethers";

import { bridgeBooks } from "../../../deploy/acceptance/bridge";
import { differences } from "../../../deploy/acceptance/ledgers";
import { IValidatorShare__factory } from "../../../typechain-types";
import { relayOnce } from "../../lib/relayer/loop";
import type { Relay } from "../../lib/relayer/relay";
import { ONE } from "../site";
import { DAY, UNBONDING_EPOCHS, pass, passEpochs, walletOf } from "../world";
import type { Devnet } from "../world";

import { openBook } from "./book";
import type { Book, Coin, Person } from "./book";
import { afterRewards, afterStake, allLiquidity, assetsFor, firstLiquidity, saleOf, sharesFor } from "./model";
import type { Reserves, Totals } from "./model";
import { balanceTable, bridgeLine } from "./table";
import { balanceDifferences } from "./verdict";
import type { Outcome } from "./verdict";

/** Wei that people bring; odd, so that roundings show. */
const STAKES = { carol: 200_000n * ONE, alice: 10_000n * ONE + 7n, bob: 5_000n * ONE + 11n } as const;
const LIQUIDITY = { native: 4_000n * ONE, shares: 6_000n * ONE } as const;
const SWAPPED = 500n * ONE + 3n;
const SOLD_BY_BOB = 1_000n * ONE + 1n;

/** Everything that the steps share. */
interface Stage {
  readonly devnet: Devnet;
  readonly relay: Relay;
  readonly book: Book;
  readonly print: (line: string) => void;
  /** What the pool should have. */
  totals: Totals;
  /** What the swap pool should have. */
  reserves: Reserves;
  /** What is on its way to somebody. */
  onTheWay: readonly (readonly [Person, Coin, bigint])[];
  readonly above: (who: Person) => Wallet;
  readonly below: (who: Person) => Wallet;
}

interface Step {
  readonly title: string;
  readonly run: (stage: Stage) => Promise<void>;
}

const STEPS: readonly Step[] = [
  { title: "carol stakes POL, and a day of rewards vests", run: firstRewards },
  { title: "alice stakes POL, bob MATIC", run: stakes },
  { title: "all three bridge to Polygon: locked on Ethereum, not yet there", run: bridgeDown },
  { title: "the relayer delivers", run: relayAll },
  { title: "carol provides liquidity, with native tokens and ankrMATIC", run: provide },
  { title: "alice swaps native tokens to ankrMATIC, bob ankrMATIC to native tokens", run: swap },
  { title: "alice swaps back, carol takes her liquidity out", run: swapBack },
  { title: "all three bridge back: burned on Polygon, not yet proven", run: bridgeUp },
  { title: "the relayer submits a checkpoint and proves the exits", run: relayAll },
  { title: "alice and bob ask for their stake; it is sold, unbonds for 80 checkpoints, and comes home", run: unstake },
  { title: "alice claims POL, bob MATIC", run: claim },
];

/** Walks the whole way, and tells what there is in the end. */
export async function playDemo(devnet: Devnet, relay: Relay, print: (line: string) => void): Promise<Outcome> {
  const stage: Stage = {
    devnet,
    relay,
    print,
    book: await openBook(devnet),
    totals: { assets: devnet.params.seedWei, shares: devnet.params.seedWei },
    reserves: { assets: 0n, shares: 0n, liquidity: 0n, owned: 0n },
    onTheWay: [],
    above: (who) => walletOf(devnet, who, devnet.ethereum),
    below: (who) => walletOf(devnet, who, devnet.polygon),
  };
  for (const [index, { title, run }] of STEPS.entries()) {
    print(`\n${index + 1}. ${title}`);
    await run(stage);
    await show(stage);
  }
  const [ledgers, figures, balances] = [
    await differences({ system: devnet.system, unsynced: new Set() }),
    await bridgeBooks(devnet.bridge, devnet.child),
    await stage.book.compare(),
  ];
  return { ledgers, figures, balances, steps: STEPS.length };
}

async function show({ devnet, book, print }: Stage): Promise<void> {
  const balances = await book.compare();
  print(balanceTable(balances));
  print(`  ${bridgeLine(await bridgeBooks(devnet.bridge, devnet.child))}`);
  for (const line of balanceDifferences(balances)) print(`  (!) ${line}`);
}

/** What was on its way is there. */
function arrived(stage: Stage): void {
  for (const [who, coin, amount] of stage.onTheWay) stage.book.add(who, coin, amount);
  stage.onTheWay = [];
}

/** A transaction on Polygon, whose gas its sender pays. */
async function onPolygon({ book }: Stage, who: Person, sent: Promise<ContractTransactionResponse>): Promise<void> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("A transaction on Polygon was not mined");
  book.add(who, "native on Polygon", -receipt.gasUsed * receipt.gasPrice);
}

function staked(stage: Stage, who: Person, coin: "POL" | "MATIC", assets: bigint): void {
  const shares = sharesFor(assets, stage.totals);
  stage.totals = afterStake(stage.totals, assets, shares);
  stage.book.add(who, coin, -assets);
  stage.book.add(who, "ankrMATIC", shares);
}

async function firstRewards(stage: Stage): Promise<void> {
  const { devnet, above, book } = stage;
  const { pool, delegator } = devnet.system;
  await devnet.staking.pol.connect(above("carol")).approve(pool, STAKES.carol);
  await pool.connect(above("carol")).deposit(STAKES.carol, above("carol"));
  staked(stage, "carol", "POL", STAKES.carol);
  await delegateAll(stage);
  await passEpochs(devnet, 48n);
  let rewards = 0n;
  for (let position = 1n; position <= (await delegator.positionCount()); position++) {
    const { share } = await delegator.positionAt(position);
    rewards += await IValidatorShare__factory.connect(share, devnet.ethereum).getLiquidRewards(delegator);
  }
  await pool.connect(walletOf(devnet, "stranger", devnet.ethereum)).harvest([]);
  // A stream lasts seven days at most.
  await pass(devnet, 8n * DAY);
  const after = afterRewards(stage.totals, rewards, devnet.params.feeBps);
  stage.totals = after.totals;
  book.add("treasury", "ankrMATIC", after.feeShares);
}

/** The buffer goes to the validators, so that leaving takes the time of unbonding. */
async function delegateAll({ devnet }: Stage): Promise<void> {
  const { pool, lens } = devnet.system;
  while ((await lens.delegable()) >= ONE) {
    await pool.connect(walletOf(devnet, "stranger", devnet.ethereum)).delegate(MaxUint256);
  }
}

async function stakes(stage: Stage): Promise<void> {
  const { devnet, above } = stage;
  const { pool } = devnet.system;
  await devnet.staking.pol.connect(above("alice")).approve(pool, STAKES.alice);
  await pool.connect(above("alice")).deposit(STAKES.alice, above("alice"));
  staked(stage, "alice", "POL", STAKES.alice);
  await devnet.staking.matic.connect(above("bob")).approve(pool, STAKES.bob);
  await pool.connect(above("bob")).stakeAndClaimCerts(STAKES.bob);
  staked(stage, "bob", "MATIC", STAKES.bob);
  await delegateAll(stage);
}

async function bridgeDown(stage: Stage): Promise<void> {
  const { devnet, above, book } = stage;
  for (const who of ["alice", "bob", "carol"] as const) {
    const shares = who === "carol" ? 2n * LIQUIDITY.shares : book.expected(who, "ankrMATIC");
    await devnet.system.token.connect(above(who)).approve(devnet.bridge, shares);
    await devnet.bridge.connect(above(who)).bridge(shares, above(who));
    book.add(who, "ankrMATIC", -shares);
    stage.onTheWay = [...stage.onTheWay, [who, "ankrMATIC on Polygon", shares]];
  }
}

async function relayAll(stage: Stage): Promise<void> {
  while ((await relayOnce(stage.relay)) > 0);
  arrived(stage);
}

async function provide(stage: Stage): Promise<void> {
  const { devnet, below, book, totals } = stage;
  const { swap, token } = devnet.child;
  const { native, shares } = LIQUIDITY;
  await onPolygon(stage, "carol", token.connect(below("carol")).approve(swap, shares));
  const added = swap.connect(below("carol")).addLiquidity(shares, 0n, below("carol"), MaxUint256, { value: native });
  await onPolygon(stage, "carol", added);
  stage.reserves = firstLiquidity(native, shares, totals);
  book.add("carol", "native on Polygon", -native);
  book.add("carol", "ankrMATIC on Polygon", -shares);
  book.add("carol", "liquidity on Polygon", stage.reserves.owned);
}

async function swap(stage: Stage): Promise<void> {
  const { devnet, below, book, totals } = stage;
  const bought = sharesFor(SWAPPED, totals);
  await onPolygon(stage, "alice", devnet.child.swap.connect(below("alice")).stake(bought, { value: SWAPPED }));
  book.add("alice", "native on Polygon", -SWAPPED);
  book.add("alice", "ankrMATIC on Polygon", bought);
  const { assets, shares, ...liquidity } = stage.reserves;
  stage.reserves = { ...liquidity, assets: assets + SWAPPED, shares: shares - bought };
  await sell(stage, "bob", SOLD_BY_BOB);
}

async function sell(stage: Stage, who: Person, sold: bigint): Promise<void> {
  const { devnet, below, book, totals } = stage;
  const { swap: pool, token } = devnet.child;
  const paid = saleOf(sold, totals, devnet.polygonParams.swap.feeBps);
  await onPolygon(stage, who, token.connect(below(who)).approve(pool, sold));
  await onPolygon(stage, who, pool.connect(below(who)).unstake(sold, paid));
  book.add(who, "native on Polygon", paid);
  book.add(who, "ankrMATIC on Polygon", -sold);
  const { assets, shares, ...liquidity } = stage.reserves;
  stage.reserves = { ...liquidity, assets: assets - paid, shares: shares + sold };
}

async function swapBack(stage: Stage): Promise<void> {
  const { devnet, below, book, totals } = stage;
  await sell(stage, "alice", sharesFor(SWAPPED, totals));
  const { owned } = stage.reserves;
  const { assets, shares } = allLiquidity(stage.reserves);
  const pool = devnet.child.swap.connect(below("carol"));
  await onPolygon(stage, "carol", pool.removeLiquidity(owned, below("carol"), assets, shares));
  book.add("carol", "native on Polygon", assets);
  book.add("carol", "ankrMATIC on Polygon", shares);
  book.add("carol", "liquidity on Polygon", -owned);
}

async function bridgeUp(stage: Stage): Promise<void> {
  const { devnet, below, book } = stage;
  const { adapter, token } = devnet.child;
  for (const who of ["alice", "bob", "carol"] as const) {
    const shares = book.expected(who, "ankrMATIC on Polygon");
    await onPolygon(stage, who, token.connect(below(who)).approve(adapter, shares));
    await onPolygon(stage, who, adapter.connect(below(who)).withdraw(shares, below(who)));
    book.add(who, "ankrMATIC on Polygon", -shares);
    stage.onTheWay = [...stage.onTheWay, [who, "ankrMATIC", shares]];
  }
}

/** Who leaves, in the order in which they ask. */
const LEAVING = ["alice", "bob"] as const;

async function unstake(stage: Stage): Promise<void> {
  const { devnet, above, book } = stage;
  const { pool } = devnet.system;
  const { open } = await pool.queue();
  for (const who of LEAVING) {
    const shares = book.expected(who, "ankrMATIC");
    const assets = assetsFor(shares, stage.totals);
    await pool.connect(above(who)).requestRedeem(shares, above(who), above(who));
    stage.totals = { assets: stage.totals.assets - assets, shares: stage.totals.shares - shares };
    book.add(who, "ankrMATIC", -shares);
    stage.onTheWay = [...stage.onTheWay, [who, who === "alice" ? "POL" : "MATIC", assets]];
  }
  const anyone = pool.connect(walletOf(devnet, "stranger", devnet.ethereum));
  await anyone.settleBatch();
  await passEpochs(devnet, UNBONDING_EPOCHS);
  await anyone.finalizeBatch(open);
}

async function claim(stage: Stage): Promise<void> {
  const { devnet, above } = stage;
  const { pool } = devnet.system;
  for (const who of LEAVING) {
    const ids = [...(await pool.requestsOf(above(who)))];
    const from = pool.connect(above(who));
    if (who === "alice") await from.claim(ids, above(who), above(who));
    else await from.claimInMatic(ids, above(who), above(who));
  }
  arrived(stage);
}
