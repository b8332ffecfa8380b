import { plain } from '../../../words/plain.ts';

/** What a runner's output tells of its tests. */
export interface TestResults {
  /** By name as the runner calls them, outer names first; each once, at most 200. */
  readonly failed: readonly string[];
  /** As far as the output tells: some runners count only what they list. */
  readonly passed: number;
}

/** Reads one runner's output, line by line, without colours and controls; null: it is not this runner's. */
export type TestReader = (lines: readonly string[]) => TestResults | null;

const mostNames = 200;
const longestName = 200;

/** Names come from repositories and agents: harmless lines of bounded length, and not more than anybody reads. */
export class FailedNames {
  readonly #names = new Set<string>();

  add(...outerFirst: readonly string[]): void {
    if (this.#names.size >= mostNames) return;
    const name = plain(outerFirst.filter((one) => one.trim() !== '').join(' > '), longestName);
    if (name !== '') this.#names.add(name);
  }

  get list(): readonly string[] {
    return [...this.#names];
  }
}

/** The number before a word, such as 3 in `3 failed, 1 passed`; 0: the word is not there. */
export function countOf(line: string, word: string): number {
  return Number(new RegExp(`\\b(\\d{1,9}) ${word}\\b`).exec(line)?.[1] ?? 0);
}
