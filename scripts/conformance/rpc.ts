/** The two calls of an EIP-1193 provider that the replayer needs. */
export interface Rpc {
  /** Sends a request and returns its result. */
  send(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Makes an `eth_call`, and tells a revert from a failure of the request itself. */
  simulate(transaction: Transaction): Promise<{ readonly ok: boolean; readonly data: string }>;
}

export interface Transaction {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

interface Provider {
  request(request: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** Wraps a provider. */
export function rpcOf(provider: Provider): Rpc {
  const send = (method: string, params: readonly unknown[]): Promise<unknown> =>
    provider.request({ method, params: [...params] });
  const simulate = async (transaction: Transaction): Promise<{ ok: boolean; data: string }> => {
    try {
      return { ok: true, data: (await send("eth_call", [transaction, "latest"])) as string };
    } catch (error) {
      const data = revertDataOf(error);
      if (data === undefined) throw error;
      return { ok: false, data };
    }
  };
  return { send, simulate };
}

/** Return data of a reverted call; undefined if the error is of another kind. */
function revertDataOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("data" in error)) return undefined;
  const { data } = error;
  if (typeof data === "string") return data;
  if (typeof data === "object" && data !== null && "data" in data && typeof data.data === "string") return data.data;
  return undefined;
}
