import type { Group } from "./property";

/** What holds of the pool, the delegator and the share token. */
export const CORE: readonly Group[] = [
  {
    title: "L: the two ledgers",
    properties: [
      ["L1", "what is owed is what is held", "totalPooled + totalOwed = reserved + buffer + Σ principal + Σ unbonding"],
      ["L1a", "the half of it that is not sold yet", "totalPooled + openAssets + unsold = buffer + Σ principal"],
      ["L1b", "the half of it that is", "sold = Σ unbonding"],
      ["L2", "no more is unvested than pooled", "unvested(t) ≤ totalPooled"],
      ["L3", "no more is unconverted than buffer", "unconverted ≤ buffer"],
    ],
  },
  {
    title: "R: what is really there",
    properties: [
      ["R1", "the pool has the POL that it reserved", "POL.balanceOf(pool) ≥ reserved"],
      [
        "R2",
        "the delegator has the coins of its buffer",
        "POL.balanceOf(delegator) + MATIC.balanceOf(delegator) ≥ buffer",
      ],
      ["R3", "and the converted part of it in POL", "POL.balanceOf(delegator) ≥ buffer - unconverted"],
      [
        "R4",
        "a position is worth its principal, unless slashed and not synced",
        "getTotalStake(delegator) ≥ principal, for each position",
      ],
      ["R5", "an unbond is worth what the ledger says, without losses", "Σ worth of unbonds ≥ Σ unbonding"],
      [
        "R6",
        "no approval is left over",
        "allowance(delegator → StakeManager, → migration) = allowance(pool → migration) = 0",
      ],
      [
        "R7",
        "a position is not worth more than can be sold of it",
        "principal after sync = principal before it, where nothing was lost",
      ],
    ],
  },
  {
    title: "S: the supply of shares",
    properties: [
      [
        "S1",
        "the pool's shares are the token's supply",
        "convertToShares(totalAssets) = totalSupply, where totalAssets > 0",
      ],
      ["S2", "the balances are the supply", "Σ balanceOf = totalSupply"],
    ],
  },
  {
    title: "P: the value of a share",
    properties: [
      ["P1", "it never falls without a booked loss", "A′ · S ≥ A · S′, where lossCount′ = lossCount"],
      ["P2", "within a block it rises by no more than rounding", "A′ · S ≤ A · S′ + A + S"],
      ["P3", "no loss is booked where there is none", "lossCount = 0, where nothing was taken"],
      [
        "P4",
        "holders and unfunded requests bear a loss alike",
        "requests′ / requests = A′ / A, ± 2 wei of each; requests′ = requests without a loss",
      ],
      ["P5", "the unvested stream bears a loss first", "lossCount′ > lossCount ⇒ unvested = 0"],
    ],
  },
  {
    title: "U: what users do",
    properties: [
      [
        "U1",
        "no action of a user raises what it has",
        "worth′ ≤ worth, of all that the acting parties hold and are owed",
      ],
      ["U2", "no round trip within a block pays", "worth after ≤ worth before"],
      [
        "U3",
        "a stake brings shares, at no better price than shown",
        "deposit(a) > 0; mint(convertToShares(a)) costs ≤ a",
      ],
      ["U4", "allowances are spent exactly, transfers work", "allowance′ = allowance - shares"],
    ],
  },
  {
    title: "C: claims",
    properties: [
      [
        "C1",
        "a claim pays whom it names what it says",
        "POL.balanceOf(receiver)′ - POL.balanceOf(receiver) = assets returned",
      ],
      ["C2", "a claim pays what the views promised", "paid = maxWithdraw(controller) of what was claimed"],
      ["C3", "what was claimed is gone", "maxRedeem′ = maxRedeem - shares; lateAssetsOf′ = 0"],
    ],
  },
  {
    title: "Q: what is owed to users",
    properties: [
      ["Q1", "the views agree", "maxWithdraw(user) = Σ assets of its claimable requests"],
      [
        "Q2",
        "a request is never paid more than it fixed",
        "paid + pending + claimable + late ≤ asked (+ roundings of a short batch, and a wei for each that joins one after a loss)",
      ],
      ["Q3", "and no less, but for a loss", "paid + pending + claimable + late = asked"],
      ["Q4", "what can be claimed is reserved", "Σ (claimable + late) ≤ reserved"],
      ["Q5", "what users are owed is in the books", "Σ (pending + claimable + late) ≤ totalOwed"],
      [
        "Q6",
        "a request is pending or claimable, and gone when empty",
        "pendingShares + claimableShares = shares > 0, for each id listed",
      ],
    ],
  },
  {
    title: "I: income",
    properties: [
      [
        "I1",
        "each coin is counted, once",
        "POL.balanceOf(delegator) + MATIC.balanceOf(delegator) = buffer, after harvest and skim",
      ],
      ["I2", "rewards are what the pool grew by", "totalPooled′ - totalPooled = rewards"],
      ["I3", "the fee keeps its rate", "convertToAssets(fee shares) ≤ rewards · feeBps / 10,000"],
      ["I4", "donations move nothing until they are skimmed", "totalPooled′ = totalPooled, buffer′ = buffer"],
    ],
  },
  {
    title: "D: delegation",
    properties: [
      ["D1", "what requests need is not delegated", "buffer′ ≥ openAssets + unsold"],
      ["D2", "no target is crossed by a move", "principal(from)′ ≥ target(from), principal(to)′ ≤ target(to)"],
      [
        "D3",
        "no cap is exceeded",
        "principal′ ≤ (Σ principal + buffer) · capBps / 10,000 for who got stake; capBps ≤ MAX_SHARE_BPS",
      ],
      ["D4", "a position that accepts stake gets it", "acceptsStake(p) ⇒ principal(p)′ > principal(p)"],
    ],
  },
  {
    title: "B: batches",
    properties: [
      ["B1", "one batch is closed an epoch, in turn", "open′ - open ≤ 1 in an epoch"],
      [
        "B2",
        "a batch that can be closed is",
        "units > 0, none is being funded, no batch closed in this epoch ⇒ settleBatch closes it",
      ],
      ["B3", "going on gets on", "unsold′ < unsold or unsold′ = 0"],
      ["B4", "a finalization takes no money away", "reserved′ ≥ reserved"],
      [
        "B5",
        "no batch waits while there is stake that could be sold",
        "unsold > 0 ⇒ every position with principal refuses",
      ],
    ],
  },
  {
    title: "G: what is governed",
    properties: [
      ["G1", "weights and caps stay in their bounds", "weightBps ≤ capBps ≤ MAX_SHARE_BPS"],
      ["G2", "weights are the whole", "Σ weightBps = 10,000"],
      ["G3", "the queue is in order", "funding < open; unsold > 0 ⇒ funding ≠ 0"],
    ],
  },
  {
    title: "Liveness",
    properties: [
      [
        "A46",
        "from every state that is reached strangers alone can bring every request to be claimable, and every user is paid",
        "while checkpoints go on: ∃ calls by strangers: pending = 0, then claims pay all that was promised",
      ],
    ],
  },
  {
    title: "V: `RewardStream`, for all amounts and times",
    properties: [
      ["V1", "nothing vests in no time", "unvestedAt(since) = U"],
      ["V2", "nothing is taken back", "t ≤ t′ ⇒ unvestedAt(t) ≥ unvestedAt(t′)"],
      ["V3", "nothing is left after the longest period", "unvestedAt(since + 7 days) = 0"],
      ["V4", "a merge moves nothing at once", "merged.unvestedAt(t) = unvestedAt(t) + A"],
      ["V5", "a merge ends between its parts", "min(r, D) ≤ r′ ≤ max(r, D), the least where U > 0"],
      ["V6", "a merge releases no faster than its parts", "(U + A) / r′ ≤ U / r + A / D"],
      [
        "V7",
        "a loss takes what is left, and no more",
        "absorbed = min(loss, unvestedAt(t)) = unvestedAt(t) - reduced.unvestedAt(t)",
      ],
      ["V8", "no wei vests early", "unvestedAt(t) · (end - since) ≥ U · (end - t)"],
      [
        "V9",
        "a merge keeps the mean delay, but for less than a tick",
        "U · r + A · D ≤ (U + A) · r′ < U · r + A · D + U + A",
      ],
    ],
  },
  {
    title: "M: `ShareMath`, for all totals",
    properties: [
      ["M1", "no way there and back gains", "assets(shares(a)) ≤ a; shares(assets(s)) ≤ s; ceil(shares(a)) ≤ a"],
      ["M2", "a stake brings all the shares that it pays for", "ceil(shares(a) + 1) > a"],
      [
        "M3",
        "the cost of shares buys them, a wei above their worth at most",
        "shares(ceil(s)) ≥ s; ceil(s) - assets(s) ≤ 1",
      ],
      [
        "M4",
        "the price of those who stay never falls",
        "(A + a) · S ≥ A · (S + shares(a)), likewise for mint and redeem",
      ],
      ["M5", "all is defined for empty totals", "A = 0 ⇒ shares(a) = 0; S = 0 ⇒ assets(s) = ceil(s) = 0"],
    ],
  },
  {
    title: "H: `RequestWindow`, for all words and batches",
    properties: [
      ["H1", "a batch that is added is in the set, no other comes or goes", "set′ = set and batch"],
      ["H2", "a batch that is removed is not, no other comes or goes", "set′ = set without batch"],
      ["H3", "words are in order", "base(word) > base(older) + 207, for each word and the one before it"],
      ["H4", "the newest word is never 0 again", "word ≠ 0 ⇒ word′ ≠ 0"],
      ["H5", "the list is the set, in rising order", "list = sorted(set)"],
    ],
  },
];
