import { at, importsOf, loadSources, type Source } from "./solidity";

/** A folder of `contracts/` and what its files may import, as patterns of source names. */
interface Room {
  readonly folder: string;
  readonly mayImport: readonly RegExp[];
}

const OZ = /^@openzeppelin\/contracts(-upgradeable)?\//;
const OZ_MATH = /^@openzeppelin\/contracts\/utils\/math\//;
const OZ_STRUCTS = /^@openzeppelin\/contracts\/utils\/(structs|math)\//;
const OZ_LIMITS = /^@openzeppelin\/contracts\/utils\/RateLimiter\.sol$/;
const OZ_INTERFACES = /^@openzeppelin\/contracts\/(.*\/)?I[A-Z][A-Za-z0-9]*\.sol$/;
const MATH = /^contracts\/shared\/math\//;
const SHARED = /^contracts\/shared\//;
const INTERFACES = /^contracts\/interfaces\//;
const OWN_INTERFACES = /^contracts\/interfaces\/(?!external\/)/;
const MESSAGES = /^contracts\/shared\/messages\//;
const EXTERNAL = /^contracts\/interfaces\/external\//;
const FX_PORTAL_LIBRARIES = /^@maticnetwork\/fx-portal\/contracts\/lib\//;
const FX_PORTAL = /^@maticnetwork\/fx-portal\/contracts\/(lib\/|Fx(Root|Child)\.sol$)/;

/**
 * Rooms are trust boundaries: a room never imports another room's contract, only its interface, and what is not listed
 * here is not allowed. A file may always import from its own room.
 */
export const ROOMS: readonly Room[] = [
  { folder: "contracts/shared/math/", mayImport: [OZ_MATH] },
  { folder: "contracts/shared/state/", mayImport: [MATH, OZ_STRUCTS, OZ_LIMITS] },
  { folder: "contracts/shared/messages/", mayImport: [] },
  { folder: "contracts/shared/base/", mayImport: [OZ, OWN_INTERFACES, /^contracts\/shared\/access\//] },
  { folder: "contracts/shared/access/", mayImport: [OZ, OWN_INTERFACES] },
  { folder: "contracts/interfaces/", mayImport: [OZ_INTERFACES, MESSAGES, /^contracts\/shared\/access\//] },
  { folder: "contracts/ethereum/token/", mayImport: [OZ, OWN_INTERFACES, /^contracts\/shared\/(base|access)\//] },
  { folder: "contracts/ethereum/pool/", mayImport: [OZ, SHARED, OWN_INTERFACES] },
  { folder: "contracts/ethereum/delegator/", mayImport: [OZ, SHARED, INTERFACES] },
  { folder: "contracts/ethereum/claims/", mayImport: [OWN_INTERFACES] },
  {
    folder: "contracts/ethereum/legacy/",
    mayImport: [OZ, OWN_INTERFACES, /^contracts\/shared\/(base|access|math|state)\//],
  },
  { folder: "contracts/polygon/token/", mayImport: [OZ, OWN_INTERFACES, /^contracts\/shared\/(base|state)\//] },
  { folder: "contracts/polygon/swap/", mayImport: [OZ, SHARED, INTERFACES] },
  { folder: "contracts/polygon/bridge/", mayImport: [OZ, SHARED, OWN_INTERFACES] },
  { folder: "contracts/ethereum/bridge/", mayImport: [OZ, SHARED, INTERFACES, FX_PORTAL_LIBRARIES] },
  { folder: "contracts/adapters/", mayImport: [OWN_INTERFACES, MATH, OZ_MATH] },
  { folder: "contracts/local/", mayImport: [OZ, EXTERNAL, FX_PORTAL] },
];

/** Every import that crosses a boundary, and every file that is in no room. */
export function importProblems(sources: readonly Source[], rooms: readonly Room[] = ROOMS): string[] {
  return sources.flatMap((source) => {
    const room = rooms.find(({ folder }) => source.name.startsWith(folder));
    if (room === undefined) return [`${source.name}: in no room; move it, or add a room to scripts/checks/imports.ts`];
    return importsOf(source)
      .filter(({ target }) => !target.startsWith(room.folder) && !room.mayImport.some((door) => door.test(target)))
      .map(({ target, node }) => `${at(source, node)}: ${room.folder} must not import ${target}`);
  });
}

/** Rooms and doors of `contracts/`. */
export async function checkImports(): Promise<string[]> {
  return importProblems(await loadSources("contracts"));
}
