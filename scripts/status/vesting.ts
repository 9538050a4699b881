import { readFile } from "node:fs/promises";
import path from "node:path";

import { dataSlice, toBeHex } from "ethers";
import type { Provider } from "ethers";
import { z } from "zod";

import { erc7201Slot } from "../lib/erc7201";
import { ROOT } from "../lib/files";

const NAMESPACE = "ankrmatic.storage.PoolLedger";
const FIELD = "vestedAt";
const BYTES = 4;
const WORD = 32;

/** What of a snapshot of the storage layout says where the field is. */
const layoutSchema = z.object({
  namespaces: z.record(
    z.string(),
    z.array(z.object({ label: z.string(), type: z.string(), offset: z.number(), slot: z.string() })),
  ),
});

/**
 * The first second at which nothing of the rewards is unvested: no view has it, so that it is read where the pool keeps it,
 * by the committed snapshot of its storage layout.
 */
export async function vestedAtOf(provider: Provider, pool: string, blockTag: number): Promise<bigint> {
  const snapshot = path.join(ROOT, "audit/layouts/PolygonPool.json");
  const { namespaces } = layoutSchema.parse(JSON.parse(await readFile(snapshot, "utf8")));
  const field = namespaces[`erc7201:${NAMESPACE}`]?.find(({ label }) => label === FIELD);
  if (field?.type !== "t_uint32") throw new Error(`${snapshot} has no ${FIELD}: run npm run layout`);
  const slot = toBeHex(BigInt(erc7201Slot(NAMESPACE)) + BigInt(field.slot), WORD);
  const word = await provider.getStorage(pool, slot, blockTag);
  // Fields fill a word from its end.
  return BigInt(dataSlice(word, WORD - field.offset - BYTES, WORD - field.offset));
}
