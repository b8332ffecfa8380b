import { basename } from 'node:path';
import { plain } from '../../words/plain.ts';
import { maxName } from '../messages/fields.ts';
import { type OutputPiece, pieceLimit } from '../messages/queueOutput.ts';
import type { FoundOutput } from './outputFile.ts';
import { OutputReader } from './outputReader.ts';

/** Between two looks at a file that is being written, in milliseconds. */
const lookEveryMs = 300;

interface Following {
  readonly number: number;
  readonly find: () => Promise<FoundOutput>;
  readonly told: (piece: OutputPiece) => void;
}

/** Reads one output along and tells what is new, until it is over or left. Nothing is looked at before or after. */
export class OutputFollower {
  readonly #failed: (error: unknown) => void;
  #now: Following | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Instead of what was followed before. */
  follow(following: Following): void {
    this.leave();
    this.#now = following;
    void this.#read(following).catch((error: unknown) => {
      this.#failed(error);
      if (this.#now !== following) return;
      this.leave();
      following.told(this.#said(following, null, null, false));
    });
  }

  leave(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#now = null;
  }

  async #read(following: Following): Promise<void> {
    let reader: OutputReader | null = null;
    let file: string | null = null;
    let last = '';
    while (this.#now === following) {
      const found = await following.find();
      // What ended meanwhile may be forgotten; its file is read to its end all the same.
      const next: string | null = found.file ?? (found.live ? null : file);
      if (next !== file) reader = next === null ? null : new OutputReader(next, pieceLimit);
      const changed = next !== file;
      file = next;
      const piece = (await reader?.read()) ?? null;
      if (this.#now !== following) return;
      const said = this.#said(following, file, piece, found.live);
      const mark = JSON.stringify([said.file, said.live]);
      if (changed || mark !== last || said.text !== '' || said.anew) following.told(said);
      last = mark;
      if (!found.live) {
        this.leave();
        return;
      }
      await this.#pause();
    }
  }

  #said(
    { number }: Following,
    file: string | null,
    piece: Awaited<ReturnType<OutputReader['read']>>,
    live: boolean,
  ): OutputPiece {
    const { anew, skipped, text } = piece ?? { anew: false, skipped: 0, text: '' };
    const name = file === null || piece === null ? null : plain(basename(file), maxName);
    return { type: 'output', following: number, file: name, anew, skipped, text, live };
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#timer = setTimeout(resolve, lookEveryMs);
    });
  }
}
