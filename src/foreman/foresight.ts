import type { Git, Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';

/** Two commits that cannot be merged as they are. */
export interface Conflict {
  readonly one: CommitId;
  readonly other: CommitId;
  readonly files: readonly string[];
}

type Pair = readonly [CommitId, CommitId];

/** Pairs that are remembered: those of a full matrix, eight times changed. */
const mostRemembered = 4_000;
/** Files of one conflict that are remembered; a person reads a few. */
const mostFiles = 100;

/**
 * Which commits will conflict. Two commits do so for ever or never, so that git is asked only about pairs it was not
 * asked about before.
 */
export class Foresight {
  readonly #git: Pick<Git, 'foresee'>;
  readonly #most: number;
  /** By repository and pair, the longest unused first. */
  readonly #known = new Map<string, readonly string[]>();
  #asking: Promise<unknown> = Promise.resolve();

  constructor(git: Pick<Git, 'foresee'>, most = mostRemembered) {
    this.#git = git;
    this.#most = most;
  }

  /** Conflicts of any two of these, in their order. Throws what git throws, and remembers nothing of it. */
  async among(repository: Repository, commits: readonly CommitId[]): Promise<readonly Conflict[]> {
    const pairs = pairsOf([...new Set(commits)]);
    // One at a time: who asks while another does finds its answers.
    const asked = this.#asking.then(() => this.#ask(repository, pairs));
    this.#asking = asked.catch(() => undefined);
    const files = await asked;
    return pairs.flatMap(([one, other], index) => {
      const found = files[index] ?? [];
      return found.length === 0 ? [] : [{ one, other, files: found }];
    });
  }

  async #ask(repository: Repository, pairs: readonly Pair[]): Promise<readonly (readonly string[])[]> {
    const known = pairs.map((pair) => this.#known.get(keyOf(repository, pair)));
    const unknown = pairs.filter((_, index) => known[index] === undefined);
    const answers = unknown.length === 0 ? [] : await this.#git.foresee(repository, unknown);
    const found = new Map(
      unknown.map((pair, index) => [keyOf(repository, pair), (answers[index] ?? []).slice(0, mostFiles)]),
    );
    const all = pairs.map((pair, index) => known[index] ?? found.get(keyOf(repository, pair)) ?? []);
    for (const [index, pair] of pairs.entries()) this.#remember(keyOf(repository, pair), all[index] ?? []);
    return all;
  }

  #remember(key: string, files: readonly string[]): void {
    this.#known.delete(key);
    this.#known.set(key, files);
    while (this.#known.size > this.#most) {
      const [oldest] = this.#known.keys();
      if (oldest === undefined) return;
      this.#known.delete(oldest);
    }
  }
}

function pairsOf(commits: readonly CommitId[]): readonly Pair[] {
  return commits.flatMap((one, index) => commits.slice(index + 1).map((other): Pair => [one, other]));
}

/** The same whichever is named first. */
function keyOf({ commonDir }: Repository, [a, b]: Pair): string {
  return `${commonDir}\n${a < b ? `${a} ${b}` : `${b} ${a}`}`;
}
