import type { BaseContract, ContractTransactionResponse, Result } from "ethers";

/** An event as it was emitted: its name, and its arguments in order. */
export interface Emitted {
  readonly name: string;
  readonly args: Result;
}

/** Everything that one contract emitted in a transaction, in order. */
export async function eventsOf(
  contract: BaseContract,
  sent: Promise<ContractTransactionResponse> | ContractTransactionResponse,
): Promise<Emitted[]> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  const address = await contract.getAddress();
  return receipt.logs
    .filter((log) => log.address === address)
    .map((log) => contract.interface.parseLog(log))
    .filter((log) => log !== null)
    .map(({ name, args }) => ({ name, args }));
}

/** The arguments of all events of one name. */
export function named(events: readonly Emitted[], name: string): Result[] {
  return events.filter((event) => event.name === name).map(({ args }) => args);
}
