import { DEFAULTS } from "../../deploy/params";

import { STAKERS, VALIDATORS } from "./cast";
import { indexOf } from "./incidents";
import { toParts } from "./model";
import type { Outcome, Story } from "./story";
import { DUST } from "./upkeep";
import { UNBONDING_EPOCHS } from "./world";

/** Something that must hold, and whether it does. */
export interface Finding {
  readonly claim: string;
  /** What was seen. */
  readonly seen: string;
  /** Everything that speaks against it. */
  readonly against: readonly string[];
}

/** By how much the APR of a day may differ from the formula, as a part of it: the hours of a day are not all alike. */
const APR_TOLERANCE = 0.01;

/** Validators that nobody may have stake at in the end: they left, or ask too much. */
const AVOIDED = ["Fir", "Hazel", "Juniper"];

/** Holds the story against everything that was promised. */
export function judge(story: Story): Finding[] {
  return [
    ledgers(story),
    gains(story),
    oldGains(story),
    bonds(story),
    switching(story),
    treasury(story),
    losers(story),
    price(story),
    payments(story),
    waiting(story),
    distribution(story),
    apr(story),
  ];
}

/** Difference between a gain and the formula's, in wei: for people to read. */
export function deviationOf({ gain, gainParts }: Outcome): number {
  return Number(toParts(gain) - gainParts) / Number(toParts(1n));
}

function ledgers({ comparisons, transactions }: Story): Finding {
  return {
    claim: "Both ledgers balance to the wei after every transaction",
    seen: `${comparisons} comparisons, ${transactions - comparisons} transactions of the deployment before`,
    against: comparisons > 0 ? [] : ["the ledgers were never compared"],
  };
}

function gains({ outcomes }: Story): Finding {
  const against = outcomes.flatMap((outcome) => {
    const apart = absolute(toParts(outcome.gain) - outcome.gainParts);
    if (apart <= toParts(outcome.allowance)) return [];
    const by = deviationOf(outcome).toFixed(3);
    return [`${outcome.name} gained ${outcome.gain} wei, ${by} wei off the formula: ${outcome.allowance} are allowed`];
  });
  const largest = Math.max(...outcomes.map((outcome) => Math.abs(deviationOf(outcome))));
  if (outcomes.length !== STAKERS.length) against.push(`${outcomes.length} stakers were looked at`);
  return {
    claim: "Every staker gained what the closed formula says, within 1 wei per operation",
    seen: `${outcomes.length} stakers, at most ${largest.toFixed(2)} wei apart`,
    against,
  };
}

function oldGains({ old: { outcomes } }: Story): Finding {
  const against = outcomes.flatMap(({ name, gain, gainParts, allowance, paid }) => [
    ...(absolute(toParts(gain) - gainParts) <= toParts(allowance)
      ? []
      : [`${name} gained ${gain} wei: more than ${allowance} wei off the formula`]),
    ...(paid ? [] : [`${name} was not paid`]),
  ]);
  return {
    claim: "Every old holder gained what the same formula says, less the fee if it switched, and who left was paid",
    seen: outcomes.map(({ name, told }) => `${name} ${told}`).join("; "),
    against,
  };
}

function bonds({ old: { compared, different, sealed } }: Story): Finding {
  const against = sealed ? [...different] : [...different, "the genesis is not sealed"];
  if (compared === 0) against.push("aMATICb was never compared with ankrMATIC");
  return {
    claim:
      "aMATICb is worth what the same shares of ankrMATIC are, to the wei, and all of it is backed, share for share",
    seen: `${compared} midnights`,
    against,
  };
}

function switching({ old: { cap, used, refusal } }: Story): Finding {
  const against: string[] = [];
  if (used !== cap) against.push(`${used} shares were switched of ${cap}`);
  if (!refusal.startsWith("AboveRemaining(")) against.push(`who asked for more than was left was told: ${refusal}`);
  return { claim: "The switch ends at its cap, to the share, and says what is left", seen: refusal, against };
}

function treasury({ treasury: { value, parts, allowance } }: Story): Finding {
  const apart = absolute(toParts(value) - parts);
  return {
    claim: "The treasury holds the fee and its yield, by the same formula",
    seen: `${(Number(apart) / Number(toParts(1n))).toFixed(2)} wei apart after ${allowance} operations`,
    against:
      apart <= toParts(allowance)
        ? []
        : [`the treasury's shares are worth ${value} wei: ${allowance} wei off are allowed`],
  };
}

