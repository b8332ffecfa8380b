import type { Caller, Intake, SplitDraft } from '../../../src/ports/desk.ts';
import type { Usage } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import type { Note } from '../../../src/town/polecat.ts';

/** A desk that writes down what it is told, in the order in which it is said. */
export class Listening implements Intake {
  readonly heard: string[] = [];
  problem: Error | null = null;
  /** Why a done of this summary cannot be got ready. */
  readonly unready = new Map<string, Error>();

  prepareDone(caller: Caller, summary: string, claim: string): Promise<() => Promise<void>> {
    const why = this.unready.get(summary);
    if (why !== undefined) return Promise.reject(why);
    this.heard.push('ready');
    return Promise.resolve(() => this.#hear(`${caller.polecat} done ${summary} ${claim.slice(0, 2)}`));
  }

  usage(caller: Caller, { input }: Usage): Promise<void> {
    return this.#hear(`${caller.polecat} used ${String(input)}`);
  }

  note({ polecat }: Caller, { kind, text }: Omit<Note, 'at'>): Promise<void> {
    return this.#hear(`${polecat} ${kind} ${text}`);
  }

  handOff({ polecat }: Caller, { kind, text }: Omit<Note, 'at'>): Promise<void> {
    return this.#hear(`${polecat} handed off, ${kind} ${text}`);
  }

  async split({ polecat }: Caller, id: string, drafts: readonly SplitDraft[]): Promise<readonly BeadId[]> {
    await this.#hear(`${polecat} split ${id.slice(0, 2)} ${drafts.map(({ title }) => title).join()}`);
    return [];
  }

  #hear(words: string): Promise<void> {
    if (this.problem !== null) return Promise.reject(this.problem);
    this.heard.push(words);
    return Promise.resolve();
  }
}
