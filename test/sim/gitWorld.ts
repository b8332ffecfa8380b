import type { CommitId } from '../../src/town/ids.ts';
import type { Files, Merged } from './trees.ts';
import { applyChange, merge, sameFiles, treeId } from './trees.ts';

export interface Commit {
  readonly id: CommitId;
  readonly parent: CommitId | null;
  readonly files: Files;
  readonly tree: string;
  readonly subject: string;
}

export interface Worktree {
  /** Short name; null when detached. */
  branch: string | null;
  /** Where it stands when detached. */
  detached: CommitId | null;
  /** What lies in the folder. */
  files: Map<string, string>;
  /** Every commit its HEAD ever stood on. */
  readonly reflog: CommitId[];
}

/** A retired worktree: its folder, and its registration with the reflog. */
export interface Slot {
  readonly from: string;
  readonly worktree: Worktree;
  readonly head: CommitId | null;
  /** Since when it is in the trash. */
  readonly at: number;
}

/**
 * A repository in memory: commits with whole trees, refs, worktrees, a trash. It is what outlives every process: git's
 * own durability is not in question here (`core.fsync=all`), what is done with it is.
 */
export class GitWorld {
  readonly commits = new Map<CommitId, Commit>();
  /** Full names. */
  readonly refs = new Map<string, CommitId>();
  readonly worktrees = new Map<string, Worktree>();
  readonly trash: Slot[] = [];
  /** Commits that are on the disk for sure. */
  readonly durable = new Set<CommitId>();
  /** Who may move refs: the lease as it stands. */
  lease: { readonly rig: string; readonly epoch: number; readonly holder: string } | null = null;
  /** Grows with every change of a ref, worktree or trash slot. */
  version = 0;
  #count = 0;
  readonly #again = new Map<string, CommitId>();
  #reachable: { readonly version: number; readonly ids: ReadonlySet<CommitId> } | null = null;

  commit(parent: CommitId | null, files: Files, subject: string): CommitId {
    this.#count += 1;
    const id = this.#count.toString(16).padStart(40, '0') as CommitId;
    this.commits.set(id, { id, parent, files: new Map(files), tree: treeId(files), subject });
    return id;
  }

  /** A commit made again on another parent: the same each time. */
  again(id: CommitId, parent: CommitId, files: Files): CommitId {
    const key = `${id} ${parent}`;
    const made = this.#again.get(key) ?? this.commit(parent, files, this.of(id).subject);
    this.#again.set(key, made);
    return made;
  }

  of(id: CommitId): Commit {
    const found = this.commits.get(id);
    if (found === undefined) throw new Error(`no commit ${id}`);
    return found;
  }

  branch(name: string): CommitId | null {
    return this.refs.get(`refs/heads/${name}`) ?? null;
  }

  setRef(ref: string, to: CommitId | null): void {
    this.version += 1;
    if (to === null) this.refs.delete(ref);
    else this.refs.set(ref, to);
  }

  headOf(worktree: Worktree): CommitId | null {
    return worktree.branch === null ? worktree.detached : this.branch(worktree.branch);
  }

  /** Moves HEAD of a worktree, and with it the branch it is on. Its files stay. */
  moveHead(worktree: Worktree, to: CommitId): void {
    this.version += 1;
    if (worktree.branch === null) worktree.detached = to;
    else this.setRef(`refs/heads/${worktree.branch}`, to);
    worktree.reflog.push(to);
  }

  /** Newest first, down to the root. */
  line(from: CommitId | null): readonly CommitId[] {
    const line: CommitId[] = [];
    for (let id = from; id !== null; id = this.of(id).parent) line.push(id);
    return line;
  }

  between(from: CommitId | null, to: CommitId): readonly CommitId[] {
    const before = new Set(this.line(from));
    return this.line(to).filter((id) => !before.has(id));
  }

  holds(line: CommitId | null, id: CommitId): boolean {
    for (let at = line; at !== null; at = this.of(at).parent) if (at === id) return true;
    return false;
  }

  mergeBase(a: CommitId, b: CommitId): CommitId | null {
    const ancestors = new Set(this.line(a));
    return this.line(b).find((id) => ancestors.has(id)) ?? null;
  }

  changed(from: CommitId, to: CommitId): readonly string[] {
    const a = this.of(from).files;
    const b = this.of(to).files;
    return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
  }

  /** One commit replayed on another; `conflicts` names the files that could not be. */
  replay(id: CommitId, onto: CommitId): Merged {
    const { files, parent } = this.of(id);
    return merge(parent === null ? new Map() : this.of(parent).files, this.of(onto).files, files);
  }

  uncommitted(worktree: Worktree): readonly string[] {
    const head = this.headOf(worktree);
    const before: Files = head === null ? new Map() : this.of(head).files;
    return applyChange(before, worktree.files);
  }

  isClean(worktree: Worktree): boolean {
    const head = this.headOf(worktree);
    return head !== null && sameFiles(this.of(head).files, worktree.files);
  }

  /** Everything that some ref or a standing worktree leads to. Not the trash: it is emptied. */
  reachable(): ReadonlySet<CommitId> {
    if (this.#reachable?.version === this.version) return this.#reachable.ids;
    const ids = new Set<CommitId>();
    const follow = (from: CommitId | null): void => {
      for (let at = from; at !== null && !ids.has(at); at = this.of(at).parent) ids.add(at);
    };
    for (const id of this.refs.values()) follow(id);
    for (const one of this.worktrees.values()) {
      follow(this.headOf(one));
      for (const id of one.reflog) follow(id);
    }
    this.#reachable = { version: this.version, ids };
    return ids;
  }
}
