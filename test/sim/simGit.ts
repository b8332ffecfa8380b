import {
  type FileMove,
  type BegunMerge,
  type BranchTip,
  type DiffStat,
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
  type ToMerge,
} from '../../src/ports/git.ts';
import type { CommitId } from '../../src/town/ids.ts';
import type { Mutant } from './mutants.ts';
import type { GitWorld, Worktree } from './gitWorld.ts';
import { merge } from './trees.ts';

export const repository: Repository = { commonDir: '/r/.git', root: '/r', branch: 'main', remote: null };

/** What is kept there for a while holds nothing for anybody else. */
const queueRefs = 'refs/rigs/queue/';

export interface SimGitParts {
  readonly world: GitWorld;
  /** Gives each call its turn. */
  readonly call: <T>(label: string, effect: () => T) => Promise<T>;
  /** A point between two steps of one call, at which the process may be killed. */
  readonly between: () => void;
  /** A ref is about to be moved by this process. */
  readonly moving: (ref: string, to: CommitId | null, why: 'land' | 'other') => void;
  /** Who takes a lease, so that two processes of one epoch are told apart. */
  readonly holder: string;
  readonly now: () => number;
  readonly mutant: Mutant;
}

/** Git as one process runs it, over the repository that all share. A call that was interrupted is finished by the next. */
export class SimGit implements Git {
  readonly #world: GitWorld;
  readonly #parts: SimGitParts;
  #lease: Lease | null = null;

  constructor(parts: SimGitParts) {
    this.#parts = parts;
    this.#world = parts.world;
  }

  describe(): Promise<Repository> {
    return this.#call('describe', () => repository);
  }

