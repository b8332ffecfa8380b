import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AssayerError } from '../../assayer/assayerError.ts';
import { inspect } from '../../assayer/inspector.ts';
import { type ModelAccess, ModelError } from '../../ports/models.ts';
import type { Bead, Evidence, Inspected } from '../../town/bead.ts';
import type { BeadId, CommitId } from '../../town/ids.ts';
import { newestConflict, otherBeads } from '../../town/ladder.ts';
import type { Polecat } from '../../town/polecat.ts';
import { type Reason, reason } from '../../town/reason.ts';
import type { Verdict } from '../../town/verdict.ts';
import { verdictText } from '../../words/verdict.ts';
import { tellSpent } from './assaying.ts';
import type { HandContext } from './context.ts';

/** Work whose checks are green. */
export interface GreenWork extends Pick<Evidence, 'files' | 'checks'> {
  readonly commit: CommitId;
  readonly diff: string;
  /** Folder for what an agent is told of it. */
  readonly outputs: string;
}

/** What two sides of a conflict became, with whose work it was brought together. */
export interface SettledWork extends Pick<GreenWork, 'commit' | 'files' | 'checks' | 'diff'> {
  readonly others: readonly Pick<Bead, 'id' | 'title' | 'criteria'>[];
}

/** `verdict` null: nobody was there to inspect, or gave no answer that counts and a person let it pass. */
type Passed = Pick<Evidence, 'acceptedAt'> & { readonly verdict: Verdict | null };
export type Inspection =
  | { readonly ok: true; readonly passed: Passed }
  | {
      readonly ok: false;
      readonly missing: Reason;
      readonly inspected: Pick<Inspected, 'commit' | 'verdict'>;
    };

/** Has a model judge work against its criteria, where the person wants that and it costs them nothing they did not choose. */
export async function inspectWork(
  context: HandContext,
  bead: Bead,
  polecat: Polecat,
  work: GreenWork,
  signal: AbortSignal,
): Promise<Inspection> {
  const accepted = acceptedOf(bead, work.commit);
  if (accepted !== null) return { ok: true, passed: accepted };
  const unseen: Inspection = { ok: true, passed: { verdict: null } };
  if (!context.settings().inspect) return unseen;
  const use = { author: polecat.seat.provider, unasked: true };
  const access = await context.agents.assayer('inspector', use);
  if (access === null) return unseen;
  signal.throwIfAborted();
  const { provider, model } = access;
  context.say({ what: 'inspection.started', level: 'info', facts: { provider, model }, bead });
  const others = othersOf(context, bead);
  const found = await verdictOn(context, bead, { ...work, others }, access, signal);
  const outcome = 'outcome' in found ? found.outcome : 'none';
  const level = outcome === 'pass' ? 'good' : 'warning';
  context.say({ what: 'inspection.finished', level, facts: { provider, model, outcome }, bead });
  const { commit } = work;
  if (!('outcome' in found)) return { ok: false, missing: found, inspected: { commit, verdict: null } };
  if (found.outcome === 'pass') return { ok: true, passed: { verdict: found } };
  const missing = await wanting(found, work.outputs);
  return { ok: false, missing, inspected: { commit, verdict: found } };
}

/** Whether what programs made of a conflict still holds what both sides are for; where nobody is there to judge, it does. */
export async function inspectSettled(
  context: HandContext,
  bead: Bead,
  work: SettledWork,
  signal: AbortSignal,
): Promise<boolean> {
  const polecat = bead.polecat === null ? undefined : context.state().polecats[bead.polecat];
  const use = { unasked: true, author: polecat?.seat.provider ?? null };
  const access = await context.agents.assayer('inspector', use);
  if (access === null) return true;
  signal.throwIfAborted();
  const { provider, model } = access;
  context.say({ what: 'inspection.started', level: 'info', facts: { provider, model }, bead });
  const found = await verdictOn(context, bead, work, access, signal);
  const outcome = 'outcome' in found ? found.outcome : 'none';
  const level = outcome === 'pass' ? 'good' : 'warning';
  context.say({ what: 'inspection.finished', level, facts: { provider, model, outcome }, bead });
  return outcome === 'pass';
}

/** Whose work a bead last conflicted with: its agent brought both together. */
function othersOf(context: HandContext, { id }: Bead): SettledWork['others'] {
  const { requests, beads } = context.state();
  const last = newestConflict(requests, id);
  return otherBeads(last?.reason ?? null).flatMap((one) => beads[one as BeadId] ?? []);
}

/** A person's word counts for the commit that they saw judged, and for no other. */
function acceptedOf({ inspected }: Bead, commit: CommitId): Passed | null {
  if (inspected?.acceptedAt == null || inspected.commit !== commit) return null;
  return { verdict: inspected.verdict, acceptedAt: inspected.acceptedAt };
}

/** A verdict, or why there is none: that is a person's business, and never a pass. */
async function verdictOn(
  context: HandContext,
  bead: Bead,
  work: SettledWork,
  access: ModelAccess,
  signal: AbortSignal,
): Promise<Verdict | Reason> {
  const { provider, model } = access;
  const { commit, diff, files, others } = work;
  const checks = work.checks.map((one) => one.name);
  try {
    const models = await context.openModels(access);
    const asking = { models, model, clock: context.clock, signal };
    const inspection = await inspect({ ...asking, provider, bead, commit, diff, files, others, checks });
    await tellSpent(context, bead, access, inspection);
    return inspection.verdict;
  } catch (error) {
    signal.throwIfAborted();
    if (AssayerError.is(error)) await tellSpent(context, bead, access, error);
    else if (!ModelError.is(error)) throw error;
    return reason('inspector_silent', { provider, detail: error.message });
  }
}

/** The whole of it lies in a file, which its agent is shown. */
async function wanting(verdict: Verdict, outputs: string): Promise<Reason> {
  const output = path.join(outputs, 'inspection.md');
  await mkdir(outputs, { recursive: true });
  await writeFile(output, verdictText(verdict));
  const { provider, outcome, criteria, notes } = verdict;
  const first = criteria.find((one) => !one.met);
  const said = notes === '' && first !== undefined ? `${first.criterion}: ${first.why}` : notes;
  const code = outcome === 'fail' ? 'inspector_fails' : 'inspector_wants';
  return reason(code, { provider, notes: said.slice(0, 1_000), output });
}
