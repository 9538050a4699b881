import { GUARDIAN, MANAGER, UPGRADER, roleName } from "../../../deploy/access";
import { DEFAULTS } from "../../../deploy/params";

import { table } from "./markdown";
import { ON_ETHEREUM } from "./powers/ethereum";
import { LIMITS } from "./powers/limits";
import { ON_MANAGER } from "./powers/manager";
import { ON_POLYGON } from "./powers/polygon";
import { OPEN, RIGHTS } from "./powers/rights";
import type { Right } from "./powers/rights";
import type { Powers } from "./powers/said";
import { ACCESS_MANAGER, changingFunctions } from "./powers/surface";
import type { Changing } from "./powers/surface";
import { missingProofs, proofCell } from "./proofs";
import type { Proof } from "./proofs";

const DAY = 86_400n;

const SAID: Powers = { [ACCESS_MANAGER]: ON_MANAGER, ...ON_ETHEREUM, ...ON_POLYGON };

/** The roles as a whole. */
const ROLES: readonly { readonly role: bigint; readonly may: string; readonly proofs: readonly Proof[] }[] = [
  {
    role: UPGRADER,
    may:
      "upgrade; roles, their members, functions and delays; list a bridge on `ChildAnkrMATIC`. AccessManager's admin, held " +
      "by a timelock or multisig alone. Its delay is the execution delay, the grant delay and each target's admin delay",
    proofs: [
      ["unit/base/upgrades.test.ts", "leaves every holder the time to go: seven days, more than unbonding takes"],
      [
        "unit/deploy/system.test.ts",
        "A84: each role has exactly one member, with its delay, and was never another's for good",
      ],
    ],
  },
  {
    role: MANAGER,
    may: "weights, caps, fees and limits within their bounds; end a pause early",
    proofs: [
      ["integration/powers.test.ts", "waits a day for each of its functions"],
      [
        "integration/powers.test.ts",
        "is nobody else: not the upgrader, the guardian, the deployer, the treasury or a stranger",
      ],
      [
        "unit/bridge/BridgeAdapter.governed.test.ts",
        "A01: the manager waits its day for each of its functions, and the guardian may cancel each",
      ],
    ],
  },
  {
    role: GUARDIAN,
    may:
      "pause new stakes, switches, `BridgeAdapter.bridge`, swaps and adding liquidity, each at most 5 days and then not for " +
      "30; lower a limit of the bridge; cancel the manager's scheduled calls",
    proofs: [
      ["integration/powers.test.ts", "alone pauses new stakes, at once"],
      ["integration/powers.test.ts", "the guardian alone pauses switches, at once"],
      [
        "unit/shared/SelfEndingPause.test.ts",
        "A90: leaves at least 30 days of 35 without a pause, whatever the pauser does",
      ],
    ],
  },
];

/** Delay of a role in the real deployment, as it is told. */
export function delayOf(role: bigint): string {
  const { upgraderSeconds, managerSeconds } = DEFAULTS.delays;
  const seconds = new Map([
    [UPGRADER, upgraderSeconds],
    [MANAGER, managerSeconds],
    [GUARDIAN, 0n],
  ]).get(role);
  if (seconds === undefined || seconds % DAY !== 0n) throw new Error(`${roleName(role)}: has no delay of whole days`);
  if (seconds === 0n) return "none";
  return seconds === DAY ? "1 day" : `${seconds / DAY} days`;
}

const titleOf = (role: bigint): string => roleName(role).toUpperCase();

const key = (contract: string, name: string): string => `${contract}.${name}`;

/** Names of functions in rows of other kinds than roles, by contract; `*` is every contract that has it. */
function placedOf(surface: readonly Changing[]): string[] {
  const rights = RIGHTS.flatMap(({ functions }) => Object.entries(functions)).flatMap(([contract, names]) =>
    contract === "*"
      ? surface.filter(({ name }) => names.includes(name)).map((one) => key(one.contract, one.name))
      : names.map((name) => key(contract, name)),
  );
  const open = Object.entries(OPEN).flatMap(([contract, { own = [], anyone = [] }]) =>
    [...own, ...anyone].map((name) => key(contract, name)),
  );
  return [...rights, ...open];
}

/** Ways in which the rows are not those that the contracts and the deployment call for. */
export function rowProblems(surface: readonly Changing[]): string[] {
  const said = Object.entries(SAID).flatMap(([contract, functions]) =>
    Object.keys(functions).map((name) => key(contract, name)),
  );
  const placed = placedOf(surface);
  const restricted = surface.filter(({ role }) => role !== undefined).map(({ contract, name }) => key(contract, name));
  const others = surface.filter(({ role }) => role === undefined).map(({ contract, name }) => key(contract, name));
  const twice = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
  ];
  const where = "scripts/docs/audit/powers";
  return [
    ...restricted
      .filter((name) => !said.includes(name))
      .map((name) => `${name}: asks the AccessManager, and no row says its bound: add it under ${where}`),
    ...said
      .filter((name) => !restricted.includes(name))
      .map((name) => `${name}: has a row under ${where}, and is no function that asks the AccessManager`),
    ...others
      .filter((name) => !placed.includes(name))
      .map((name) => `${name}: changes state, and no row says who may call it: add it to ${where}/rights.ts`),
    ...placed
      .filter((name) => !others.includes(name))
      .map((name) => `${name}: has a row in ${where}/rights.ts, and is no function that anyone but a role may call`),
    ...twice([...restricted, ...others]).map((name) => `${name}: is overloaded; rows are by name: give it another`),
    ...twice(placed).map((name) => `${name}: has two rows in ${where}/rights.ts`),
  ];
}

