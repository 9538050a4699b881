import { existsSync } from "node:fs";
import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { ROOT } from "../lib/files";

const MANIFEST = path.join(ROOT, "package.json");
/** Where the manifest of the repository waits while the package's is in its place. */
const KEPT = path.join(ROOT, "cache/package.json");

/** What is of use in the repository alone. */
const OURS = new Set(["devDependencies", "scripts", "allowScripts"]);

/** The manifest of the package: that of the repository without what is of use there alone. */
export function packedManifest(text: string): string {
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const packed = Object.fromEntries(Object.entries(manifest).filter(([key]) => !OURS.has(key)));
  return `${JSON.stringify(packed, null, 2)}\n`;
}

/** Puts the package's manifest in the place of the repository's: npm packs the one that is there. */
export async function swapManifest(): Promise<void> {
  // A run that was cut off has left the package's.
  await restoreManifest();
  await copyFile(MANIFEST, KEPT);
  await writeFile(MANIFEST, packedManifest(await readFile(MANIFEST, "utf8")));
}

/** Puts the repository's manifest back, if it is away. */
export async function restoreManifest(): Promise<void> {
  if (existsSync(KEPT)) await rename(KEPT, MANIFEST);
}
