import { readdir } from "node:fs/promises";
import path from "node:path";

/** Absolute path of the repository. */
export const ROOT = path.resolve(__dirname, "../..");

/** Files under `directory`, at any depth, whose path ends in `suffix`; none when the directory does not exist. */
export async function filesUnder(directory: string, suffix: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
