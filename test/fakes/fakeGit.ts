import {
  type FileMove,
  type BegunMerge,
  type BranchTip,
  type DiffStat,
  type EmptiedTrash,
  type FinishedMerge,
  type Furnished,
  type Git,
  GitError,
  type LandResult,
  type Lease,
  type MergeResult,
  type PushResult,
  type Repository,
  type SettledMerge,
  type Settlement,
  type Settling,
  type ToMerge,
} from '../../src/ports/git.ts';
import type { CommitId } from '../../src/town/ids.ts';

interface Commit {
  readonly parent: CommitId | null;
  readonly tree: string;
  readonly files: readonly string[];
  readonly subject: string;
}

interface Worktree {
  branch: string | null;
  head: CommitId;
  dirty: readonly string[];
}

/** What every git of the repository sees alike. */
interface Shared {
  readonly commits: Map<CommitId, Commit>;
  readonly branches: Map<string, CommitId>;
  readonly worktrees: Map<string, Worktree>;
  /** An object of its own for each taking, so that it tells who took it. */
  lease: Lease | null;
  count: number;
}

/**
 * A repository in memory: one parent a commit, files as names. Enough to drive the foreman, not to be git. Given
 * another one, it is a second process's git in the same repository.
 */
export class FakeGit implements Git {
  readonly repository: Repository = { commonDir: '/r/.git', root: '/r', branch: 'main', remote: null };
  readonly #shared: Shared;
  #lease: Lease | null = null;
  readonly #commits: Map<CommitId, Commit>;
  readonly #branches: Map<string, CommitId>;
  readonly worktrees: Map<string, Worktree>;
  readonly retired: string[] = [];
  /** Heads whose next merge conflicts, with the files it conflicts in. */
  readonly conflicts = new Map<string, readonly string[]>();
  /** What the next reapply finds. */
  reapplied: CommitId[] = [];
  /** What the queue keeps, by name. */
  readonly kept = new Map<string, CommitId>();
  readonly pushes: { readonly remote: string; readonly branch: string; readonly commit: CommitId }[] = [];
  /** What the next pushes come to; well when there is none. */
  readonly pushAnswers: PushResult[] = [];
  readonly #made = new Map<string, CommitId>();
  #remote: CommitId | null = null;

