import { readFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { loadDeployables } from "../../checks/build";
import type { AstNode } from "../../checks/build";
import { ROOT } from "../../lib/files";

import { REACHES, SAID } from "./dependencies/said";
import type { Dependency } from "./dependencies/said";
import { table } from "./markdown";

const versions = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({ dependencies: versions, devDependencies: versions, peerDependencies: versions });
const installedSchema = z.object({ version: z.string(), license: z.string() });
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      inBundle: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** What package.json asks for. */
export type Manifest = z.output<typeof manifestSchema>;

async function read<T extends z.ZodType>(schema: T, ...file: string[]): Promise<z.output<T>> {
  return schema.parse(JSON.parse(await readFile(path.join(ROOT, ...file), "utf8")));
}

/** Names of what a manifest depends on directly. */
function directOf({ dependencies, devDependencies, peerDependencies }: Manifest): string[] {
  return [...new Set([dependencies, devDependencies, peerDependencies].flatMap((part) => Object.keys(part)))];
}

/** Dependencies without a row, rows without a dependency, versions that are not exact. */
export function dependencyProblems(manifest: Manifest, said: Readonly<Record<string, Dependency>>): string[] {
  const direct = directOf(manifest);
  const where = "scripts/docs/audit/dependencies/said.ts";
  return [
    ...direct
      .filter((name) => said[name] === undefined)
      .map((name) => `${name}: is a dependency, and no row says what it is trusted with: add it to ${where}`),
    ...Object.keys(said)
      .filter((name) => !direct.includes(name))
      .map((name) => `${name}: has a row in ${where}, and is no dependency`),
    ...Object.entries(manifest.devDependencies)
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name}: ${version} is not exact: pin it in package.json`),
  ];
}

/** The version that is installed, and what integrators' installations may take instead. */
function versionCell(version: string, { dependencies, peerDependencies }: Manifest, name: string): string {
  const range = dependencies[name] ?? peerDependencies[name];
  return range === undefined ? version : `${version}; with the package ${range}`;
}

/** Files of packages that our contracts import, by package. */
async function importedSolidity(): Promise<[string, string[]][]> {
  const ours = /^contracts\/(?!local\/)/;
  const builds = new Set((await loadDeployables()).map(({ build }) => build));
  const units = [...builds].flatMap(({ output }) => Object.entries(output.sources));
  const imports = units
    .filter(([file]) => ours.test(file))
    .flatMap(([, { ast }]) => (ast.nodes as AstNode[]).filter(({ nodeType }) => nodeType === "ImportDirective"))
    .map(({ absolutePath }) => String(absolutePath));
  return Object.keys(SAID)
    .map((name): [string, string[]] => {
      const files = new Set(imports.filter((file) => file.startsWith(`${name}/`)));
      return [name, [...files].map((file) => file.slice(name.length + 1)).sort()];
    })
    .filter(([, files]) => files.length > 0);
}

/** The text of `audit/dependencies.md`. Fails if a dependency has no row, or a row no dependency. */
export async function dependenciesDocument(): Promise<string> {
  const manifest = await read(manifestSchema, "package.json");
  const problems = dependencyProblems(manifest, SAID);
  if (problems.length > 0) throw new Error(`The dependencies cannot be told:\n  ${problems.join("\n  ")}`);
  const { packages } = await read(lockSchema, "package-lock.json");
  const locked = Object.entries(packages).filter(([place]) => place !== "");
  const unhashed = locked.filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true);
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const rows = await Promise.all(
    Object.entries(SAID).map(async ([name, { reach, use }]) => {
      const { version, license } = await read(installedSchema, "node_modules", name, "package.json");
      return { reach, cells: [`\`${name}\``, versionCell(version, manifest, name), license, use] };
    }),
  );
  const solidity = await importedSolidity();
  const named = (places: typeof locked): string =>
    places.map(([place]) => `\`${place.replace(/^.*node_modules\//, "")}\``).join(", ") || "none";
  return [
    "# Dependencies",
    "",
    "Every direct dependency, what it is for, and how far it is trusted. Made by `npm run docs` from `package.json`, the lock",
    "file, the licences in `node_modules`, and `scripts/docs/audit/dependencies/said.ts`; a dependency without a row fails.",
    "",
    "## Pins",
    "",
    "`package.json` names exact versions, and ranges for what integrators install beside the package. `package-lock.json` pins",
    "what those depend on in turn, and `npm ci` takes nothing else.",
    "",
    ...table(
      ["of the lock file", ""],
      [
        ["packages", `${locked.length}`],
        ["without a hash", named(unhashed)],
        ["with scripts at installation, which `allowScripts` in `package.json` refuses", named(scripted)],
      ],
    ),
    "",
    "Nothing is downloaded but npm packages: the compiler is the package `solc`, Foundry's programs are packages as well.",
    "",
    "## Known advisories",
    "",
    "None was looked up: the registry that this was made with answers `npm audit` with 405 Method Not Allowed. With npm's own,",
    "`npm audit` asks for all of them and `npm audit --omit=dev` for those that integrators get.",
    "",
    ...Object.entries(REACHES).flatMap(([kind, reaches]) => [
      `## Reaches ${reaches}`,
      "",
      ...table(
        ["package", "version", "licence", "what for"],
        rows.filter(({ reach }) => reach === kind).map(({ cells }) => cells),
      ),
      "",
    ]),
    "## Solidity that is imported",
    "",
    "By `contracts/` without `local/`; what these import in turn is in the compiler's output.",
    "",
    ...table(
      ["package", "files"],
      solidity.map(([name, files]) => [`\`${name}\``, files.map((file) => `\`${file}\``).join(", ")]),
    ),
    "",
  ].join("\n");
}
