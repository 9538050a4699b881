import { DAY } from "./fixture";

/** A limit that refills over a day, by its rules: `used` wei of it, as of a time. */
export class Limit {
  private used = 0n;

  constructor(
    public most: bigint,
    private since: bigint,
  ) {}

  /** What can be taken at a time, which is not before the last one. */
  available(when: bigint): bigint {
    const back = ((when - this.since) * this.most) / DAY;
    return this.used > back ? this.most - this.used + back : this.most;
  }

  /** Takes an amount; nothing leaves it as it is. */
  take(amount: bigint, when: bigint): void {
    if (amount !== 0n) this.set(this.most, this.available(when) - amount, when);
  }

  /** Changes the limit: what is available is not more than before. */
  change(most: bigint, when: bigint): void {
    const free = this.available(when);
    this.set(most, free < most ? free : most, when);
  }

  private set(most: bigint, free: bigint, when: bigint): void {
    this.most = most;
    this.used = most - free;
    this.since = when;
  }
}
