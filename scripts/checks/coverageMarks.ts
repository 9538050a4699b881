// Loaded before Hardhat where coverage is measured. solidity-coverage finds out what ran by looking at each step of the
// machine in JavaScript; here its marks are calls to an address that EDR, Hardhat's own machine, watches for coverage.
// Both packages are pinned: what is replaced of them is not a part that they promise to keep.
import { createRequire } from "node:module";

import { EdrContext } from "@nomicfoundation/edr";
import type { ProviderConfig } from "@nomicfoundation/edr";

/** Where EDR looks for marks, for the coverage of Hardhat 3. */
const WATCHED = "0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE";

/** What of solidity-coverage is used; it has no types. */
interface Injector {
  _getDefaultMethodIdentifier(id: string): string;
  _getTrueMethodIdentifier(id: string): string;
  _getFalseMethodIdentifier(id: string): string;
}
type Marks = Readonly<Record<string, { hits: number } | undefined>>;
interface Api {
  readonly instrumenter: { readonly instrumentationData: Marks };
}
type Methods<T> = Record<string, (this: T, id: string) => unknown>;
const load = createRequire(__filename);
const injector = (load("solidity-coverage/lib/injector") as { prototype: Methods<Injector> }).prototype;
const api = (load("solidity-coverage/lib/api") as { prototype: Methods<Api> }).prototype;

/** A function that marks, though it is pure for the compiler: what it is called from may be pure. */
function marking(name: string, visibility: string, result?: boolean): string {
  const [returns, end] = result === undefined ? ["", ""] : [" returns (bool)", ` return ${result};`];
  return `
function ${name}(bytes8 mark) ${visibility} pure${returns} { ${name}_pure(${name}_mark)(mark);${end} }
function ${name}_mark(bytes8 mark) ${visibility} view {
  assembly ("memory-safe") { mstore(0, mark) pop(staticcall(gas(), ${WATCHED}, 0, 32, 0, 0)) }
}
function ${name}_pure(function(bytes8) internal view from) ${visibility} pure
  returns (function(bytes8) internal pure to) { assembly ("memory-safe") { to := from } }
`;
}

// Functions in a contract have a visibility, those of a file have none.
for (const [hash, yes, no, visibility] of [
  ["_getDefaultMethodDefinition", "_getTrueMethodDefinition", "_getFalseMethodDefinition", "internal"],
  [
    "_getFileScopedHashMethodDefinition",
    "_getFileScopeTrueMethodDefinition",
    "_getFileScopedFalseMethodDefinition",
    "",
  ],
] as const) {
  injector[hash] = function (id) {
    return marking(this._getDefaultMethodIdentifier(id), visibility);
  };
  injector[yes] = function (id) {
    return marking(this._getTrueMethodIdentifier(id), visibility, true);
  };
  injector[no] = function (id) {
    return marking(this._getFalseMethodIdentifier(id), visibility, false);
  };
}

let marks: Marks = {};
api.attachToHardhatVM = function () {
  marks = this.instrumenter.instrumentationData;
  return Promise.resolve();
};

/** Each mark that a transaction or a call came to is told once for it. */
function onCollectedCoverageCallback(hits: readonly Uint8Array[]): Promise<void> {
  for (const hit of hits) {
    const mark = marks[`0x${Buffer.from(hit.subarray(0, 8)).toString("hex")}`];
    if (mark !== undefined) mark.hits += 1;
  }
  return Promise.resolve();
}

type Creator = EdrContext["createProvider"];
const create: Creator = Reflect.get<EdrContext, "createProvider">(EdrContext.prototype, "createProvider");
EdrContext.prototype.createProvider = function (...[chain, config, ...rest]: Parameters<Creator>) {
  const watching: ProviderConfig = { ...config, observability: { codeCoverage: { onCollectedCoverageCallback } } };
  return create.call(this, chain, watching, ...rest);
};
