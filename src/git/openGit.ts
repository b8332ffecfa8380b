import type { Git } from '../ports/git.ts';
import { addWorktree } from './addWorktree.ts';
import { approvalsIn, approvalsInMemory } from './approvals.ts';
import { Bases } from './base.ts';
import { commitAll } from './commit.ts';
import { describe } from './describe.ts';
import { makeDurable } from './durable.ts';
import { emptyTrash } from './emptyTrash.ts';
import { firstParents } from './firstParents.ts';
import { foresee } from './foresee.ts';
import { guarded, localPrograms } from './guard.ts';
import { diff, diffStat, log, files, show } from './history.ts';
import { joinOnto } from './joinOnto.ts';
import { type LastKept, keep } from './keep.ts';
import { lineMoves } from './lineMoves.ts';
import { land } from './land.ts';
import { learn, learnMerges } from './learn.ts';
import { Leases, fenced } from './lease.ts';
import { makeBranch } from './makeBranch.ts';
import { Merges } from './merges.ts';
import { NewBranches } from './ownBranch.ts';
import { cleanWorktree } from './ownWorktree.ts';
import type { StartProgram } from './running.ts';
import { abandonMerge, beginMerge, finishMerge } from './personMerge.ts';
import { push } from './push.ts';
import { reapply } from './reapply.ts';
import {
  assertLease,
  branchNames,
  branchTip,
  headOf,
  isAncestor,
  localConfig,
  mergeBase,
  treeAt,
} from './refs.ts';
import { retire } from './retire.ts';
import { revertOnto } from './revertOnto.ts';
import { settleOnto } from './settle.ts';
import { prepareSpares } from './spares.ts';
import { uncommitted } from './status.ts';
import { createRunGit } from './run.ts';
import { Includes, furnish } from './worktreeFiles.ts';
import { Turns } from '../system/turns.ts';

export interface GitOptions {
  /** The program, as a name on PATH or a path; `git` when not given. */
  readonly gitPath?: string;
  /** Where git runs; here when not given. */
  readonly start?: StartProgram;
  /** Milliseconds a fetch may take before the last known state has to do. */
  readonly fetchPatienceMs?: number;
  /** Milliseconds a push may take. */
  readonly pushPatienceMs?: number;
  /** Folder of the person's for what they approved; without it their word is good for this process. */
  readonly approvals?: string;
}

/** Git for one process. Open it once: the turns that keep worktrees from disturbing each other live in it. */
export function openGit(options: GitOptions = {}): Git {
  const file = options.gitPath ?? 'git';
  const leases = new Leases();
  const plain = createRunGit(file, options.start);
  const approvals = options.approvals === undefined ? approvalsInMemory() : approvalsIn(options.approvals);
  const git = fenced(guarded(plain, approvals), leases);
  const turns = new Turns();
  const sound = new Set<string>();
  const includes = new Includes();
  const branches = new NewBranches();
  const merges = new Merges(git);
  const lastKept: LastKept = new Map();
  const bases = new Bases(git, options.fetchPatienceMs);
  return {
    takeLease: (repository, lease) => leases.take(git, repository, lease),
    describe: (folder) => describe({ git: plain, file }, folder),
    freshestBase: (repository, target, signal) => bases.freshest(repository, target, signal),
    remoteTip: (repository, branch, signal) => bases.remoteTip(repository, branch, signal),
    firstParents: (repository, tip, most) => firstParents(git, repository, tip, most),
    joinOnto: (repository, before, commit, at) => joinOnto(git, repository, before, commit, at),
    tip: (repository, branch) => branchTip(git, repository, branch),
    treeOf: (repository, commit) => treeAt(git, repository, commit),
    addWorktree: (repository, path, branch, base, spares) =>
      addWorktree(git, turns, repository, {
        path,
        branch,
        branches,
        base,
        spares: spares === undefined ? undefined : { folder: spares, sound },
      }),
    furnish: (repository, path, furniture, signal) =>
      furnish(git, turns, repository, path, { ...furniture, includes, signal }),
    prepareSpares: (repository, folder, base, count, signal) =>
      prepareSpares(git, turns, repository, { folder, base, count, signal, sound }),
    commitAll: (worktree, message, branch) => commitAll(git, worktree, message, branch),
    makeDurable: (repository, base, commit) => makeDurable(git, repository, base, commit),
    head: (worktree) => headOf(git, worktree),
    uncommitted: (worktree) => uncommitted(git, worktree),
    diffStat: (repository, from, to) => diffStat(git, repository, from, to),
    diff: (repository, from, to, maxBytes) => diff(git, repository, from, to, maxBytes),
    log: (repository, from, to) => log(git, repository, from, to),
    files: (repository, commit) => files(git, repository, commit),
    show: (repository, commit, path) => show(git, repository, commit, path),
    lineMoves: (repository, between, paths) => lineMoves(git, repository, between, paths),
    mergeBase: (repository, a, b) => mergeBase(git, repository, a, b),
    isAncestor: (repository, ancestor, of) => isAncestor(git, repository, ancestor, of),
    assertOwner: (repository) => assertLease(git, repository),
    cleanWorktree: (repository, path, commit) => cleanWorktree(git, turns, repository, path, commit),
    mergeOnto: (repository, onto, wanted) => merges.onto(repository, onto, wanted),
    settleOnto: (repository, onto, wanted, how, signal) =>
      settleOnto(git, repository, onto, wanted, how, signal),
    learn: (repository, memory, settlement) => learn(git, repository, memory, settlement),
    learnMerges: (repository, memory, onto, heads) => learnMerges(git, repository, memory, onto, heads),
    beginMerge: (repository, worktree, branch, onto) => beginMerge(git, repository, worktree, branch, onto),
    finishMerge: (repository, worktree, merge) => finishMerge(git, repository, worktree, merge),
    abandonMerge: (repository, worktree) => abandonMerge(git, repository, worktree),
    foresee: (repository, pairs) => foresee(git, repository, pairs),
    revertOnto: (repository, onto, landing, message, at) =>
      revertOnto(git, repository, onto, landing, message, at),
    makeBranch: (repository, branch, commit) => makeBranch(git, repository, branch, commit),
    keep: async (repository, name, commit) => {
      try {
        await keep(git, lastKept, repository, name, commit);
      } catch (error) {
        merges.forget();
        throw error;
      }
    },
    push: (repository, remote, branch, commit, signal) =>
      push(git, repository, { remote, branch, commit }, { signal, patience: options.pushPatienceMs }),
    land: (repository, target, onto, commit) => land(git, repository, target, onto, commit),
    reapply: (repository, worktree, branch, onto) => reapply(git, repository, worktree, branch, onto),
    retire: (repository, worktree, trash) => retire(git, turns, repository, worktree, trash),
    emptyTrash: (repository, trash, olderThanMs, now) => emptyTrash(git, repository, trash, olderThanMs, now),
    localPrograms: (repository) => localPrograms(plain, repository, approvals),
    approvePrograms: (repository, programs) => approvals.add(repository.commonDir, programs),
    localConfig: (repository, key) => localConfig(plain, repository, key),
    branches: (repository) => branchNames(git, repository),
  };
}
