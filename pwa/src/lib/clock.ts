/** Server time minus the phone's. A message can only arrive late, so of the recent samples the
 *  largest difference is the best; a jump (the phone's clock was set) starts afresh. */
export class ServerClock {
  private samples: number[] = [];

  constructor(
    private readonly phone: () => number = Date.now,
    private readonly keep = 20,
    private readonly jump = 60_000,
  ) {}

  /** Learn from a server time (ISO 8601) that arrived just now. */
  hear(iso: string): void {
    const sample = Date.parse(iso) - this.phone();
    if (Number.isNaN(sample)) return;
    if (Math.abs(sample - this.offset) > this.jump) this.samples = [];
    this.samples.push(sample);
    if (this.samples.length > this.keep) this.samples.shift();
  }

  /** Whether the server's time is known. */
  get isSet(): boolean {
    return this.samples.length > 0;
  }

  get offset(): number {
    return this.samples.length ? Math.max(...this.samples) : 0;
  }

  /** Server time now, in ms. */
  now(): number {
    return this.phone() + this.offset;
  }
}

/** The clock of this page, set by the time the page was made. */
export const clock = new ServerClock();