  takeLease(_repository: Repository, lease: Lease): Promise<void> {
    const { holder } = this.#parts;
    return this.#call(`take lease ${String(lease.epoch)}`, () => {
      const standing = this.#world.lease;
      const own = standing?.holder === holder && standing.epoch === lease.epoch;
      if (standing !== null && !own && standing.rig === lease.rig && standing.epoch >= lease.epoch)
        throw fenced();
      this.#world.lease = { ...lease, holder };
      this.#lease = lease;
    });
  }

  freshestBase(_repository: Repository, target: string, signal?: AbortSignal): Promise<CommitId> {
    return this.#call(`freshest base of ${target}`, () => {
      signal?.throwIfAborted();
      const tip = this.#world.branch(target);
      if (tip === null) throw new GitError('no_branch', `There is no branch ${target}.`);
      return tip;
    });
  }

  tip(_repository: Repository, branch: string): Promise<BranchTip | null> {
    return this.#call(`tip of ${branch}`, () => {
      const commit = this.#world.branch(branch);
      return commit === null ? null : { commit, tree: this.#world.of(commit).tree };
    });
  }

  addWorktree(_repository: Repository, path: string, branch: string, base: CommitId): Promise<void> {
    return this.#call(`add worktree ${path} ${branch}`, () => {
      const standing = this.#world.worktrees.get(path);
      if (standing !== undefined) {
        if (standing.branch !== branch) throw new GitError('taken', `${path} is taken.`);
        return;
      }
      const tip = this.#world.branch(branch);
      if (tip !== null && tip !== base) this.#save(branch, tip);
      if (tip !== base) this.#move(`refs/heads/${branch}`, base);
      this.#parts.between();
      this.#stand(path, {
        branch,
        detached: null,
        files: new Map(this.#world.of(base).files),
        reflog: [base],
      });
    });
  }

  furnish(): Promise<Furnished> {
    return Promise.resolve({ files: [], folders: [], leftOut: [] });
  }

  commitAll(worktree: string, message: string): Promise<CommitId | null> {
    return this.#call(`commit all in ${worktree}`, () => {
      const at = this.#at(worktree);
      if (this.#world.isClean(at)) return null;
      if (at.branch !== null) this.#guard(`refs/heads/${at.branch}`, null);
      return commitIn(this.#world, at, message.split('\n')[0] ?? '');
    });
  }

  head(worktree: string): Promise<BranchTip> {
    return this.#call(`head of ${worktree}`, () => {
      const commit = this.#world.headOf(this.#at(worktree));
      if (commit === null) throw new GitError('no_commit', worktree);
      return { commit, tree: this.#world.of(commit).tree };
    });
  }

  uncommitted(worktree: string): Promise<readonly string[]> {
    return this.#call(`uncommitted in ${worktree}`, () => this.#world.uncommitted(this.#at(worktree)));
  }

  diffStat(_repository: Repository, from: CommitId, to: CommitId): Promise<DiffStat> {
    return this.#call('diff stat', () => {
      const files = this.#world.changed(from, to);
      return { files, insertions: files.length, deletions: 0 };
    });
  }

  diff(_repository: Repository, from: CommitId, to: CommitId): Promise<string> {
    return this.#call('diff', () => {
      const { files } = this.#world.of(to);
      const lines = this.#world.changed(from, to).flatMap((name) => (files.get(name) ?? '').split('\n'));
      return lines.map((line) => `+${line}\n`).join('');
    });
  }

  log(_repository: Repository, from: CommitId, to: CommitId): ReturnType<Git['log']> {
    return this.#call('log', () =>
      this.#world.between(from, to).map((commit) => ({ commit, subject: this.#world.of(commit).subject })),
    );
  }

  files(_repository: Repository, commit: CommitId): Promise<readonly string[]> {
    return this.#call('files', () => [...this.#world.of(commit).files.keys()].sort());
  }

  show(_repository: Repository, commit: CommitId, file: string): Promise<string | null> {
    return this.#call(`show ${file}`, () => this.#world.of(commit).files.get(file) ?? null);
  }

  lineMoves(
    _repository: Repository,
    _between: unknown,
    paths: readonly string[],
  ): Promise<readonly FileMove[]> {
    return this.#call('line moves', () => paths.map((path) => ({ path, hunks: [] })));
  }

  mergeBase(_repository: Repository, a: CommitId, b: CommitId): Promise<CommitId | null> {
    return this.#call('merge base', () => this.#world.mergeBase(a, b));
  }

  isAncestor(_repository: Repository, ancestor: CommitId, of: CommitId): Promise<boolean> {
    return this.#call('is ancestor', () => this.#world.holds(of, ancestor));
  }

  assertOwner(): Promise<void> {
    return Promise.resolve();
  }

  cleanWorktree(_repository: Repository, path: string, commit: CommitId): Promise<void> {
    return this.#call(`clean worktree ${path}`, () => {
      this.#stand(path, {
        branch: null,
        detached: null,
        files: new Map([['rest of', 'another time']]),
        reflog: [],
      });
      this.#parts.between();
      const { files } = this.#world.of(commit);
      this.#stand(path, { branch: null, detached: commit, files: new Map(files), reflog: [] });
    });
  }

  treeOf(_repository: Repository, commit: CommitId): Promise<string> {
    return this.#call(`tree of ${short(commit)}`, () => this.#world.of(commit).tree);
  }

  /** Every style as a rebase: a commit has one parent here. */
  mergeOnto(_repository: Repository, onto: CommitId, { head }: ToMerge): Promise<MergeResult> {
    return this.#call(`merge ${short(head)}`, () => this.#merged(onto, head));
  }

  #merged(onto: CommitId, head: CommitId): MergeResult {
    const world = this.#world;
    if (world.holds(head, onto) && head !== onto)
      return { ok: true, commit: head, tree: world.of(head).tree, empty: false };
    let tip = onto;
    for (const id of world.between(world.mergeBase(head, onto), head).toReversed()) {
      const { files, conflicts } = world.replay(id, tip);
      if (conflicts.length > 0) return { ok: false, files: conflicts, hunks: '<<<<<<< ours\n' };
      const next = world.again(id, tip, files);
      if (world.of(next).tree !== world.of(tip).tree) tip = next;
    }
    return { ok: true, commit: tip, tree: world.of(tip).tree, empty: tip === onto };
  }

  /** Nothing is settled by itself here: who looks for it finds what is left to an agent. */
  settleOnto(): Promise<SettledMerge | null> {
    return this.#call('settle', () => null);
  }

  learn(): Promise<number> {
    return this.#call('learn', () => 0);
  }

  learnMerges(): Promise<number> {
    return this.#call('learn merges', () => 0);
  }

  beginMerge(): Promise<BegunMerge> {
    throw new Error('Nobody resolves by hand in the simulator.');
  }

  finishMerge(): Promise<FinishedMerge | null> {
    throw new Error('Nobody resolves by hand in the simulator.');
  }

  abandonMerge(): Promise<void> {
    throw new Error('Nobody resolves by hand in the simulator.');
  }

  foresee(
    _repository: Repository,
    pairs: readonly (readonly [CommitId, CommitId])[],
  ): Promise<readonly (readonly string[])[]> {
    return this.#call('foresee', () =>
      pairs.map(([a, b]) => {
        const merged = this.#merged(a, b);
        return merged.ok ? [] : merged.files;
      }),
    );
  }

  /** One that undoes only when nothing has landed since. */
  revertOnto(
    _repository: Repository,
    onto: CommitId,
    { before, landed }: { readonly before: CommitId; readonly landed: CommitId },
  ): Promise<MergeResult> {
    return this.#call(`revert ${short(landed)}`, (): MergeResult => {
      if (onto !== landed) return { ok: false, files: ['README.md'], hunks: '<<<<<<< ours\n' };
      const commit = this.#world.commit(onto, this.#world.of(before).files, 'revert');
      return { ok: true, commit, tree: this.#world.of(commit).tree, empty: false };
    });
  }

  makeBranch(_repository: Repository, branch: string, commit: CommitId): Promise<boolean> {
    return this.#call(`branch ${branch}`, () => {
      const found = this.#world.branch(branch);
      if (found === null) this.#move(`refs/heads/${branch}`, commit);
      return (found ?? commit) === commit;
    });
  }

  keep(_repository: Repository, name: string, commit: CommitId | null): Promise<void> {
    return this.#call(`keep ${name}`, () => {
      this.#move(`${queueRefs}${name}`, commit);
    });
  }

  remoteTip(_repository: Repository, branch: string): Promise<CommitId | null> {
    return this.#call(`remote ${branch}`, () => null);
  }

  firstParents(_repository: Repository, tip: CommitId, most: number): Promise<readonly BranchTip[]> {
    return this.#call(`first parents of ${short(tip)}`, () =>
      this.#world
        .line(tip)
        .slice(0, most)
        .map((commit) => ({ commit, tree: this.#world.of(commit).tree })),
    );
  }

  joinOnto(_repository: Repository, before: CommitId, commit: CommitId): Promise<CommitId> {
    return this.#call(`join ${short(commit)}`, () =>
      this.#world.commit(before, this.#world.of(commit).files, 'joined'),
    );
  }

  push(_repository: Repository, remote: string, branch: string, commit: CommitId): Promise<PushResult> {
    return this.#call(`push ${short(commit)} to ${remote}/${branch}`, () => ({ ok: true }) as const);
  }

  land(_repository: Repository, target: string, onto: CommitId, commit: CommitId): Promise<LandResult> {
    return this.#call(`land ${short(commit)} on ${target}`, (): LandResult => {
      const found = this.#world.branch(target);
      const landed = found !== null && this.#world.holds(found, commit);
      if (!landed && found !== onto && this.#parts.mutant.skipsCompare !== true) return { ok: false, found };
      if (!landed) this.#move(`refs/heads/${target}`, commit, 'land');
      this.#parts.between();
      const left = landed && found !== commit ? [] : this.#takeAlong(target, onto, commit);
      if (left === null) return { ok: true, checkout: { kind: 'not_checked_out' } };
      const checkout =
        left.length === 0 ? { kind: 'moved_along' as const } : { kind: 'left_alone' as const, files: left };
      return { ok: true, checkout };
    });
  }

  reapply(
    _repository: Repository,
    worktree: string,
    branch: string,
    onto: CommitId,
  ): Promise<{ readonly conflicts: readonly string[] }> {
    return this.#call(`reapply ${branch}`, () => {
      const at = this.#at(worktree);
      const tip = this.#world.branch(branch);
      if (tip === null) throw new GitError('no_branch', `There is no branch ${branch}.`);
      const work = this.#world.isClean(at) ? tip : this.#world.commit(tip, at.files, `Work of ${branch}`);
      this.#save(branch, work);
      this.#parts.between();
      const base = this.#world.mergeBase(onto, work);
      const before = base === null ? new Map<string, string>() : this.#world.of(base).files;
      const merged = merge(before, this.#world.of(onto).files, this.#world.of(work).files);
      this.#guard(`refs/heads/${branch}`, onto);
      at.files = merged.files;
      this.#world.moveHead(at, onto);
      return { conflicts: merged.conflicts };
    });
  }

  retire(
    _repository: Repository,
    path: string,
    trash: string,
  ): Promise<{ readonly trashedTo: string | null; readonly keptRef: string | null }> {
    return this.#call(`retire ${path}`, () => {
      const at = this.#world.worktrees.get(path);
      if (at === undefined) return { trashedTo: null, keptRef: null };
      const forgets = this.#parts.mutant.forgetsWork === true;
      const kept = at.branch === null || forgets ? null : this.#keep(at, at.branch);
      this.#parts.between();
      const head = this.#world.headOf(at);
      if (at.branch !== null) this.#dropBranch(at.branch);
      this.#parts.between();
      if (!forgets) this.#world.trash.push({ from: path, worktree: at, head, at: this.#parts.now() });
      this.#world.worktrees.delete(path);
      this.#world.version += 1;
      return { trashedTo: `${trash}/${String(this.#world.trash.length)}`, keptRef: kept };
    });
  }

  prepareSpares(): Promise<void> {
    return Promise.resolve();
  }

  makeDurable(_repository: Repository, base: CommitId, commit: CommitId): Promise<void> {
    return this.#call(`make ${short(commit)} durable`, () => {
      if (this.#parts.mutant.leavesObjects === true) return;
      for (const id of this.#world.between(base, commit)) this.#world.durable.add(id);
    });
  }

  emptyTrash(
    _repository: Repository,
    _trash: string,
    olderThanMs: number,
    now: number,
  ): Promise<{ readonly removed: readonly string[]; readonly kept: readonly [] }> {
    return this.#call('empty trash', () => {
      const { trash } = this.#world;
      const old = trash.filter((slot) => now - slot.at >= olderThanMs && this.#isHeld(slot.head));
      for (const slot of old) trash.splice(trash.indexOf(slot), 1);
      this.#world.version += 1;
      return { removed: old.map((slot) => slot.from), kept: [] };
    });
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
    return this.#call('branches', () =>
      [...this.#world.refs.keys()].filter((ref) => ref.startsWith('refs/heads/')).map((ref) => ref.slice(11)),
    );
  }

  #call<T>(label: string, effect: () => T): Promise<T> {
    return this.#parts.call(`git ${label}`, effect);
  }

  #at(path: string): Worktree {
    const found = this.#world.worktrees.get(path);
    if (found === undefined) throw new GitError('failed', `${path} is no worktree.`);
    return found;
  }

  #stand(path: string, worktree: Worktree): void {
    this.#world.worktrees.set(path, worktree);
    this.#world.version += 1;
  }

  #guard(ref: string, to: CommitId | null, why: 'land' | 'other' = 'other'): void {
    const { lease } = this.#world;
    const held =
      this.#lease !== null && lease?.holder === this.#parts.holder && lease.epoch === this.#lease.epoch;
    if (this.#lease !== null && !held && this.#parts.mutant.skipsLease !== true) throw fenced();
    this.#parts.moving(ref, to, why);
  }

  #move(ref: string, to: CommitId | null, why: 'land' | 'other' = 'other'): void {
    this.#guard(ref, to, why);
    this.#world.setRef(ref, to);
  }

  #save(branch: string, commit: CommitId): string {
    const prefix = `refs/rigs/saved/${branch}/`;
    const names = [...this.#world.refs].filter(([ref]) => ref.startsWith(prefix));
    const standing = names.find(([, at]) => at === commit)?.[0];
    if (standing !== undefined) return standing;
    const ref = `${prefix}${String(names.length + 1)}`;
    this.#move(ref, commit);
    return ref;
  }

  /** Gives a ref to what a worktree's end would take the last one from. */
  #keep(at: Worktree, branch: string): string | null {
    const head = this.#world.headOf(at);
    const tips = new Set(at.reflog);
    if (head !== null)
      tips.add(this.#world.isClean(at) ? head : this.#world.commit(head, at.files, 'Uncommitted'));
    let kept: string | null = null;
    for (const tip of tips) {
      if (!this.#isHeld(tip)) kept = this.#save(branch, tip);
    }
    return kept;
  }

  #isHeld(id: CommitId | null): boolean {
    if (id === null) return true;
    const others = [...this.#world.refs].filter(([name]) => !name.startsWith(queueRefs));
    return others.some(([, ref]) => this.#world.holds(ref, id));
  }

  #dropBranch(branch: string): void {
    const ref = `refs/heads/${branch}`;
    const tip = this.#world.refs.get(ref);
    if (tip === undefined) return;
    const others = [...this.#world.refs].filter(
      ([name]) => name !== ref && !/^refs\/rigs\/(saved|queue)\//.test(name),
    );
    const held = others.some(([, at]) => this.#world.holds(at, tip));
    if (held || this.#parts.mutant.forgetsWork === true) this.#move(ref, null);
  }

  /** Files of the checkout that has the target out; null when none has. Those a person changed stay. */
  #takeAlong(target: string, onto: CommitId, commit: CommitId): readonly string[] | null {
    const main = this.#world.worktrees.get(repository.root);
    if (main?.branch !== target) return null;
    const before = this.#world.of(onto).files;
    const after = this.#world.of(commit).files;
    const left: string[] = [];
    for (const name of this.#world.changed(onto, commit)) {
      const here = main.files.get(name);
      if (here === after.get(name)) continue;
      if (here !== before.get(name) && this.#parts.mutant.overwrites !== true) left.push(name);
      else main.files.set(name, after.get(name) ?? '');
    }
    main.reflog.push(commit);
    return left;
  }
}

/** Commits everything in a worktree, as `git commit -a` does. */
export function commitIn(world: GitWorld, at: Worktree, subject: string): CommitId {
  const id = world.commit(world.headOf(at), at.files, subject);
  world.moveHead(at, id);
  return id;
}

export function short(id: string): string {
  return id.replace(/^0+/, '#');
}

function fenced(): GitError {
  return new GitError('fenced', 'A later owner has taken the rig over.');
}
