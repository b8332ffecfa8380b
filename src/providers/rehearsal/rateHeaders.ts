/** A minute's allowance of a generous account; the rehearsal is never refused by it, only seen to count. */
const allowance = { requests: 1000, 'input-tokens': 2_000_000, 'output-tokens': 400_000 };
type Bucket = keyof typeof allowance;
export type Spent = Readonly<Record<Bucket, number>>;

/** Counts what was spent in the running minute and says so as the vendor would. */
export class RateHeaders {
  #minute = 0;
  #spent: Spent = { requests: 0, 'input-tokens': 0, 'output-tokens': 0 };

  after(spent: Spent, now: number): Readonly<Record<string, string>> {
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) this.#spent = { requests: 0, 'input-tokens': 0, 'output-tokens': 0 };
    this.#minute = minute;
    const reset = new Date((minute + 1) * 60_000).toISOString().replace('.000', '');
    const headers: Record<string, string> = {};
    for (const bucket of Object.keys(allowance) as Bucket[]) {
      this.#spent = { ...this.#spent, [bucket]: this.#spent[bucket] + spent[bucket] };
      const name = `anthropic-ratelimit-${bucket}`;
      headers[`${name}-limit`] = String(allowance[bucket]);
      headers[`${name}-remaining`] = String(Math.max(0, allowance[bucket] - this.#spent[bucket]));
      headers[`${name}-reset`] = reset;
    }
    return headers;
  }
}
