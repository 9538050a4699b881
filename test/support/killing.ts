import { AbstractSigner } from "ethers";
import type {
  Provider,
  Signer,
  TransactionRequest,
  TransactionResponse,
  TypedDataDomain,
  TypedDataField,
} from "ethers";

/** When a run is cut off, with the transaction that its patience ends at. */
export type Cut = "before it is sent" | "after it is mined, unseen";

/** What stands for a process that was killed. */
export class Killed extends Error {}

/** A signer whose process is killed at a transaction. */
export class KillingSigner extends AbstractSigner {
  private sent = 0;

  constructor(
    private readonly inner: Signer,
    private readonly patience: number,
    private readonly cut: Cut,
  ) {
    super(inner.provider);
  }

  override connect(provider: Provider | null): Signer {
    return new KillingSigner(this.inner.connect(provider), this.patience, this.cut);
  }

  override async getAddress(): Promise<string> {
    return this.inner.getAddress();
  }

  override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    const isLast = this.sent === this.patience;
    this.sent += 1;
    if (isLast && this.cut === "before it is sent") throw new Killed("killed before a transaction");
    const response = await this.inner.sendTransaction(transaction);
    if (isLast) {
      await response.wait();
      throw new Killed("killed after a transaction");
    }
    return response;
  }

  override async signTransaction(transaction: TransactionRequest): Promise<string> {
    return this.inner.signTransaction(transaction);
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    return this.inner.signMessage(message);
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.inner.signTypedData(domain, types, value);
  }
}
