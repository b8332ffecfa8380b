import type { Entry } from '../../src/foreman/control.ts';
import { type Bead, isOpen } from '../../src/town/bead.ts';
import { contestOf, standingOf } from '../../src/town/contest.ts';
import type { BeadId, CommitId, RequestId } from '../../src/town/ids.ts';
import type { RigState } from '../../src/town/state.ts';
import type { GitWorld } from './gitWorld.ts';
import { Broken, type Model, type Ownership } from './model.ts';
import type { Sessions, SimSession } from './sessions.ts';
import { repository, short } from './simGit.ts';
import { isGreen } from './trees.ts';

/** What is known of commits and trees beyond what git itself knows. */
export class Ledger {
  /** Made by agents; none may ever become unreachable. */
  readonly byAgents = new Set<CommitId>();
  /** Trees that were checked, from first to last as they are, and green. */
  readonly green = new Set<string>();
  /** What came onto the target, by whomever. */
  readonly onTarget = new Set<CommitId>();
  #checkedAt = -1;
  #checkedCount = -1;

  /** Invariant 1. */
  checkCommits(git: GitWorld): void {
    if (this.#checkedAt === git.version && this.#checkedCount === this.byAgents.size) return;
    this.#checkedAt = git.version;
    this.#checkedCount = this.byAgents.size;
    const reachable = git.reachable();
    for (const id of this.byAgents) {
      if (!reachable.has(id))
        throw new Broken(1, `the agent's commit ${short(id)} is reachable from nowhere`);
    }
  }

  /** Invariant 3, at the moment of a landing. */
  checkLanding(git: GitWorld, commit: CommitId): void {
    if (!this.green.has(git.of(commit).tree))
      throw new Broken(3, `${short(commit)} lands, and no checks were green on it`);
    const former = git.branch('main');
    if (former !== null && !git.holds(commit, former))
      throw new Broken(3, `${short(commit)} lands and does not stand on the former target ${short(former)}`);
  }
}

/** Invariant 3: what a person has changed in their checkout and not committed. */
export function checkPersonsFiles(git: GitWorld, files: ReadonlyMap<string, string>): void {
  const main = git.worktrees.get(repository.root);
  for (const [name, content] of files) {
    if (main?.files.get(name) !== content)
      throw new Broken(3, `the person's change of ${name} was overwritten`);
  }
}

/** Invariant 2, outside: agents that run. */
export function checkOneAgent(sessions: Sessions, started: SimSession): void {
  for (const other of sessions.living()) {
    if (other !== started && other.bead === started.bead)
      throw new Broken(2, `${started.actor.name} starts while ${other.actor.name} works on ${other.bead}`);
  }
}

/** Invariants 2, 3 and 4, inside: what was just acknowledged. */
export function checkEntry(
  ledger: Ledger,
  git: GitWorld,
  { before, state }: { readonly before: RigState; readonly state: RigState },
  entry: Entry,
): void {
  for (const event of entry.events) {
    if (event.type === 'batch.ended' && event.culprit !== null) checkCulprit(git, before, event.culprit);
    if (event.type === 'request.landed' && !ledger.onTarget.has(event.commit))
      throw new Broken(3, `${short(event.commit)} is called landed and was never on the target`);
    if (event.type === 'request.entered' && !git.durable.has(event.head))
      throw new Broken(4, `a done was acknowledged before its commit ${short(event.head)} was on the disk`);
    if (event.type !== 'polecat.created') continue;
    const others = Object.values(state.polecats).filter(
      (one) => one.bead === event.bead && one.state !== 'retired',
    );
    if (others.length > 1)
      throw new Broken(2, `${event.bead} has ${others.map((one) => one.id).join(' and ')}`);
  }
}

/** Invariant 3: who goes back fails on exactly what would have landed, and what stands before it does not. */
function checkCulprit(git: GitWorld, before: RigState, culprit: RequestId): void {
  const { batch } = before.queue;
  const chain = batch?.chain ?? null;
  const place = chain?.links.findIndex(({ request }) => request === culprit) ?? -1;
  const tip = chain?.links[place]?.commit;
  const below = place === 0 ? chain?.base : chain?.links[place - 1]?.commit;
  if (tip === undefined || below === undefined)
    throw new Broken(3, `${culprit} goes back and was in no line that was proven`);
  if (isGreen(git.of(tip).files)) throw new Broken(3, `${culprit} goes back and ${short(tip)} is green`);
  if (!isGreen(git.of(below).files))
    throw new Broken(3, `${culprit} goes back for what was red before it, at ${short(below)}`);
}

/** Invariant 7: as far as this owner told anybody, by an instant. */
export function checkMayStart(owner: Ownership, what: string, by: number): void {
  const told = owner.lines[owner.acknowledged - 1];
  if (told?.state.stopped !== true) return;
  const since = owner.lines.findLast(({ events }) => events.some((event) => event.type === 'town.stopped'));
  if (since === undefined || since.at <= by)
    throw new Broken(7, `${what} is started though the town is stopped`);
}

/** What keeps the rig from being at rest, with the person at hand; null when it is. */
export function unrest(state: RigState, git: GitWorld, sessions: Sessions): string | null {
  const stuck = new Set(
    Object.values(state.asks)
      .filter((ask) => ask.answer === null && ask.subject.kind === 'stuck')
      .map((ask) => ask.bead),
  );
  for (const bead of Object.values(state.beads)) {
    if (!isOpen(bead.status)) continue;
    // Its attempts say for themselves what they wait for; one of them may stand before the person.
    if (isHeldByAttempt(state, bead, stuck)) continue;
    const blocked = bead.dependencies.some((id) => state.beads[id]?.status !== 'completed');
    const waits =
      (bead.status === 'queued' && blocked) || (bead.status === 'in_progress' && stuck.has(bead.id));
    if (!waits) return `${bead.id} is ${bead.status} and waits for nobody`;
  }
  for (const polecat of Object.values(state.polecats)) {
    const bead = state.beads[polecat.bead];
    const ended = !isOpen(bead?.status ?? 'completed');
    // What was not picked is kept as long as another may be picked after all.
    if (bead?.status === 'not_picked' && contestOf(state, bead)?.status === 'contested') continue;
    if (ended && !polecat.cleared) return `${polecat.id} is ${polecat.state} and not cleared`;
  }
  const housed = new Set(
    Object.values(state.polecats).flatMap((one) => (one.cleared ? [] : [one.worktree ?? ''])),
  );
  for (const path of git.worktrees.keys()) {
    const own = path !== repository.root && !path.includes('/.');
    if (own && !housed.has(path)) return `the worktree ${path} belongs to nobody`;
  }
  for (const session of sessions.living()) {
    const open = isOpen(state.beads[session.bead as keyof RigState['beads']]?.status ?? 'completed');
    if (!open) return `${session.actor.name} runs for an ended bead`;
  }
  return null;
}

function isHeldByAttempt(state: RigState, bead: Bead, stuck: ReadonlySet<BeadId | null>): boolean {
  const about = bead.status === 'contested' ? bead : contestOf(state, bead);
  if (about === null || (bead.status !== 'contested' && bead.status !== 'contending')) return false;
  const { atWork, picked } = standingOf(state, about);
  return [...atWork, ...(picked === null ? [] : [picked])].some(({ id, status, dependencies }) => {
    const blocked = dependencies.some((one) => state.beads[one]?.status !== 'completed');
    return stuck.has(id) || (status === 'queued' && blocked);
  });
}

/** The end of a seed: nothing that was acknowledged may have been forgotten by the model itself. */
export function checkEnd(model: Model, state: RigState): void {
  if (JSON.stringify(Object.keys(state.beads)) !== JSON.stringify(Object.keys(model.state.beads)))
    throw new Broken(4, 'the beads that are shown are not those that were acknowledged');
}
