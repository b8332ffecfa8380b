/** What `rigs mq … --json` prints; stable as `shapes.ts` says. */
import type { CheckResult } from '../town/check.ts';
import { type MergeRequest, openStages } from '../town/mergeRequest.ts';
import { type Batch, type Run, commitOf, stepOf } from '../town/queue.ts';
import { type ScoreParts, retriesOf, scoreParts, totalOf } from '../town/queueOrder.ts';
import type { RigState } from '../town/state.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import type { Reach } from './reach.ts';
import { iso } from './shapes.ts';

export interface CheckJson {
  readonly name: string;
  readonly outcome: string;
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly output: string | null;
  /** Where a test runner named them. */
  readonly failedTests: readonly string[];
  readonly place: { readonly file: string; readonly line: number } | null;
  /** Why it was skipped, where that is not because nothing it is for has changed. */
  readonly unseen: string | null;
}

export interface RequestJson {
  readonly id: string;
  readonly bead: string;
  readonly title: string;
  readonly branch: string;
  readonly head: string;
  readonly stage: string;
  /** Why it is where it is; empty when there is nothing to say. */
  readonly why: string;
  /** The check that runs for it just now. */
  readonly step: string | null;
  /** The batch under proof that it is in. */
  readonly batch: number | null;
  /** Who said yes: `person`, `convoy`. */
  readonly approval: string | null;
  /** When a person put it before all others. */
  readonly front: string | null;
  /** The request whose landing it takes back. */
  readonly reverts: string | null;
  readonly landed: string | null;
  /** Where its pull request is seen. */
  readonly pullRequest: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
}

export interface TipJson {
  /** Requests from the front of the line that it holds; 0 is the target alone. */
  readonly length: number;
  readonly commit: string | null;
  readonly state: 'running' | 'green' | 'red';
  /** Nothing ran: the same tree was proven before. */
  readonly known: boolean;
  /** What runs just now. */
  readonly step: string | null;
  readonly checks: readonly CheckJson[];
}

export interface BatchJson {
  readonly id: number;
  readonly target: string;
  /** False: one request is proven ahead, and waits for a yes then. */
  readonly lands: boolean;
  /** Request ids, front first. */
  readonly line: readonly string[];
  readonly landed: number;
  readonly tips: readonly TipJson[];
  readonly began: string;
}

export function requestJson({ rig: { state } }: Pick<Reach, 'rig'>, request: MergeRequest): RequestJson {
  const { id, bead, branch, head, stage, approval, front, reverts, landed } = request;
  const { batch } = state.queue;
  return {
    id,
    bead,
    title: state.beads[bead]?.title ?? '',
    branch,
    head,
    stage,
    why: request.reason === null ? '' : sentence(request.reason, plainEnglish),
    step: stepOf(state, id),
    batch: batch?.line.includes(id) === true ? batch.id : null,
    approval,
    front: front === undefined ? null : iso(front),
    reverts: reverts ?? null,
    landed,
    pullRequest: request.offer?.url ?? null,
    createdAt: iso(request.createdAt),
    changedAt: iso(request.changedAt),
  };
}

/** Its worth in line with what it is made of; null for one that is in no line any more. */
export function scoreJson(
  { rig: { state }, now }: Pick<Reach, 'rig' | 'now'>,
  request: MergeRequest,
): (ScoreParts & { readonly total: number }) | null {
  if (!openStages.includes(request.stage)) return null;
  const parts = scoreParts(state, request, retriesOf(state, request), now());
  return { total: totalOf(parts), ...parts };
}

export function batchJson(batch: Batch): BatchJson {
  const { id, target, lands, line, landed, at } = batch;
  return { id, target, lands, line, landed, tips: tipsJson(batch), began: iso(at) };
}

/** The shortest first. One that is doubted runs, although it was red before. */
export function tipsJson(batch: Batch): readonly TipJson[] {
  const { running, runs } = batch;
  const lengths = new Set([...Object.keys(runs).map(Number), ...running]);
  return [...lengths].sort((a, b) => a - b).map((length) => tipJson(batch, length, runs[length]));
}

function tipJson(batch: Batch, length: number, run: Run | undefined): TipJson {
  const runs = run === undefined || batch.running.includes(length);
  return {
    length,
    commit: commitOf(batch, length),
    state: runs ? 'running' : run.outcome,
    known: !runs && run.known,
    step: runs ? (batch.steps[length] ?? null) : null,
    checks: runs ? [] : checksJson(run.checks),
  };
}

export function checksJson(checks: readonly CheckResult[]): readonly CheckJson[] {
  return checks.map(
    ({ name, outcome, exitCode, durationMs, outputFile, failedTests = [], place = null, unseen = null }) => {
      return { name, outcome, exitCode, durationMs, output: outputFile, failedTests, place, unseen };
    },
  );
}

/** By whom and why it stands still; null: it goes on. */
export function pauseJson(state: RigState): {
  readonly by: 'person' | 'queue';
  readonly why: string;
  readonly since: string;
} | null {
  const { paused } = state.queue;
  if (paused === null) return null;
  const { reason, at } = paused;
  const by = reason === null ? 'person' : 'queue';
  return { by, why: reason === null ? '' : sentence(reason, plainEnglish), since: iso(at) };
}
