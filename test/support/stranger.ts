import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { ROOT } from "../../scripts/lib/files";

const execute = promisify(execFile);

/** What a stranger adds to the package. */
const OTHERS = ["ethers", "typescript", "@openzeppelin/contracts"] as const;
const PACKAGE = "@ankr/ankrmatic";

interface LockEntry {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The parts of a manifest that the tests look at. */
export interface Manifest extends LockEntry {
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What `npm pack` made. */
export interface Tarball {
  readonly file: string;
  /** Paths of what is in it. */
  readonly contents: readonly string[];
}

/** A project that was empty, with the package installed. */
export interface Stranger {
  readonly folder: string;
  readonly tarball: Tarball;
  /** Writes a file of the project. */
  write(name: string, text: string): Promise<void>;
  /** Reads a file of the installed package. */
  read(name: string): Promise<string>;
  /** Compiles all TypeScript of the project, strictly, libraries too; what the compiler says, nothing if all is well. */
  compile(): Promise<string>;
  /** Runs a compiled program; what it prints. */
  run(program: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Runs a program as a stranger would: without the settings of this run. */
async function call(program: string, args: readonly string[], cwd: string): Promise<string> {
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_loglevel: "error" };
  const { stdout } = await execute(program, args, { cwd, env: environment, maxBuffer: 2 ** 26 });
  return stdout;
}

/** `npm pack` of this repository into a folder. */
async function pack(folder: string): Promise<Tarball> {
  const printed = await call("npm", ["pack", "--json", "--pack-destination", folder], ROOT);
  const [packed] = JSON.parse(printed) as [{ filename: string; files: { path: string }[] }];
  return { file: path.join(folder, packed.filename), contents: packed.files.map(({ path: name }) => name) };
}

/** A lock file with the versions that this repository has, so that npm need not ask for others. */
async function lockOf(tarball: Tarball, dependencies: Readonly<Record<string, string>>): Promise<object> {
  const ours = JSON.parse(await readFile(path.join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockEntry & { dev?: boolean; peer?: boolean }>;
  };
  const {
    version,
    dependencies: needed = {},
    peerDependencies,
    peerDependenciesMeta,
  } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as Manifest & {
    peerDependencies: object;
    peerDependenciesMeta: object;
  };
  const packages: Record<string, object> = {
    "": { name: "stranger", version: "1.0.0", dependencies },
    [`node_modules/${PACKAGE}`]: {
      ...{ version, resolved: `file:${tarball.file}`, dependencies: needed },
      ...{ peerDependencies, peerDependenciesMeta },
    },
  };
  const queue = [...OTHERS, ...Object.keys(needed)].map((name) => ({ name, from: "" }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { name, from } = next;
    const key = [`${from}/node_modules/${name}`, `node_modules/${name}`].find((place) => place in ours.packages);
    const entry = key === undefined ? undefined : ours.packages[key];
    if (key === undefined || entry === undefined)
      throw new Error(`${name} is not in package-lock.json: run npm install`);
    if (key in packages) continue;
    packages[key] = { ...entry, dev: undefined, peer: undefined };
    queue.push(...Object.keys(entry.dependencies ?? {}).map((dependency) => ({ name: dependency, from: key })));
  }
  return { name: "stranger", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
}

/** Packs the repository and installs the package in an empty project. */
export async function openStranger(): Promise<Stranger> {
  const scratch = await mkdtemp(path.join(tmpdir(), "stranger-"));
  const folder = path.join(scratch, "project");
  await mkdir(folder);
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  };
  const tarball = await pack(scratch);
  const { packages } = JSON.parse(await readFile(path.join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockEntry>;
  };
  const versions = OTHERS.map((name) => [name, packages[`node_modules/${name}`]?.version ?? ""] as const);
  const dependencies = { [PACKAGE]: `file:${tarball.file}`, ...Object.fromEntries(versions) };
  await write("package.json", JSON.stringify({ name: "stranger", version: "1.0.0", dependencies }));
  await write("package-lock.json", JSON.stringify(await lockOf(tarball, dependencies)));
  await write(
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: {
        ...{ strict: true, skipLibCheck: false, noEmitOnError: true, types: [], target: "ES2022", module: "NodeNext" },
        ...{ resolveJsonModule: true, esModuleInterop: true, rootDir: "src", outDir: "out" },
      },
      include: ["src"],
    }),
  );
  await call("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  return {
    folder,
    tarball,
    write,
    read: async (name) => readFile(path.join(folder, "node_modules", PACKAGE, name), "utf8"),
    compile: async () =>
      call(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], folder).catch((error: unknown) =>
        String((error as { stdout?: string }).stdout ?? error),
      ),
    run: async (program, ...args) => call(process.execPath, [path.join("out", program), ...args], folder),
    remove: async () => rm(scratch, { recursive: true }),
  };
}
