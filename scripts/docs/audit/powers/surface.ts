import { FunctionFragment, Interface } from "ethers";

import { UPGRADER, bridgePowers, polygonPowers, powers } from "../../../../deploy/access";
import { BRIDGE } from "../../../../deploy/bridge";
import { POLYGON_NAMES } from "../../../../deploy/polygon";
import { NAMES } from "../../../../deploy/system";
import { definitionOf, loadArtifacts, loadDeployables, nodesOf } from "../../../checks/build";
import type { Artifact, AstNode } from "../../../checks/build";

/** OpenZeppelin's contract that is deployed as it is, one on each chain. */
export const ACCESS_MANAGER = "AccessManager";

/** A function that may change state. */
export interface Changing {
  readonly contract: string;
  readonly name: string;
  readonly selector: string;
  /** The role that may call it, if it asks the AccessManager. */
  readonly role: bigint | undefined;
}

/** Modifiers that ask the AccessManager who may call: of what it governs, and its own. */
const ASKING: ReadonlySet<unknown> = new Set(["restricted", "onlyAuthorized"]);

/** Every function of every contract that is deployed which may change state. */
export async function changingFunctions(): Promise<Changing[]> {
  const manager = await loadArtifacts("@openzeppelin/contracts/access/manager");
  const artifacts = [
    ...manager.filter(({ contractName }) => contractName === ACCESS_MANAGER),
    ...(await loadDeployables()),
  ];
  const roles = wiring();
  return artifacts.flatMap((artifact) => {
    const contract = artifact.contractName;
    const asking = askingFunctions(artifact);
    return new Interface(artifact.abi).fragments
      .filter((fragment) => FunctionFragment.isFragment(fragment))
      .filter(({ constant }) => !constant)
      .map(({ name, selector }) => {
        // What the deployment gives to no role is the admin's: that is AccessManager's rule.
        const role = asking.has(name) ? (roles.get(`${contract} ${selector}`) ?? UPGRADER) : undefined;
        return { contract, name, selector, role };
      });
  });
}

/** The roles that the deployment gives, by contract and selector. */
function wiring(): Map<string, bigint> {
  const written = [
    ...powers().map((power) => ({ ...power, contract: NAMES[power.target] })),
    ...bridgePowers().map((power) => ({ ...power, contract: BRIDGE })),
    ...polygonPowers().map((power) => ({ ...power, contract: POLYGON_NAMES[power.target] })),
  ];
  return new Map(
    written.flatMap(({ contract, role, selectors }) => selectors.map((selector) => [`${contract} ${selector}`, role])),
  );
}

/** Names of a contract's functions, inherited ones included, that ask the AccessManager. */
function askingFunctions(artifact: Artifact): Set<string> {
  const lineage = new Set(definitionOf(artifact).linearizedBaseContracts as number[]);
  const functions = Object.values(artifact.build.output.sources)
    .flatMap(({ ast }) => ast.nodes as AstNode[])
    .filter((node) => node.nodeType === "ContractDefinition" && lineage.has(node.id))
    .flatMap((contract) => contract.nodes as AstNode[])
    .filter(({ nodeType, modifiers }) => nodeType === "FunctionDefinition" && [...nodesOf(modifiers)].some(asks));
  // Every upgrade goes through the one function that UUPS leaves to the contract.
  return new Set(functions.map(({ name }) => (name === "_authorizeUpgrade" ? "upgradeToAndCall" : String(name))));
}

function asks({ nodeType, name }: AstNode): boolean {
  return nodeType === "IdentifierPath" && ASKING.has(name);
}