  constructor(beside?: FakeGit) {
    this.#shared = beside?.shared ?? {
      commits: new Map(),
      branches: new Map(),
      worktrees: new Map(),
      lease: null,
      count: 0,
    };
    this.#commits = this.#shared.commits;
    this.#branches = this.#shared.branches;
    this.worktrees = this.#shared.worktrees;
    if (beside === undefined) this.#branches.set('main', this.#commit(null, ['README.md'], 'first'));
  }

  get shared(): Shared {
    return this.#shared;
  }

  takeLease(_repository: Repository, lease: Lease): Promise<void> {
    const standing = this.#shared.lease;
    const own = standing !== null && standing === this.#lease && standing.epoch === lease.epoch;
    if (standing?.rig === lease.rig && standing.epoch >= lease.epoch && !own) {
      return Promise.reject(
        new GitError('fenced', `Epoch ${String(standing.epoch)} has taken the rig over.`),
      );
    }
    this.#lease = { ...lease };
    this.#shared.lease = this.#lease;
    return Promise.resolve();
  }

  /** What every move of a ref does first. */
  #verify(): void {
    if (this.#lease !== null && this.#shared.lease !== this.#lease) {
      throw new GitError('fenced', 'The lease of the rig is no longer the one taken here.');
    }
  }

  /** What an agent does to its worktree. */
  edit(path: string, files: readonly string[]): void {
    this.#at(path).dirty = files;
  }

  /** Somebody else's commit on a branch. */
  advance(branch: string, files: readonly string[]): CommitId {
    const id = this.#commit(this.#branches.get(branch) ?? null, files, 'somebody else');
    this.#branches.set(branch, id);
    return id;
  }

  /** Somebody else's push: the remote is ahead of the local target. */
  pushedByOthers(files: readonly string[]): CommitId {
    this.#remote = this.#commit(this.#remote ?? this.#tipOf('main'), files, 'pushed');
    return this.#remote;
  }

  describe(): Promise<Repository> {
    return Promise.resolve(this.repository);
  }

  freshestBase(_repository: Repository, target: string): Promise<CommitId> {
    const local = this.#tipOf(target);
    const ahead = this.#remote !== null && this.#line(this.#remote).includes(local);
    return Promise.resolve(ahead && this.#remote !== null ? this.#remote : local);
  }

  remoteTip(): Promise<CommitId | null> {
    return Promise.resolve(this.#remote);
  }

  firstParents(_repository: Repository, tip: CommitId, most: number): Promise<readonly BranchTip[]> {
    const line = this.#line(tip).slice(0, most);
    return Promise.resolve(line.map((commit) => ({ commit, tree: this.#of(commit).tree })));
  }

  joinOnto(_repository: Repository, before: CommitId, commit: CommitId): Promise<CommitId> {
    return Promise.resolve(this.#commit(before, this.#of(commit).files, 'joined'));
  }

  tip(_repository: Repository, branch: string): Promise<BranchTip | null> {
    const commit = this.#branches.get(branch);
    return Promise.resolve(commit === undefined ? null : { commit, tree: this.#of(commit).tree });
  }

  addWorktree(_repository: Repository, path: string, branch: string, base: CommitId): Promise<void> {
    if (!this.worktrees.has(path)) this.worktrees.set(path, { branch, head: base, dirty: [] });
    if (!this.#branches.has(branch)) this.#branches.set(branch, base);
    return Promise.resolve();
  }

  /** Worktrees that were furnished. */
  readonly furnished: string[] = [];
  /** What the next furnishing says. */
  furniture: Furnished = { files: [], folders: [], leftOut: [] };

  furnish(_repository: Repository, path: string): Promise<Furnished> {
    this.furnished.push(path);
    return Promise.resolve(this.furniture);
  }

  /** Worktrees filled ahead. */
  spares = 0;

  prepareSpares(_repository: Repository, _folder: string, _base: CommitId, count: number): Promise<void> {
    this.spares = Math.max(this.spares, count);
    return Promise.resolve();
  }

  /** Without a branch: as the agent commits, onto whatever stands there. */
  commitAll(path: string, message: string, branch?: string): Promise<CommitId | null> {
    const worktree = this.#at(path);
    if (branch !== undefined && worktree.branch !== null && worktree.branch !== branch)
      return Promise.reject(new GitError('taken', `${path} stands on ${worktree.branch}.`));
    if (worktree.dirty.length === 0) return Promise.resolve(null);
    worktree.head = this.#commit(worktree.head, worktree.dirty, message);
    worktree.dirty = [];
    if (worktree.branch !== null) this.#branches.set(worktree.branch, worktree.head);
    return Promise.resolve(worktree.head);
  }

  head(path: string): Promise<BranchTip> {
    const { head } = this.#at(path);
    return Promise.resolve({ commit: head, tree: this.#of(head).tree });
  }

  uncommitted(path: string): Promise<readonly string[]> {
    return Promise.resolve(this.#at(path).dirty);
  }

  diffStat(_repository: Repository, from: CommitId, to: CommitId): Promise<DiffStat> {
    const files = [...new Set(this.#between(from, to).flatMap((id) => this.#of(id).files))];
    return Promise.resolve({ files, insertions: files.length, deletions: 0 });
  }

  /** What any diff is. */
  diffText = '';

  diff(): Promise<string> {
    return Promise.resolve(this.diffText);
  }

  files(_repository: Repository, commit: CommitId): Promise<readonly string[]> {
    return Promise.resolve([...new Set(this.#line(commit).flatMap((id) => this.#of(id).files))].sort());
  }

  show(): Promise<string | null> {
    return Promise.resolve(null);
  }

  log(
    _repository: Repository,
    from: CommitId,
    to: CommitId,
  ): Promise<readonly { readonly commit: CommitId; readonly subject: string }[]> {
    return Promise.resolve(
      this.#between(from, to).map((commit) => ({ commit, subject: this.#of(commit).subject })),
    );
  }

  lineMoves(
    _repository: Repository,
    _between: unknown,
    paths: readonly string[],
  ): Promise<readonly FileMove[]> {
    return Promise.resolve(paths.map((path) => ({ path, hunks: [] })));
  }

  mergeBase(_repository: Repository, a: CommitId, b: CommitId): Promise<CommitId | null> {
    const ancestors = new Set(this.#line(a));
    return Promise.resolve(this.#line(b).find((id) => ancestors.has(id)) ?? null);
  }

  isAncestor(_repository: Repository, ancestor: CommitId, of: CommitId): Promise<boolean> {
    return Promise.resolve(this.#line(of).includes(ancestor));
  }

  assertOwner(): Promise<void> {
    return Promise.resolve();
  }

  cleanWorktree(_repository: Repository, path: string, commit: CommitId): Promise<void> {
    this.worktrees.set(path, { branch: null, head: commit, dirty: [] });
    return Promise.resolve();
  }

  treeOf(_repository: Repository, commit: CommitId): Promise<string> {
    return Promise.resolve(this.#of(commit).tree);
  }

  /** Every style as a rebase: a commit has one parent here. */
  async mergeOnto(repository: Repository, onto: CommitId, { head }: ToMerge): Promise<MergeResult> {
    const files = this.conflicts.get(head);
    if (files !== undefined) return { ok: false, files, hunks: '<<<<<<< main\n' };
    if (this.#line(onto).includes(head)) return this.#merged(onto, true);
    if (this.#line(head).includes(onto)) return this.#merged(head, false);
    const base = await this.mergeBase(repository, head, onto);
    const own = this.#between(base, head).toReversed();
    const made = own.reduce((parent, id) => this.#again(id, parent), onto);
    return this.#merged(made, false);
  }

  #merged(commit: CommitId, empty: boolean): MergeResult {
    return { ok: true, commit, tree: this.#of(commit).tree, empty };
  }

  /** The same on the same parent is the same commit. */
  #again(id: CommitId, parent: CommitId): CommitId {
    const key = `${id} ${parent}`;
    const made = this.#made.get(key) ?? this.#commit(parent, this.#of(id).files, this.#of(id).subject);
    this.#made.set(key, made);
    return made;
  }

  /** Heads whose conflicts are settled by a rung of the ladder that needs nobody. */
  readonly settled = new Map<string, Pick<SettledMerge, 'by' | 'lessons'>>();
  readonly learnt: Settlement[] = [];

  settleOnto(
    _repository: Repository,
    onto: CommitId,
    { head }: ToMerge,
    { disowned }: Settling,
  ): Promise<SettledMerge | null> {
    const found = this.settled.get(head);
    if (found === undefined || found.lessons.some((one) => disowned.includes(one)))
      return Promise.resolve(null);
    const files = this.conflicts.get(head) ?? [];
    const commit = this.#commit(
      onto,
      [...(this.#commits.get(onto)?.files ?? []), ...files],
      `settled ${head}`,
    );
    return Promise.resolve({ commit, tree: this.#commits.get(commit)?.tree ?? '', files, ...found });
  }

  learn(_repository: Repository, _memory: string, settlement: Settlement): Promise<number> {
    this.learnt.push(settlement);
    return Promise.resolve(1);
  }

  learnMerges(): Promise<number> {
    return Promise.resolve(0);
  }

  beginMerge(_repository: Repository, worktree: string, branch: string, onto: CommitId): Promise<BegunMerge> {
    const found = this.worktrees.get(worktree);
    if (found?.branch !== branch) throw new GitError('taken', worktree);
    return Promise.resolve({
      head: found.head,
      onto,
      base: null,
      files: this.conflicts.get(found.head) ?? [],
    });
  }

  finishMerge(
    _repository: Repository,
    worktree: string,
    { message }: { readonly message: string },
  ): Promise<FinishedMerge | null> {
    const found = this.worktrees.get(worktree);
    if (found === undefined) return Promise.resolve(null);
    found.head = this.#commit(found.head, this.#commits.get(found.head)?.files ?? [], message);
    return Promise.resolve({ ok: true, commit: found.head });
  }

  abandonMerge(): Promise<void> {
    return Promise.resolve();
  }

  foresee(
    _repository: Repository,
    pairs: readonly (readonly [CommitId, CommitId])[],
  ): Promise<readonly (readonly string[])[]> {
    return Promise.resolve(pairs.map((pair) => pair.flatMap((one) => this.conflicts.get(one) ?? [])));
  }

  revertOnto(
    _repository: Repository,
    onto: CommitId,
    { before, landed }: { readonly before: CommitId; readonly landed: CommitId },
  ): Promise<MergeResult> {
    const files = this.#between(before, landed).flatMap((id) => this.#of(id).files);
    return Promise.resolve(this.#merged(this.#commit(onto, files, 'reverted'), false));
  }

  async makeBranch(_repository: Repository, branch: string, commit: CommitId): Promise<boolean> {
    await Promise.resolve();
    this.#verify();
    if (!this.#branches.has(branch)) this.#branches.set(branch, commit);
    return this.#branches.get(branch) === commit;
  }

  keep(_repository: Repository, name: string, commit: CommitId | null): Promise<void> {
    if (commit === null) this.kept.delete(name);
    else this.kept.set(name, commit);
    return Promise.resolve();
  }

  push(_repository: Repository, remote: string, branch: string, commit: CommitId): Promise<PushResult> {
    this.pushes.push({ remote, branch, commit });
    return Promise.resolve(this.pushAnswers.shift() ?? { ok: true });
  }

  async land(_repository: Repository, target: string, onto: CommitId, commit: CommitId): Promise<LandResult> {
    await Promise.resolve();
    const found = this.#branches.get(target) ?? null;
    const landed = found !== null && this.#line(found).includes(commit);
    if (landed) return { ok: true, checkout: { kind: 'moved_along' } };
    if (found !== onto) return { ok: false, found };
    this.#verify();
    this.#branches.set(target, commit);
    return { ok: true, checkout: { kind: 'moved_along' } };
  }

  async reapply(
    _repository: Repository,
    path: string,
    branch: string,
    onto: CommitId,
  ): Promise<{ readonly conflicts: readonly string[] }> {
    await Promise.resolve();
    this.#verify();
    const worktree = this.#at(path);
    this.conflicts.delete(worktree.head);
    this.reapplied.push(onto);
    Object.assign(worktree, { head: onto, dirty: ['reapplied.txt'] });
    this.#branches.set(branch, onto);
    return { conflicts: ['README.md'] };
  }

  async retire(
    _repository: Repository,
    worktree: string,
    trash: string,
  ): Promise<{ readonly trashedTo: string | null; readonly keptRef: string | null }> {
    await Promise.resolve();
    this.#verify();
    if (!this.worktrees.delete(worktree)) return { trashedTo: null, keptRef: null };
    this.retired.push(worktree);
    return { trashedTo: `${trash}/x`, keptRef: null };
  }

  makeDurable(): Promise<void> {
    return Promise.resolve();
  }

  /** Ages above which something was to go from the trash, in ms, one for each time. */
  readonly emptied: number[] = [];

  async emptyTrash(_repository: Repository, _trash: string, olderThanMs: number): Promise<EmptiedTrash> {
    await Promise.resolve();
    this.#verify();
    this.emptied.push(olderThanMs);
    return { removed: [], kept: [] };
  }

  localPrograms(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  approvePrograms(): Promise<void> {
    return Promise.resolve();
  }

  localConfig(): Promise<string | null> {
    return Promise.resolve(null);
  }

  branches(): Promise<readonly string[]> {
    return Promise.resolve([...this.#branches.keys()]);
  }

  #commit(parent: CommitId | null, files: readonly string[], subject: string): CommitId {
    this.#shared.count += 1;
    const id = this.#shared.count.toString(16).padStart(40, '0') as CommitId;
    this.#commits.set(id, { parent, tree: `tree-${id}`, files, subject });
    return id;
  }

  #between(from: CommitId | null, to: CommitId): readonly CommitId[] {
    const line = this.#line(to);
    const end = from === null ? -1 : line.indexOf(from);
    return end < 0 ? line : line.slice(0, end);
  }

  #line(from: CommitId): readonly CommitId[] {
    const line: CommitId[] = [];
    for (let id: CommitId | null = from; id !== null; id = this.#of(id).parent) line.push(id);
    return line;
  }

  #of(id: CommitId): Commit {
    const found = this.#commits.get(id);
    if (found === undefined) throw new Error(`no commit ${id}`);
    return found;
  }

  #tipOf(branch: string): CommitId {
    const tip = this.#branches.get(branch);
    if (tip === undefined) throw new Error(`no branch ${branch}`);
    return tip;
  }

  #at(path: string): Worktree {
    const found = this.worktrees.get(path);
    if (found === undefined) throw new Error(`no worktree ${path}`);
    return found;
  }
}
