import { Folded, type NounTables } from '../../src/store/folded.ts';
import type { OpenTables, Tables } from '../../src/store/tables.ts';
import { countByStatus, selectBeads } from '../../src/town/query.ts';
import type { RigState } from '../../src/town/state.ts';
import { type NounName, type Nouns, type Rest, nounNames } from '../../src/town/window.ts';

type Lists = { readonly [N in NounName]: readonly Nouns[N][] };
type Content = Lists & { readonly seq: number; readonly rest: Rest };

/** Tables without a database, for the seeds that do not try sql.js: the same promises at a hundredth of the cost. */
export const openMemoryTables: OpenTables = (bytes) => Promise.resolve(new MemoryTables(bytes));

class MemoryTables implements Tables {
  readonly #read: Content | null;
  #nouns: NounTables = new Folded().tables;
  #rest: Rest | null = null;

  constructor(bytes: Uint8Array | null) {
    this.#read = bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Content);
    if (this.#read === null) return;
    this.#rest = this.#read.rest;
    for (const name of nounNames) for (const noun of this.#read[name]) this.#table(name).set(noun.id, noun);
  }

  load(): ReturnType<Tables['load']> {
    const folded = new Folded();
    if (this.#read === null) return { folded, seq: 0 };
    folded.restore(this.#read.rest, this.#read);
    return { folded, seq: this.#read.seq };
  }

  apply(changes: Parameters<Tables['apply']>[0], folded: Folded): void {
    this.#rest = folded.rest;
    for (const name of nounNames) {
      for (const id of changes.removed[name]) this.#table(name).delete(id);
      for (const id of changes.nouns[name].keys()) {
        const noun = folded.tables[name].get(id);
        if (noun === undefined) this.#table(name).delete(id);
        else this.#table(name).set(id, noun);
      }
    }
  }

  rebuild(folded: Folded): void {
    this.#nouns = new Folded().tables;
    this.apply(folded.everything(), folded);
  }

  disagreeing(folded: Folded): readonly string[] {
    return nounNames.filter((name) => print(this.#table(name)) !== print(folded.tables[name]));
  }

  checksums(): Readonly<Record<string, number>> {
    return {};
  }

  export(seq: number): Uint8Array {
    const nouns = Object.fromEntries(nounNames.map((name) => [name, [...this.#table(name).values()]]));
    return Buffer.from(JSON.stringify({ seq, rest: this.#rest, ...nouns }));
  }

  readonly queries: Tables['queries'] = {
    beads: (filter) => selectBeads(this.#state(), filter),
    bead: (id) => this.#nouns.beads.get(id) ?? null,
    countByStatus: () => countByStatus(this.#state()),
  };

  close(): void {
    this.#nouns = new Folded().tables;
  }

  #state(): RigState {
    const folded = new Folded();
    if (this.#rest === null) return folded.state();
    const all = <N extends NounName>(name: N): readonly Nouns[N][] => [...this.#nouns[name].values()];
    folded.restore(this.#rest, {
      beads: all('beads'),
      convoys: all('convoys'),
      polecats: all('polecats'),
      requests: all('requests'),
      asks: all('asks'),
    });
    return folded.state();
  }

  #table(name: NounName): Map<string, Nouns[NounName]> {
    return this.#nouns[name];
  }
}

function print(table: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...table.values()]);
}
