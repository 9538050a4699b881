import type { Proof } from "../proofs";

/** Something that nobody can do, short of an upgrade. */
export interface Limit {
  readonly cannot: string;
  readonly because: string;
  readonly proofs: readonly Proof[];
}

/** What nobody can do. */
export const LIMITS: readonly Limit[] = [
  {
    cannot: "pause requests, batches, claims or upkeep",
    because: "no such function; the pause of stakes is read by stakes alone",
    proofs: [
      ["unit/access/matrix.test.ts", "A45, A90: pauses neither requests, nor batches, nor claims, nor upkeep"],
      ["findings/queue/progress.test.ts", "A45: no power of governance stands on the way"],
      ["integration/powers.test.ts", "A88: stops no user and no upkeep by closing every contract"],
    ],
  },
  {
    cannot: "pause leaving aMATICb: `unstakeBonds`, `unstakeShares`, transfers",
    because: "no such function; the pause of switches is read by switches alone",
    proofs: [
      [
        "unit/legacy/BondSwitcher.governed.test.ts",
        "A45: leaves every other way: unstaking by bonds and by shares, transfers of both, approvals",
      ],
      [
        "integration/powers.test.ts",
        "the upgrader stops no holder by closing every contract: moving, switching, unstaking and claiming go on",
      ],
    ],
  },
  {
    cannot: "pause `ChildBridgeAdapter.withdraw`, or make it slower than a tenth of its ceiling a day",
    because: "it has no pause; what a bridge may burn is not below that tenth but by the upgrader, after 7 days",
    proofs: [
      [
        "unit/access/polygon.test.ts",
        "guardian and manager at their worst, for 5 days: a tenth of the ceiling leaves each day",
      ],
      [
        "unit/access/polygon.test.ts",
        "the manager cannot go below that tenth, and the guardian has no hand in burning at all",
      ],
    ],
  },
  {
    cannot: "pause releases on Ethereum, or make them slower than a tenth of their ceiling a day",
    because: "`receiveMessage` and `payPending` read no pause; `RELEASE_FLOOR` is an immutable",
    proofs: [
      [
        "unit/bridge/BridgeAdapter.receiveMessage.test.ts",
        "A45: cannot be paused: not by a pause of deposits, a cap of nothing, nor the lowest limit",
      ],
      [
        "unit/bridge/BridgeAdapter.payPending.test.ts",
        "A45: is paid at the floor's pace at least, whatever governance does against it",
      ],
    ],
  },
  {
    cannot: "keep a provider from removing liquidity of `SwapPool`",
    because: "`removeLiquidity` reads neither pause, nor rate, nor limit",
    proofs: [
      ["unit/swap/SwapPool.liquidity.test.ts", "needs no rate, is never paused, and has no limit"],
      ["findings/swap/pool.test.ts", "A79: providers take out what is left, whatever is paused"],
    ],
  },
  {
    cannot: "reorder claims, or pay one holder before another of the same batch",
    because: "a batch is claimable as a whole, in any order",
    proofs: [
      ["findings/queue/progress.test.ts", "A40: an id keeps its meaning while others are claimed, in any order"],
      [
        "findings/queue/authority.test.ts",
        "A93: two users of a batch have different ids, one moment and one loss factor",
      ],
    ],
  },
  {
    cannot: "take POL, MATIC or shares of others",
    because: "no such function: what moves coins pays who is owed, Polygon's contracts, or the other ledger",
    proofs: [
      ["findings/token/token.test.ts", "A02: no role mints, and none burns what another holds"],
      [
        "integration/powers.test.ts",
        "no role takes aMATICb or the ankrMATIC behind it: release is the switcher's, by its holder's call",
      ],
      ["findings/swap/pool.test.ts", "A81: nobody rescues anything: what moves tokens are swaps and liquidity alone"],
    ],
  },
  {
    cannot: "mint ankrMATIC without assets",
    because: "the pool alone mints, in the call that brings the assets, or as the fee on rewards that came",
    proofs: [
      ["findings/token/token.test.ts", "A01: no function of any contract mints for a stranger, whatever its arguments"],
      ["findings/token/token.test.ts", "A02: no role mints, and none burns what another holds"],
      ["unit/access/matrix.test.ts", "A01: a stranger's call of any function of any contract changes no supply"],
    ],
  },
  {
    cannot: "mint on Polygon beyond what the lock on Ethereum reported",
    because: "`ChildBridgeAdapter` mints what messages of `BridgeAdapter` say, each once, within its limits",
    proofs: [
      [
        "findings/bridge/limits.test.ts",
        "S7281-7: whatever the limits, no more is minted than Ethereum reported, in 30 days of trying",
      ],
      [
        "unit/access/polygon.test.ts",
        "A01: a stranger's call of any function of any contract changes no supply and no count",
      ],
    ],
  },
  {
    cannot: "mint aMATICb after its genesis is sealed",
    because: "`mintGenesis` alone mints, and only batches of the list",
    proofs: [
      [
        "findings/switcher/switcher.test.ts",
        "A50: these are all functions that change anything, and one of them mints: the genesis",
      ],
      ["integration/powers.test.ts", "nobody mints aMATICb after the seal, whatever role"],
    ],
  },
  {
    cannot: "switch aMATICb of another, or beyond the cap",
    because: "a switch is of its caller's, and counted in shares, for ever",
    proofs: [
      [
        "findings/switcher/switcher.test.ts",
        "A51: three holders with three times the cap in bonds get the cap in shares, and not one more",
      ],
      [
        "unit/legacy/BondSwitcher.random.test.ts",
        "A51: never give out more than the cap, and count fees and receipts to the wei",
      ],
    ],
  },
  {
    cannot: "set the rate",
    because: "it is `totalAssets / totalSupply`, computed; on Polygon it is what a message of `BridgeAdapter` says",
    proofs: [
      [
        "findings/accounting/ratio.test.ts",
        "A12: nobody sets the ratio, and a hundred reports in a block move it no more than one",
      ],
      ["findings/bridge/feed.test.ts", "A95: does not move by itself, nor by the hands of any role"],
    ],
  },
  {
    cannot: "delegate more than `MAX_SHARE_BPS` of the pool to a validator",
    because: "an immutable of the implementation",
    proofs: [
      [
        "findings/validator/validator.test.ts",
        "A31: no validator gets more of the pool than the constitutional maximum",
      ],
      ["unit/delegator/weights.test.ts", "lets no cap exceed the constitutional maximum, and no weight its cap"],
    ],
  },
  {
    cannot: "exceed a bound of the tables above",
    because: "each is a constant or an immutable of the code",
    proofs: [
      [
        "unit/access/bounds.test.ts",
        "weights and caps: one for each position, a sum of 10,000, no cap under its weight or over the constitution",
      ],
      [
        "findings/fees/fees.test.ts",
        "A48: every parameter is an absolute number in the unit of its name, and as it was planned",
      ],
    ],
  },
  {
    cannot: "act before its delay is over",
    because: "AccessManager refuses it, and lets only what was scheduled pass",
    proofs: [
      ["integration/powers.test.ts", "waits a day for each of its functions"],
      ["integration/upgrade-all.test.ts", "waits seven days, to the second"],
      ["unit/base/upgrades.test.ts", "leaves every holder the time to go: seven days, more than unbonding takes"],
    ],
  },
];
