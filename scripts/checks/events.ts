import { definitionOf, loadDeployables, nodesOf, type Artifact, type AstNode } from "./build";

const OWN_INTERFACES = /^contracts\/interfaces\/(?!external\/)/;

/** Functions and modifiers of a compiler run, by their id in the syntax tree, and those that our interfaces declare. */
interface Functions {
  readonly bodies: ReadonlyMap<number, AstNode>;
  readonly doors: ReadonlySet<number>;
}

function functionsOf({ build }: Artifact): Functions {
  const bodies = new Map<number, AstNode>();
  const doors = new Set<number>();
  for (const [sourceName, { ast }] of Object.entries(build.output.sources)) {
    for (const node of nodesOf(ast.nodes)) {
      if (node.nodeType !== "FunctionDefinition" && node.nodeType !== "ModifierDefinition") continue;
      bodies.set(node.id, node);
      if (OWN_INTERFACES.test(sourceName) && mayChangeState(node)) doors.add(node.id);
    }
  }
  return { bodies, doors };
}

function mayChangeState({ stateMutability }: AstNode): boolean {
  return stateMutability !== "view" && stateMutability !== "pure";
}

/**
 * Whether an `emit` can be reached from `start` through functions and modifiers of the same contract, or a call of
 * another contract of ours, which is held to the same.
 */
function emits(start: AstNode, { bodies, doors }: Functions): boolean {
  const seen = new Set<number>();
  const open = [start];
  for (let body = open.pop(); body !== undefined; body = open.pop()) {
    if (seen.has(body.id)) continue;
    seen.add(body.id);
    for (const node of nodesOf([body.body, body.modifiers])) {
      if (node.nodeType === "EmitStatement") return true;
      const target = Number(node.referencedDeclaration);
      if (doors.has(target)) return true;
      const callee = bodies.get(target);
      if (callee !== undefined) open.push(callee);
    }
  }
  return false;
}

function changesState(node: AstNode): boolean {
  const { visibility, kind, implemented } = node;
  const callable = visibility === "external" || visibility === "public";
  return (
    node.nodeType === "FunctionDefinition" &&
    callable &&
    implemented === true &&
    kind === "function" &&
    mayChangeState(node)
  );
}

/** Functions of a contract and its own bases that change state, or could, without a trace in the logs. */
function silentFunctions(artifact: Artifact): string[] {
  const functions = functionsOf(artifact);
  const lineage = new Set(definitionOf(artifact).linearizedBaseContracts as number[]);
  return Object.entries(artifact.build.output.sources)
    .filter(([sourceName]) => sourceName.startsWith("contracts/"))
    .flatMap(([sourceName, { ast }]) =>
      [...nodesOf(ast.nodes)]
        .filter((node) => node.nodeType === "ContractDefinition" && lineage.has(node.id))
        .flatMap((contract) => (contract.nodes as AstNode[]).filter(changesState))
        .filter((node) => !emits(node, functions))
        .map((node) => `${sourceName}: ${String(node.name)} emits no event`),
    );
}

/** Every function that changes state leaves an event. */
export async function checkEvents(): Promise<string[]> {
  return [...new Set((await loadDeployables()).flatMap(silentFunctions))];
}
