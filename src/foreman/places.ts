import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import type { BeadId, CommitId, PolecatId, RequestId, Token } from '../town/ids.ts';

/** Where everything of a rig lies on disk. Ids are `[a-z0-9-]`, so no title or name of a person gets into a path. */
export interface Places {
  worktree(polecatName: string): string;
  /** Rigs' own clean worktrees: one for each run of the queue, and for each proof of a done, that goes on at once. */
  queueWorktree(slot: number): string;
  proofWorktree(slot: number): string;
  /** Worktrees filled ahead for polecats to come. */
  readonly spares: string;
  readonly trash: string;
  readonly spool: string;
  readonly door: string;
  /** A polecat's own folder for what its vendor's program is told. */
  agent(polecat: PolecatId): string;
  transcript(polecat: PolecatId, token: Token): string;
  claim(polecat: PolecatId, token: Token): string;
  proofOutputs(bead: BeadId, token: Token): string;
  landingOutputs(request: RequestId, at: number): string;
  tipOutputs(batch: number, length: number, at: number): string;
  targetOutputs(commit: CommitId, run: string): string;
  readonly setupOutputs: string;
  readonly unfinished: string;
  /** How conflicts of this repository were settled; beside the person's own `rr-cache`. */
  readonly resolutions: string;
}

/** `root` is the setting, or null for `../<repo>.rigs` beside the repository. */
export function placesOf(repository: Repository, stateFolder: string, root: string | null): Places {
  const worktrees = root === null ? `${repository.root}.rigs` : path.join(root, folderFor(repository));
  return {
    worktree: (name) => path.join(worktrees, name),
    queueWorktree: (slot) => path.join(worktrees, slot === 0 ? '.queue' : `.queue-${String(slot)}`),
    proofWorktree: (slot) => path.join(worktrees, `.proof-${String(slot)}`),
    spares: path.join(worktrees, '.spares'),
    trash: path.join(worktrees, '.trash'),
    spool: path.join(stateFolder, 'spool'),
    door: path.join(stateFolder, 'door'),
    agent: (polecat) => path.join(stateFolder, 'agents', polecat),
    transcript: (polecat, token) =>
      path.join(stateFolder, 'transcripts', `${polecat}.${String(token)}.jsonl`),
    claim: (polecat, token) => path.join(stateFolder, 'claims', `${polecat}.${String(token)}.json`),
    proofOutputs: (bead, token) => path.join(stateFolder, 'outputs', `${bead}.${String(token)}`),
    landingOutputs: (request, at) => path.join(stateFolder, 'outputs', `${request}.${String(at)}`),
    tipOutputs: (batch, length, at) =>
      path.join(stateFolder, 'outputs', `batch-${String(batch)}.${String(length)}.${String(at)}`),
    targetOutputs: (commit, run) => path.join(stateFolder, 'outputs', `target-${commit.slice(0, 12)}.${run}`),
    setupOutputs: path.join(stateFolder, 'outputs', 'setup'),
    unfinished: path.join(stateFolder, 'unfinished'),
    resolutions: path.join(repository.commonDir, 'rigs', 'resolutions'),
  };
}

/** Two repositories of one name share a root setting without meeting. */
function folderFor(repository: Repository): string {
  const hash = createHash('sha256').update(repository.commonDir).digest('hex').slice(0, 8);
  return `${path.basename(repository.root)}-${hash}.rigs`;
}
