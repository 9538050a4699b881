import type { Group } from "./property";

/** What holds of aMATICb, its switcher, the bridge and the swap pool, and against those who misbehave. */
export const EDGES: readonly Group[] = [
  {
    title: "W: shares of aMATICb",
    properties: [
      ["W1", "the shares are their total", "Σ sharesOf = totalSharesSupply"],
      ["W2", "each is an ankrMATIC that it holds", "AnkrMATIC.balanceOf(aMATICb) = totalSharesSupply + donated"],
      ["W3", "balances are within the supply, but for less than a wei each", "0 ≤ totalSupply - Σ balanceOf < holders"],
      [
        "W4",
        "a balance is what as many ankrMATIC are worth",
        "balanceOf = ⌊sharesOf · A / S⌋ = sharesToBonds(sharesOf)",
      ],
      [
        "W5",
        "the total moves by the genesis, unstaking and switching alone",
        "totalSharesSupply = minted - unstaked - switched",
      ],
    ],
  },
  {
    title: "T: transfers of aMATICb",
    properties: [
      [
        "T1",
        "what one gives the other gets, to the share",
        "sharesOf(to)′ - sharesOf(to) = sharesOf(from) - sharesOf(from)′",
      ],
      [
        "T2",
        "bonds move the fewest shares that are worth them, a whole balance all",
        "moved · A ≥ bonds · S > (moved - 1) · A; bonds = balanceOf ⇒ moved = sharesOf",
      ],
      ["T3", "a gain is off by a share and a wei at most", "|gain - bonds| · S ≤ A + S"],
      [
        "T4",
        "an allowance is charged exactly, shares at their worth, rounded up, never nothing",
        "charge = max(1, ⌈shares · A / S⌉)",
      ],
      ["T5", "pieces move no less than the whole", "moved(a) + moved(b) ≥ moved(a + b)"],
    ],
  },
  {
    title: "E: unstaking aMATICb",
    properties: [
      [
        "E1",
        "it fixes what the shares are worth, without a fee",
        "assets of the request = ⌊shares · A / S⌋; sharesOf′ = sharesOf - shares",
      ],
      ["E2", "for the caller alone", "controller = caller; requestsOf(aMATICb) is empty"],
      ["E3", "whatever is paused", "no call asks for the pause, and none may revert"],
    ],
  },
  {
    title: "K: the switcher",
    properties: [
      ["K1", "it holds nothing", "its POL + MATIC = 0, its ankrMATIC + shares of aMATICb = 0"],
      [
        "K2",
        "the cap is never passed, and all is counted",
        "switched = Σ shares switched ≤ cap at each switch; remaining = max(0, cap - switched)",
      ],
      [
        "K3",
        "the fee is rounded up and goes to the treasury",
        "fee = ⌈shares · feeBps / 10,000⌉; received = shares - fee",
      ],
      [
        "K4",
        "what is available can be switched, a share more cannot, and nothing in a pause",
        "available = min(remaining, free of the day), 0 in a pause",
      ],
      [
        "K5",
        "the daily limit refills at its rate, and no more than twice of it leaves in a day",
        "free - roundings - 1 ≤ available ≤ free; Σ in 24 h ≤ 2 · the highest limit in it",
      ],
      ["K6", "a new limit frees nothing", "available′ = min(available, limit′), where limit′ > 0"],
    ],
  },
  {
    title: "N: the genesis",
    properties: [
      [
        "N1",
        "a batch mints what the list says, once, and is paid for",
        "Σ minted = Σ of the list's batch = ankrMATIC paid",
      ],
      ["N2", "after the last one nothing mints", "sealed ⇔ batches minted = batches of the list"],
    ],
  },
  {
    title: "X: shares on both chains and between them",
    properties: [
      [
        "X1",
        "what is locked is on Polygon, waits there or is under way",
        "locked = minted + pending on Polygon + under way down + under way up",
      ],
      [
        "X2",
        "the bridge holds it, and what waits for release",
        "AnkrMATIC.balanceOf(bridge) = locked + pending on Ethereum + donated",
      ],
      ["X3", "the supply on Polygon is what was minted", "Σ balanceOf = totalSupply = minted ≤ supplyCap"],
      [
        "X4",
        "each receiver has what arrived for it, or it waits",
        "due = paid + pendingOf, on either side; totalPending = Σ pendingOf",
      ],
      [
        "X5",
        "messages are counted without gaps and taken once",
        "lastNonce = messages sent; isConsumed(n) ⇔ n was delivered",
      ],
      ["X6", "what arrives is paid at once as far as the limit goes", "paid = min(due, free)"],
      ["X7", "nothing is sent up while a message is taken", "no MessageSent in a delivery"],
      [
        "X8",
        "a message says what was locked or burned, and the pool's rate",
        "message = (nonce, receiver, shares, A, S, lossCount, time) of that second",
      ],
      [
        "X9",
        "what can be locked is what the cap leaves; from every state reached all comes home and is paid",
        "remaining = cap - locked, 0 in a pause; in the end locked = totalSupply = donated, due = paid",
      ],
    ],
  },
  {
    title: "F: the feed",
    properties: [
      ["F1", "it has a rate that was sent, to the wei", "latest = the rate of message lastNonce"],
      [
        "F2",
        "none above the highest that the pool had, or that grew too fast",
        "A_feed / S_feed ≤ max A / S; (rate′ - rate) / rate ≤ (Δt + 12 h) / 365 days",
      ],
      [
        "F3",
        "its number never falls, its rate only by a loss",
        "lastNonce′ ≥ lastNonce; A′ · S < A · S′ ⇒ lossCount′ > lossCount",
      ],
      ["F4", "what the pool had is taken, late or not", "an honest newer rate with growth within F2 is accepted"],
      ["F5", "nothing is in it that was not sent", "accepted ⇒ latest = the rate of the message"],
      ["F6", "it catches up with the pool", "after syncRate and enough time latest = (A, S) of the pool"],
    ],
  },
  {
    title: "J: the bridge's daily limits, on each side",
    properties: [
      ["J1", "the limit is the one that was set", "0 ≤ free ≤ limit = limit set"],
      ["J2", "at most twice of it passes in a day", "Σ in 24 h ≤ 2 · the highest limit in it"],
      [
        "J3",
        "it refills at its rate",
        "exact - roundings - 1 ≤ free ≤ exact, with exact = min(limit, level + limit · Δt / 1 day)",
      ],
      ["J4", "a new one frees nothing", "free′ = min(free, limit′)"],
    ],
  },
  {
    title: "Y: the swap pool",
    properties: [
      ["Y1", "reserves are what came in less what went out", "reserves = Σ in - Σ out, of either side"],
      ["Y2", "they are there", "balance = assets + given; balanceOf = shares + given; wrapped = 0"],
      [
        "Y3",
        "liquidity loses no worth but by a loss on Ethereum",
        "(assets + shares · rate)′ / liquidity′ ≥ (assets + shares · rate) / liquidity",
      ],
      ["Y4", "quotes and previews are kept", "quote(x) = what x brings in the same block; the least that brings it"],
      [
        "Y5",
        "payouts stay within the daily limit",
        "Σ in 24 h ≤ 2 · limit; free - roundings - 1 ≤ available ≤ min(assets, free)",
      ],
      [
        "Y6",
        "liquidity is what was minted, the locked part stays",
        "Σ balanceOf = totalSupply = Σ minted - Σ burned; balanceOf(dead) = locked",
      ],
    ],
  },
  {
    title: "Z: whoever misbehaves",
    properties: [
      [
        "Z1",
        "who refuses native tokens, burns the gas or calls back is paid once, or nothing changes",
        "while a receiver is paid: balance ≥ reserves, and no call of the pool goes through",
      ],
      [
        "Z2",
        "a share contract that fails stops nobody, and nothing is booked of it",
        "harvest, delegate, sync, continueBatch, finalizeBatch go on; lossCount′ = lossCount, principal′ = principal",
      ],
    ],
  },
];
