import type { Said } from "./said";

const POWERS = "integration/powers.test.ts";
const MATRIX = "unit/access/matrix.test.ts";

const ROLES: Said = {
  bound: "may lower delays and move powers; each change waits 7 days itself, and a new upgrader 7 days more",
  proofs: [
    [MATRIX, "roles, their members and their functions change only after the upgrader's seven days"],
    [POWERS, "waits seven days to give or take a role, and a new upgrader seven more"],
  ],
};

const NAMES: Said = {
  bound: "as `grantRole`",
  proofs: [["integration/powers-document.test.ts", "each function of the tables is its role's, after its delay"]],
};

/** What the AccessManager's admin may do with it, on either chain. */
export const ON_MANAGER: Readonly<Record<string, Said>> = {
  grantRole: ROLES,
  revokeRole: ROLES,
  setGrantDelay: ROLES,
  setRoleGuardian: {
    bound: "as `grantRole`; not of the admin role, which AccessManager locks: nobody else can cancel an upgrade",
    proofs: [
      [POWERS, "does not cancel what the upgrader scheduled, and cannot be made to: the admin role is locked"],
      [MATRIX, "roles, their members and their functions change only after the upgrader's seven days"],
    ],
  },
  setRoleAdmin: NAMES,
  labelRole: NAMES,
  setTargetAdminDelay: ROLES,
  setTargetFunctionRole: ROLES,
  setTargetClosed: {
    bound: "stops the functions of these tables alone: no function of users or upkeep asks the manager",
    proofs: [
      [POWERS, "A88: stops no user and no upkeep by closing every contract"],
      [
        POWERS,
        "the upgrader stops no holder by closing every contract: moving, switching, unstaking and claiming go on",
      ],
    ],
  },
  updateAuthority: {
    bound: "none: it names another manager",
    proofs: [
      [POWERS, "waits seven days to name another authority"],
      ["behaviors/UUPS.behavior.ts", "is under the manager's authority, which it alone can change"],
    ],
  },
};
