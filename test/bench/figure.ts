/** What a figure found. A ratio is `value` against the `baseline` that was measured in the same run. */
export interface Measurement {
  readonly value: number;
  /** What the value is compared with, in the unit of `baselineUnit`; null when it stands for itself. */
  readonly baseline: number | null;
  /** How many times the subject was measured. */
  readonly runs: number;
}

export interface Figure {
  /** Stays for ever: results of different versions are compared by it. */
  readonly name: string;
  readonly unit: 'x' | 'ms' | 'MiB' | 's';
  /** Largest value that is good; null when it is only reported. */
  readonly target: number | null;
  /** What the baseline is, for the table. */
  readonly against: string;
  measure(): Promise<Measurement>;
}

const registered: Figure[] = [];

/** Adds a figure to the bench; called by each file in `figures/`. */
export function figure(one: Figure): void {
  if (registered.some(({ name }) => name === one.name)) throw new Error(`two figures are called ${one.name}`);
  registered.push(one);
}

export function figures(): readonly Figure[] {
  return registered;
}
