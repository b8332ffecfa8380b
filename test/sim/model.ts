import { isDeepStrictEqual } from 'node:util';
import type { Entry } from '../../src/foreman/control.ts';
import { type RigState, type TownEvent, emptyRig, fold } from '../../src/town/state.ts';

/** A promise of the product that did not hold; `number` is the invariant's in product.md, 0 the liveness of the whole. */
export class Broken extends Error {
  readonly number: number;

  constructor(number: number, what: string) {
    super(`invariant ${String(number)}: ${what}`);
    this.name = 'Broken';
    this.number = number;
  }
}

interface Line {
  readonly at: number;
  readonly events: readonly TownEvent[];
  /** The state after it. */
  readonly state: RigState;
}

/** What one owner was given and added, whether it was acknowledged or not. */
export class Ownership {
  /** Grows with every owner that claims the rig; one that slept while it opened may come after its successor. */
  readonly epoch: number;
  readonly lines: Line[];
  acknowledged: number;

  constructor(epoch: number, lines: readonly Line[]) {
    this.epoch = epoch;
    this.lines = [...lines];
    this.acknowledged = lines.length;
  }

  get state(): RigState {
    return this.lines.at(-1)?.state ?? emptyRig;
  }
}

/**
 * What anybody was ever told, beside what owners tried to write: after every opening the store must hold all of the
 * first, then perhaps a beginning of the second, in order, and nothing else.
 */
export class Model {
  readonly #owners: Ownership[] = [];
  /** Numbers up to which something was acknowledged, by anybody. */
  #acknowledged = 0;

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The state as of the last acknowledged number. */
  get state(): RigState {
    const owner = this.#owners.findLast((one) => one.acknowledged >= this.#acknowledged);
    return owner?.lines[this.#acknowledged - 1]?.state ?? emptyRig;
  }

  /** Whether nobody has opened the rig after this one claimed it. */
  isNewest(owner: Ownership): boolean {
    return this.#owners.every((one) => one.epoch <= owner.epoch);
  }

  /** One that was overtaken while it opened may have read what is old by now: it is told nothing, and may say nothing. */
  opened(initial: RigState, seq: number, epoch: number): Ownership {
    if (this.#owners.some((one) => one.epoch === epoch))
      throw new Broken(5, `epoch ${String(epoch)} was given twice`);
    const overtaken = this.#owners.some((one) => one.epoch > epoch);
    if (seq < this.#acknowledged && !overtaken) {
      const lost = `${String(this.#acknowledged)} were acknowledged, and ${String(seq)} are there`;
      throw new Broken(4, `acknowledged transactions are lost: ${lost}`);
    }
    const history = this.#historyOf(initial, seq, overtaken);
    if (history === null)
      throw new Broken(4, `the state read back at ${String(seq)} is not what was written`);
    const owner = new Ownership(epoch, history);
    this.#owners.push(owner);
    return owner;
  }

  /** What an owner read is shown to people, and acted on. */
  shown(owner: Ownership): void {
    if (this.isNewest(owner)) this.#acknowledged = Math.max(this.#acknowledged, owner.acknowledged);
  }

  /** An owner hands a transaction to its store. */
  attempted(owner: Ownership, at: number, events: readonly TownEvent[]): void {
    owner.lines.push({ at, events, state: events.reduce(fold, owner.state) });
  }

  /** An owner says that a transaction is on disk. */
  told(owner: Ownership, entry: Entry): void {
    const line = owner.lines[entry.seq - 1];
    if (entry.seq !== owner.acknowledged + 1)
      throw new Broken(4, `number ${String(entry.seq)} was told after ${String(owner.acknowledged)}`);
    if (line === undefined || !isDeepStrictEqual(line.events, entry.events))
      throw new Broken(4, `number ${String(entry.seq)} was told with other events than were written`);
    if (!this.isNewest(owner))
      throw new Broken(
        5,
        `a former owner acknowledged number ${String(entry.seq)} after a later one had opened`,
      );
    owner.acknowledged = entry.seq;
    this.#acknowledged = Math.max(this.#acknowledged, entry.seq);
  }

  #historyOf(initial: RigState, seq: number, overtaken: boolean): readonly Line[] | null {
    if (this.#owners.length === 0) return seq === 0 && isDeepStrictEqual(initial, emptyRig) ? [] : null;
    for (const owner of this.#owners.toReversed()) {
      const lines = owner.lines.slice(0, seq);
      if (lines.length < seq || (!overtaken && !this.#isKept(owner))) continue;
      if (isDeepStrictEqual(lines.at(-1)?.state ?? emptyRig, initial)) return lines;
    }
    return null;
  }

  /** Whether everything acknowledged is also this owner's history. */
  #isKept(owner: Ownership): boolean {
    const known = this.#owners.findLast((one) => one.acknowledged >= this.#acknowledged);
    const last = known?.lines[this.#acknowledged - 1];
    return (
      known === owner || last === undefined || owner.lines[this.#acknowledged - 1]?.events === last.events
    );
  }
}
