import type { Notice } from '../../../src/ports/notices.ts';
import type { CheckResult } from '../../../src/town/check.ts';
import {
  type CommitId,
  type RequestId,
  parseBeadId,
  parseCommitId,
  parseRequestId,
} from '../../../src/town/ids.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';
import type { RigState } from '../../../src/town/state.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { emptyRig, fold } from '../../../src/town/state.ts';

export const morning = Date.UTC(2026, 2, 7, 9);

export function commit(digit: string): CommitId {
  const id = parseCommitId(digit.repeat(40));
  if (id === null) throw new Error(`${digit} is no hex digit`);
  return id;
}

export function requestIdOf(number: number): RequestId {
  const id = parseRequestId(`mr-${number.toString(36).padStart(5, '0')}`);
  if (id === null) throw new Error(`${number} is too large for a request id`);
  return id;
}

/** Line `number` of a feed, a second after the one before. */
export function line(number: number, changes: Partial<Notice> = {}): Notice {
  return {
    at: morning + number * 1000,
    level: 'info',
    what: 'check.started',
    facts: { name: `check ${number}` },
    why: null,
    kind: 'check',
    bead: parseBeadId('gt-0000a'),
    polecat: null,
    request: null,
    ...changes,
  };
}

export const passed: CheckResult = {
  name: 'test',
  outcome: 'passed',
  exitCode: 0,
  durationMs: 1200,
  outputFile: 'outputs/test.txt',
};

/** A rig with one bead and one request, in whatever state a test needs them. */
export function rigWith(
  ...requests: readonly (Partial<MergeRequest> & { readonly number: number })[]
): RigState {
  const events = requests.flatMap(({ number, createdAt }) => {
    const bead = beadIdOf(number);
    return [
      beadCreated(bead, { title: `Title ${number}` }),
      {
        type: 'request.entered' as const,
        request: requestIdOf(number),
        bead,
        branch: `polecat/nux/${bead}`,
        head: commit('a'),
        approval: null,
        at: createdAt ?? morning + number,
      },
    ];
  });
  const state = events.reduce(fold, emptyRig);
  const changed = requests.map(({ number, ...changes }) => {
    const id = requestIdOf(number);
    return [id, { ...state.requests[id], ...changes }] as const;
  });
  return { ...state, requests: Object.fromEntries(changed) as RigState['requests'] };
}
