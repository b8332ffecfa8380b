import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';
import type { PolecatId } from '../town/ids.ts';
import type { Places } from './places.ts';

const waiting = v.array(
  v.object({
    /** Of the session they are for. */
    token: v.number(),
    by: v.picklist(['person', 'foreman']),
    told: v.string(),
    typed: v.string(),
    /** They stand in its terminal, and nobody said yet that they were heard. */
    isTyped: v.boolean(),
  }),
);

/** Words that wait to be said to an agent. */
export type Waiting = Readonly<v.InferOutput<typeof waiting>>;

/** Keeps what waits to be said to agents over a reload of the window, in a small file of each polecat's own. */
export class WordShelf {
  readonly #places: Pick<Places, 'agent'>;
  readonly #wanted = new Map<PolecatId, Waiting>();
  readonly #writing = new Map<PolecatId, Promise<void>>();

  constructor(places: Pick<Places, 'agent'>) {
    this.#places = places;
  }

  /** In the place of what was kept for that polecat before. Rejects as the disk does. */
  async keep(polecat: PolecatId, what: Waiting): Promise<void> {
    this.#wanted.set(polecat, what);
    const writing = (this.#writing.get(polecat) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#write(polecat));
    this.#writing.set(polecat, writing);
    try {
      await writing;
    } finally {
      if (this.#writing.get(polecat) === writing) this.#writing.delete(polecat);
    }
  }

  /** What was kept last; nothing of a file of no known kind. */
  async kept(polecat: PolecatId): Promise<Waiting> {
    const text = await readIfThere(this.#file(polecat));
    return text === null ? [] : waitingIn(text);
  }

  /** Resolves when nothing is written any more. */
  async idle(): Promise<void> {
    while (this.#writing.size > 0) await Promise.allSettled(this.#writing.values());
  }

  /** Several changes at once are one write: the last one. */
  async #write(polecat: PolecatId): Promise<void> {
    const what = this.#wanted.get(polecat);
    this.#wanted.delete(polecat);
    if (what === undefined) return;
    const file = this.#file(polecat);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(file, `${JSON.stringify(what)}\n`, { mode: 0o600 });
  }

  #file(polecat: PolecatId): string {
    return path.join(this.#places.agent(polecat), 'waiting-words.json');
  }
}

function waitingIn(text: string): Waiting {
  try {
    const read = v.safeParse(waiting, JSON.parse(text));
    return read.success ? read.output : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
