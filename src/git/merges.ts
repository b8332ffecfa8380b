import type { MergeResult, Repository, ToMerge } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { gitDirsOf } from './gitDirs.ts';
import { stampOf } from './guard.ts';
import { mergeOnto } from './mergeOnto.ts';
import type { RunGit } from './run.ts';

const mostKept = 300;
/** So long what the person changed in the configuration of all their repositories may not be in what is merged. */
const keptMs = 5 * 60_000;

interface Kept {
  readonly result: Promise<MergeResult>;
  readonly until: number;
}

/** Remembers what was merged cleanly under one configuration of the repository, so that what is merged ahead of its time costs nothing once it is due. */
export class Merges {
  readonly #git: RunGit;
  readonly #kept = new Map<string, Kept>();

  constructor(git: RunGit) {
    this.#git = git;
  }

  async onto(repository: Repository, onto: CommitId, wanted: ToMerge): Promise<MergeResult> {
    const dirs = gitDirsOf(repository.root);
    const stamp = dirs === null ? null : stampOf(dirs);
    // Written just now, it may say something else by the next time without its times showing it.
    if (stamp === null) return mergeOnto(this.#git, repository, onto, wanted);
    const key = JSON.stringify([repository.commonDir, stamp.files, onto, wanted]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > performance.now()) return kept.result;
    const result = mergeOnto(this.#git, repository, onto, wanted);
    this.#keep(key, result);
    try {
      const merged = await result;
      if (!merged.ok) this.#kept.delete(key);
      return merged;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  /** For when an object that was made is not there any more. */
  forget(): void {
    this.#kept.clear();
  }

  #keep(key: string, result: Promise<MergeResult>): void {
    this.#kept.delete(key);
    this.#kept.set(key, { result, until: performance.now() + keptMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}
