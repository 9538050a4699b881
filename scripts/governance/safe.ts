import { writeFile, mkdir } from "node:fs/promises";
import path from "node:path";

import { keccak256, toUtf8Bytes } from "ethers";

/** A call that somebody is to send. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

/** A file that Safe's Transaction Builder loads. */
export interface Batch {
  readonly version: "1.0";
  readonly chainId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly meta: {
    readonly name: string;
    readonly description: string;
    readonly txBuilderVersion: string;
    readonly createdFromSafeAddress: string;
    readonly createdFromOwnerAddress: string;
    readonly checksum?: string;
  };
  readonly transactions: readonly {
    readonly to: string;
    readonly value: string;
    readonly data: string;
    readonly contractMethod: null;
    readonly contractInputsValues: null;
  }[];
}

/** What a batch is made of. */
export interface BatchPlan {
  readonly chainId: bigint;
  /** Seconds since 1970. */
  readonly time: bigint;
  readonly name: string;
  readonly description: string;
  /** Account that is to send it. */
  readonly safe: string;
  readonly calls: readonly Call[];
}

/** Version of the Transaction Builder whose files these are. */
const BUILDER = "1.18.0";

/** A batch for Safe's Transaction Builder, with its checksum. */
export function safeBatch({ chainId, time, name, description, safe, calls }: BatchPlan): Batch {
  const batch: Batch = {
    version: "1.0",
    chainId: chainId.toString(),
    createdAt: Number(time) * 1000,
    meta: {
      name,
      description,
      txBuilderVersion: BUILDER,
      createdFromSafeAddress: safe,
      createdFromOwnerAddress: "",
    },
    transactions: calls.map(({ to, data }) => ({
      to,
      value: "0",
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  };
  return { ...batch, meta: { ...batch.meta, checksum: checksumOf(batch) } };
}

/**
 * The checksum of the Transaction Builder (`src/lib/checksum.ts` of it): keccak256 of the file in a form of its own, in
 * which keys are sorted, the name of the batch is null and there is no checksum. A file without the right one is loaded with
 * a warning.
 */
export function checksumOf(batch: Batch): string {
  const meta = Object.fromEntries(Object.entries(batch.meta).filter(([key]) => key !== "checksum"));
  return keccak256(toUtf8Bytes(serialized({ ...batch, meta: { ...meta, name: null } })));
}

/** Writes a batch; returns where. */
export async function writeBatch(directory: string, name: string, plan: BatchPlan): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${name}.json`);
  await writeFile(file, `${JSON.stringify(safeBatch(plan), null, 2)}\n`);
  return file;
}

function serialized(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialized).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  const fields = keys.map((key) => `${serialized((value as Record<string, unknown>)[key])},`);
  return `{${JSON.stringify(keys)}${fields.join("")}}`;
}
