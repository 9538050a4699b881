import { network } from "hardhat";

import type { Figures, Watched } from "../../deploy/acceptance/ledgers";
import { FiguresReader__factory } from "../typechain-types";
import type { FiguresReader } from "../typechain-types";

// Made once: it is asked after every transaction, and to read an ABI takes longer than the call.
const factory = new FiguresReader__factory();
const reader = FiguresReader__factory.createInterface();

/** Addresses that do not change, kept for each system: asking for them again after every call would be half of the work. */
const addresses = new WeakMap<Watched["system"], FiguresReader.SystemStruct>();

/** The same as `readFigures`, in one call. */
export async function figuresAtOnce({ system, unsynced }: Watched): Promise<Figures> {
  const { data } = await factory.getDeployTransaction(await addressesOf(system), [...unsynced]);
  const answer: unknown = await network.provider.send("eth_call", [{ data }, "latest"]);
  const [figures] = reader.decodeFunctionResult("read", String(answer)) as unknown as [
    FiguresReader.FiguresStructOutput,
  ];
  return figures;
}

async function addressesOf(system: Watched["system"]): Promise<FiguresReader.SystemStruct> {
  const known = addresses.get(system);
  if (known !== undefined) return known;
  const { pool, delegator, lens, token, bond } = system;
  const found = { pool, delegator, lens, token, bond, pol: await pool.asset() };
  addresses.set(system, found);
  return found;
}