function losers({ outcomes }: Story): Finding {
  return {
    claim: "Nobody lost",
    seen: `smallest gain ${outcomes.map(({ gain }) => gain).reduce((least, gain) => (gain < least ? gain : least))} wei`,
    against: outcomes
      .filter(({ gain }) => gain < 0n)
      .map(({ name, gain }) => `${name} has ${-gain} wei less than it brought`),
  };
}

function price({ days }: Story): Finding {
  const against = days.flatMap(({ day, value, valueByFormula }, index) => {
    const found: string[] = [];
    if (absolute(value - valueByFormula) > 1n)
      found.push(`day ${day}: 1 ankrMATIC is worth ${value}, by the formula ${valueByFormula}`);
    if (value < (days[index - 1]?.value ?? 0n)) found.push(`day ${day}: the value of 1 ankrMATIC fell`);
    return found;
  });
  return {
    claim: "The price follows the formula every midnight, and never falls",
    seen: `${days.length} midnights`,
    against,
  };
}

function payments({ outcomes, owed }: Story): Finding {
  const leaving = new Set(STAKERS.filter(({ exit }) => exit !== undefined).map(({ name }) => name));
  const paid = outcomes.filter(({ exit }) => exit !== undefined);
  const against = paid.length === leaving.size ? [] : [`${paid.length} of ${leaving.size} stakers who left were paid`];
  if (leaving.size * 3 < STAKERS.length) against.push(`${leaving.size} stakers left: that is less than a third`);
  if (owed !== 0n) against.push(`${owed} wei are still owed`);
  const inMatic = paid.filter(({ exit }) => exit?.payout === "claimInMatic").length;
  const automatic = paid.filter(({ exit }) => exit?.payout === "autoClaim").length;
  return {
    claim: "All who unstaked are paid",
    seen: `${paid.length} stakers, ${inMatic} of them in MATIC, ${automatic} by a stranger through AutoClaim`,
    against,
  };
}

function waiting({ batches }: Story): Finding {
  const waits = batches.map(({ number, closedEpoch, claimableEpoch }) => ({
    number,
    epochs: claimableEpoch === undefined ? undefined : claimableEpoch - closedEpoch,
  }));
  const against = waits
    .filter(({ epochs }) => epochs !== 0n && epochs !== UNBONDING_EPOCHS)
    .map(
      ({ number, epochs }) =>
        `batch ${number} waited ${epochs ?? "for ever"}: it should be 0 or ${UNBONDING_EPOCHS} epochs`,
    );
  const atOnce = waits.filter(({ epochs }) => epochs === 0n).length;
  if (atOnce === 0) against.push("no batch was paid from the buffer at once");
  if (atOnce === waits.length) against.push(`no batch waited ${UNBONDING_EPOCHS} epochs`);
  return {
    claim: `Batches are paid at once where the buffer covers them, else after ${UNBONDING_EPOCHS} epochs exactly`,
    seen: `${atOnce} at once, ${waits.length - atOnce} after ${UNBONDING_EPOCHS} epochs`,
    against,
  };
}

function distribution({ days }: Story): Finding {
  const against = days.flatMap(({ day, stakes, totalAssets }) =>
    stakes.flatMap((stake, index) =>
      stake * 10_000n <= totalAssets * DEFAULTS.maxShareBps
        ? []
        : [`day ${day}: ${VALIDATORS[index]?.name ?? index} holds more than a quarter of the pool`],
    ),
  );
  const last = days.at(-1);
  for (const name of AVOIDED) {
    const stake = last?.stakes[indexOf(name)] ?? 0n;
    if (stake >= DUST) against.push(`${name} still holds ${stake} wei`);
  }
  return {
    claim: "No validator ever holds more than 25 %, and none that left or asks too much holds anything",
    seen: `${AVOIDED.join(", ")} are empty`,
    against,
  };
}

function apr({ days }: Story): Finding {
  // The first harvest vests on the second day.
  const judged = days
    .slice(1)
    .map(({ day, aprSeen, aprExpected }) => ({ day, off: Math.abs(aprSeen / aprExpected - 1) }));
  return {
    claim: "The APR of every day is what checkpoints, commissions, fee and stake make of it, within 1 %",
    seen: `at most ${(Math.max(...judged.map(({ off }) => off)) * 100).toFixed(2)} % off`,
    against: judged
      .filter(({ off }) => !(off <= APR_TOLERANCE))
      .map(({ day, off }) => `day ${day}: the APR is ${(off * 100).toFixed(2)} % off the formula`),
  };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
