import type { RigHandle } from './town.ts';
import {
  type AskId,
  type BeadId,
  type CommitId,
  type ConvoyId,
  type PolecatId,
  type RequestId,
  parseAskId,
  parseBeadId,
  parseCommitId,
  parseConvoyId,
  parsePolecatId,
  parseRequestId,
} from '../town/ids.ts';

/** What a command is about. `rig` is the key that `rigKey` gives a handle. Plain data: webviews send it too. */
export type Subject =
  | { readonly kind: 'rig'; readonly rig: string }
  | { readonly kind: 'bead'; readonly rig: string; readonly bead: BeadId }
  | { readonly kind: 'polecat'; readonly rig: string; readonly polecat: PolecatId }
  | { readonly kind: 'request'; readonly rig: string; readonly request: RequestId }
  | { readonly kind: 'convoy'; readonly rig: string; readonly convoy: ConvoyId }
  | { readonly kind: 'ask'; readonly rig: string; readonly ask: AskId }
  /** `provider`: which of the built-in agent's models; absent for a command line. */
  | { readonly kind: 'runner'; readonly rig: string; readonly runner: string; readonly provider?: string }
  /** `flaky`: by what its bead is known (town/flaky.ts). */
  | { readonly kind: 'flaky'; readonly rig: string; readonly flaky: string }
  | { readonly kind: 'gauge'; readonly rig: string; readonly tank: string; readonly gauge: string }
  | {
      readonly kind: 'change';
      readonly rig: string;
      readonly from: CommitId;
      readonly to: CommitId;
      readonly path: string;
    };

/** `codex`, the name that a person gave an agent of their own, or `Agent 2 of "…"` for an entry that is none. */
const runnerPattern = /^[A-Za-z0-9][\w ."-]{0,79}$/;
const flakyPattern = /^flaky-[0-9a-f]{8}$/;
const gaugePattern = /^[\w/-]{1,40}$/;

export type OpenRig = Extract<RigHandle, { kind: 'open' }>;

/** A rig is the same in every folder and worktree of it; one that is not open is known by its folder only. */
export function rigKey(rig: RigHandle): string {
  return rig.kind === 'open' ? rig.control.repository.commonDir : rig.folder;
}

/** Commands are called by rows, webviews, key bindings and other extensions; null for what is not a subject. */
export function parseSubject(value: unknown): Subject | null {
  if (typeof value !== 'object' || value === null) return null;
  // A row of a tree says its subject by a getter.
  if ('subject' in value) return parseSubject(value.subject);
  const found = new Map<string, unknown>(Object.entries(value));
  const text = (key: string): string => {
    const one = found.get(key);
    return typeof one === 'string' ? one : '';
  };
  const rig = text('rig');
  if (rig === '') return null;
  switch (text('kind')) {
    case 'rig':
      return { kind: 'rig', rig };
    case 'bead':
      return made(parseBeadId(text('bead')), (bead) => ({ kind: 'bead', rig, bead }));
    case 'polecat':
      return made(parsePolecatId(text('polecat')), (polecat) => ({ kind: 'polecat', rig, polecat }));
    case 'request':
      return made(parseRequestId(text('request')), (request) => ({ kind: 'request', rig, request }));
    case 'convoy':
      return made(parseConvoyId(text('convoy')), (convoy) => ({ kind: 'convoy', rig, convoy }));
    case 'ask':
      return made(parseAskId(text('ask')), (ask) => ({ kind: 'ask', rig, ask }));
    case 'runner': {
      const [runner, provider] = [text('runner'), text('provider')];
      if (!runnerPattern.test(runner)) return null;
      return { kind: 'runner', rig, runner, ...(runnerPattern.test(provider) ? { provider } : {}) };
    }
    case 'flaky': {
      const flaky = text('flaky');
      return flakyPattern.test(flaky) ? { kind: 'flaky', rig, flaky } : null;
    }
    case 'gauge': {
      const [tank, gauge] = [text('tank'), text('gauge')];
      return runnerPattern.test(tank) && gaugePattern.test(gauge)
        ? { kind: 'gauge', rig, tank, gauge }
        : null;
    }
    case 'change':
      return change(rig, text);
    default:
      return null;
  }
}

function made<I>(id: I | null, make: (id: I) => Subject): Subject | null {
  return id === null ? null : make(id);
}

function change(rig: string, text: (key: string) => string): Subject | null {
  const from = parseCommitId(text('from'));
  const to = parseCommitId(text('to'));
  const path = text('path');
  return from === null || to === null || path === '' ? null : { kind: 'change', rig, from, to, path };
}
