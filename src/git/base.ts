import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { Together } from '../system/together.ts';
import { assertBranchName, isAncestor, tipOf } from './refs.ts';
import type { RunGit } from './run.ts';

const patienceMs = 15_000;

interface Fetch {
  readonly ended: Promise<void>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Knows where work starts from. Polecats that start together share one look and one fetch: two fetches of one branch would refuse
 * each other's lock and leave the second polecat on old knowledge.
 */
export class Bases {
  readonly #git: RunGit;
  readonly #patienceMs: number;
  readonly #fetches = new Map<string, Fetch>();
  readonly #looks = new Together<CommitId>();

  constructor(git: RunGit, patience = patienceMs) {
    this.#git = git;
    this.#patienceMs = patience;
  }

  async freshest(repository: Repository, target: string, signal?: AbortSignal): Promise<CommitId> {
    await assertBranchName(this.#git, repository.root, target);
    if (repository.remote !== null) await this.#fetch(repository, repository.remote, target, signal);
    return this.#looks.do(`${repository.commonDir}\0${target}`, () => this.#look(repository, target));
  }

  /** The remote's branch as it stands there, or as it was last seen; null: no such branch is known, or no remote. */
  async remoteTip(repository: Repository, branch: string, signal?: AbortSignal): Promise<CommitId | null> {
    const { remote } = repository;
    await assertBranchName(this.#git, repository.root, branch);
    if (remote === null) return null;
    // One under way may have asked before what is looked for was there.
    await this.#fetches.get(keyOf(repository, remote, branch))?.ended.catch(() => undefined);
    await this.#fetch(repository, remote, branch, signal);
    return (await tipOf(this.#git, repository, `refs/remotes/${remote}/${branch}`))?.commit ?? null;
  }

  async #look(repository: Repository, target: string): Promise<CommitId> {
    const local = await tipOf(this.#git, repository, `refs/heads/${target}`);
    const remote =
      repository.remote === null
        ? null
        : await tipOf(this.#git, repository, `refs/remotes/${repository.remote}/${target}`);
    if (local === null && remote === null) {
      throw new GitError('no_branch', `There is no branch ${target}.`);
    }
    if (local === null || remote === null) return (local ?? remote ?? never()).commit;
    // Diverged: the local branch is what the person sees, and what work will land on.
    const ahead = await isAncestor(this.#git, repository, local.commit, remote.commit);
    return ahead ? remote.commit : local.commit;
  }

  async #fetch(
    repository: Repository,
    remote: string,
    target: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    const key = keyOf(repository, remote, target);
    const fetch = this.#fetches.get(key) ?? this.#start(key, repository, remote, target);
    fetch.waiting += 1;
    const left = (): void => {
      fetch.waiting -= 1;
      if (fetch.waiting === 0) fetch.stop.abort(new Error('nobody waits for the fetch any more'));
    };
    signal?.addEventListener('abort', left, { once: true });
    try {
      await (signal === undefined ? fetch.ended : Promise.race([fetch.ended, rejection(signal)]));
    } finally {
      signal?.removeEventListener('abort', left);
    }
    signal?.throwIfAborted();
  }

  #start(key: string, repository: Repository, remote: string, target: string): Fetch {
    const stop = new AbortController();
    const late = setTimeout(() => {
      stop.abort(new Error('the fetch took too long'));
    }, this.#patienceMs);
    const ended = fetchBranch(this.#git, repository, remote, target, stop.signal).finally(() => {
      clearTimeout(late);
      this.#fetches.delete(key);
    });
    const fetch: Fetch = { ended, stop, waiting: 0 };
    this.#fetches.set(key, fetch);
    return fetch;
  }
}

function keyOf({ commonDir }: Repository, remote: string, branch: string): string {
  return `${commonDir}\0${remote}\0${branch}`;
}

/** Brings the remote's branch up to date. Offline, without access or too late, the last known tip has to do. */
async function fetchBranch(
  git: RunGit,
  repository: Repository,
  remote: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-prune'];
  const refspec = `+refs/heads/${target}:refs/remotes/${remote}/${target}`;
  try {
    await git(['fetch', ...quiet, '--end-of-options', remote, refspec], { cwd: repository.root, signal });
  } catch (error) {
    const expected = GitError.is(error, 'failed') || GitError.is(error, 'locked') || signal.aborted;
    if (!expected) throw error;
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
    };
    signal.addEventListener('abort', fail, { once: true });
  });
}

function never(): never {
  throw new GitError('failed', 'A branch was there and gone.');
}