/** Proofs of all rows. */
function allProofs(): Proof[] {
  return [
    ...ROLES.flatMap(({ proofs }) => proofs),
    ...Object.values(SAID).flatMap((functions) => Object.values(functions).flatMap(({ proofs }) => proofs)),
    ...RIGHTS.flatMap(({ proofs }) => proofs),
    ...LIMITS.flatMap(({ proofs }) => proofs),
  ];
}

function roleTable(surface: readonly Changing[], contracts: readonly string[]): string[] {
  const order = [UPGRADER, MANAGER, GUARDIAN];
  const rows = surface
    .flatMap((one) => (one.role === undefined || !contracts.includes(one.contract) ? [] : [{ ...one, role: one.role }]))
    .sort(
      (a, b) =>
        order.indexOf(a.role) - order.indexOf(b.role) || contracts.indexOf(a.contract) - contracts.indexOf(b.contract),
    )
    .map(({ contract, name, selector, role }) => {
      const { bound = "", proofs = [] } = SAID[contract]?.[name] ?? {};
      return [titleOf(role), `\`${key(contract, name)}\``, `\`${selector}\``, delayOf(role), bound, proofCell(proofs)];
    });
  return table(["role", "function", "selector", "delay", "bound", "proven by"], rows);
}

function rightText({ may, functions }: Right): string {
  if (may !== undefined) return may;
  return Object.entries(functions)
    .flatMap(([contract, names]) =>
      names.map((name) => (contract === "*" ? `\`${name}\`` : `\`${key(contract, name)}\``)),
    )
    .join(", ");
}

const list = (names: readonly string[] = []): string => names.map((name) => `\`${name}\``).join(", ");

/**
 * The text of `audit/powers.md`. Fails with all that is wrong with the rows: functions without one, rows without a
 * function, tests that do not exist.
 */
export async function powersDocument(): Promise<string> {
  const surface = await changingFunctions();
  const problems = [...rowProblems(surface), ...(await missingProofs(allProofs()))];
  if (problems.length > 0) throw new Error(`The powers cannot be told:\n  ${problems.join("\n  ")}`);
  return [
    "# Powers",
    "",
    "Every function that changes state, of every contract that is deployed: who may call it, after which delay, within",
    "which bound, and the tests that prove it. Made by `npm run docs` from the ABIs, from what `deploy/access.ts` writes",
    "into the AccessManagers, and from the rows in `scripts/docs/audit/powers/`; `npm test` fails while it differs from",
    "them or from what a deployment answers.",
    "",
    "Roles are OpenZeppelin's AccessManager's, one on each chain, with the same roles and delays. A delay is the time",
    "between scheduling a call and executing it; a call that is not executed within a week after that expires. A scheduled",
    "call can be cancelled by who scheduled it and by the upgrader, and one of the manager by the guardian as well. Nobody",
    "holds a role by being a contract of this repository.",
    "",
    "## Roles",
    "",
    ...table(
      ["role", "may", "delay", "proven by"],
      ROLES.map(({ role, may, proofs }) => [titleOf(role), may, delayOf(role), proofCell(proofs)]),
    ),
    "",
    "## On Ethereum",
    "",
    ...roleTable(surface, Object.keys(ON_ETHEREUM)),
    "",
    "## On Polygon",
    "",
    ...roleTable(surface, Object.keys(ON_POLYGON)),
    "",
    "## In the AccessManager, on either chain",
    "",
    ...roleTable(surface, [ACCESS_MANAGER]),
    "",
    "## Rights without a role",
    "",
    ...table(
      ["who", "may", "anyone else", "bound", "proven by"],
      RIGHTS.map((right) => [
        right.who,
        rightText(right),
        right.refusal === undefined ? "" : `\`${right.refusal}\``,
        right.bound,
        proofCell(right.proofs),
      ]),
    ),
    "",
    "## What nobody can do",
    "",
    "Short of an upgrade, which waits 7 days. `AutoClaim`, `PoolLens`, `DeploymentFactory` and the adapters that others read",
    "the rate by cannot be upgraded at all.",
    "",
    ...table(
      ["nobody can", "because", "proven by"],
      LIMITS.map(({ cannot, because, proofs }) => [cannot, because, proofCell(proofs)]),
    ),
    "",
    "## Open to anyone",
    "",
    "For what is the caller's own, or was allowed to it by its holder; and upkeep, which moves what is all holders'.",
    "",
    ...table(
      ["contract", "for one's own", "upkeep"],
      Object.entries(OPEN).map(([contract, { own, anyone }]) => [`\`${contract}\``, list(own), list(anyone)]),
    ),
    "",
  ].join("\n");
}
