import fc from 'fast-check';
import type { BeadDraft, BeadStatus } from '../../src/town/bead.ts';
import { beadTypes, priorities } from '../../src/town/bead.ts';
import {
  type AskId,
  type BeadId,
  type CommitId,
  type ConvoyId,
  type PolecatId,
  type RequestId,
  type ThreadId,
  polecatId,
} from '../../src/town/ids.ts';
import type { RequestStage } from '../../src/town/mergeRequest.ts';
import { reason } from '../../src/town/reason.ts';
import type { TownEvent } from '../../src/town/state.ts';
import { plainDraft, rigId } from './events.ts';

/** Few ids, so that events meet each other's nouns. */
const oneOf = <T extends string>(...ids: readonly string[]): fc.Arbitrary<T> =>
  fc.constantFrom(...(ids as readonly T[]));
const bead = oneOf<BeadId>('gt-00001', 'gt-00002', 'gt-00003', 'gt-00004');
const convoy = oneOf<ConvoyId>('cv-00001', 'cv-00002');
const request = oneOf<RequestId>('mr-00001', 'mr-00002');
const ask = oneOf<AskId>('ak-00001', 'ak-00002', 'ak-00003');
const polecat: fc.Arbitrary<PolecatId> = fc.constantFrom(
  polecatId('nux', 1),
  polecatId('ace', 2),
  polecatId('nux', 3),
);
const thread = oneOf<ThreadId>('rt-00001', 'rt-00002');
const threads = fc.uniqueArray(thread, { maxLength: 2 });
const commit = oneOf<CommitId>('a'.repeat(40), 'b'.repeat(40));
const at = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_050 });
const token = fc.integer({ min: 1, max: 9 });
const status = oneOf<BeadStatus>(
  'pending',
  'optimizing',
  'queued',
  'deferred',
  'assigned',
  'in_progress',
  'reviewing',
  'merging',
  'completed',
  'failed',
  'cancelled',
);
const stage = oneOf<RequestStage>(
  'queued',
  'proving',
  'ready',
  'approved',
  'landing',
  'offered',
  'conflict',
  'ejected',
);
/** Text as strangers write it: any character, newlines and lone surrogates too. */
const text = fc.string({ unit: 'binary', maxLength: 12 });
const batch = fc.integer({ min: 1, max: 3 });
const length = fc.nat(3);
const line = fc.uniqueArray(request, { minLength: 1, maxLength: 2 });
const link = fc.record({ request, commit, tree: text });
const chain = fc.record({
  onto: commit,
  base: commit,
  baseTree: text,
  links: fc.array(link, { maxLength: 2 }),
  basis: text,
});
const run = fc.record({
  outcome: fc.constantFrom('green' as const, 'red' as const),
  checks: fc.constant([]),
  known: fc.boolean(),
  at,
});
const why = fc.option(text.map((said) => reason('person_said', { said })));
const seat = fc.constant({ runner: 'worker', provider: 'rehearsal', tank: 'rehearsal', model: 'script' });
const purpose = fc.constantFrom('begin' as const, 'resume' as const, 'revise' as const, 'remind' as const);
const exit = fc.record({
  how: fc.constantFrom('exited' as const, 'signalled' as const, 'closed' as const, 'lost' as const),
  code: fc.option(fc.integer({ min: 0, max: 2 })),
  signal: fc.constant(null),
});
const draft: fc.Arbitrary<BeadDraft> = fc
  .record({
    title: text,
    description: text,
    type: fc.constantFrom(...beadTypes),
    priority: fc.constantFrom(...priorities),
    dependencies: fc.array(bead, { maxLength: 3 }),
  })
  .map((some) => ({ ...plainDraft, ...some }));
const changes = fc.record(
  { title: text, priority: fc.constantFrom(...priorities), dependencies: fc.array(bead, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const usage = fc.record({ input: fc.nat(9), cachedInput: fc.nat(9), output: fc.nat(9) });
const subject = fc.oneof(
  fc.record({
    kind: fc.constant('permission' as const),
    polecat,
    token,
    tool: fc.constant('run'),
    detail: text,
  }),
  fc.record({
    kind: fc.constant('stuck' as const),
    polecat,
    reason: text.map((said) => reason('stuck', { said })),
  }),
);
const evidence = fc.record({ commit, summary: text, at }).map((some) => ({
  ...some,
  tree: null,
  base: null,
  files: [],
  insertions: 1,
  deletions: 0,
  checks: [],
  committedForAgent: false,
}));
const candidate = fc.record({ commit, onto: commit, checks: fc.constant([]), provenAt: at });

type Shape<T extends TownEvent['type']> = {
  readonly [M in Exclude<keyof Extract<TownEvent, { type: T }>, 'type'>]: fc.Arbitrary<
    Extract<TownEvent, { type: T }>[M]
  >;
};

/** Every kind of event there is; a new one without an entry is a compile error. */
const shapes: { readonly [T in TownEvent['type']]: Shape<T> } = {
  'town.stopped': { at },
  'town.started': { at },
  'rig.adopted': { id: fc.constant(rigId), name: text, commonDir: text, target: text, at },
  'rig.target': { target: text, at },
  'rig.parked': { at },
  'rig.unparked': { at },
  'rig.checks': { checks: fc.record({ definitions: fc.constant([]), hash: text, confirmedAt: at }), at },
  'rig.granted': { grant: text, at },
  'rig.revoked': { grant: text, at },
  'bead.created': {
    bead,
    convoy: fc.option(convoy),
    draft,
    trial: fc.constantFrom('worded', 'control'),
    attemptAt: bead,
    at,
  },
  'bead.contested': { bead, attempts: fc.array(bead, { maxLength: 3 }), at },
  'bead.picked': { bead, attempt: bead, at },
  'bead.edited': { bead, changes, at },
  'bead.moved': { bead, to: status, reason: why, at },
  'bead.evidenced': { bead, evidence, at },
  'bead.inspected': { bead, commit, verdict: fc.constant(null), at },
  'bead.accepted': { bead, commit, at },
  'bead.sentBack': { bead, reason: text.map((words) => reason('sent_back', { words })), at },
  'bead.reminded': { bead, reason: text.map((said) => reason('no_result_stated', { said })), at },
  'bead.touched': { bead, files: fc.array(fc.string()), at },
  'bead.usage': { bead, token, usage, at },
  'bead.landed': { bead, commit, at },
  'review.drafted': {
    bead,
    thread,
    place: fc.record({
      commit,
      side: fc.constantFrom('base' as const, 'changed' as const),
      path: text,
      from: fc.integer({ min: 1, max: 9 }),
      to: fc.integer({ min: 9, max: 20 }),
      lines: text,
    }),
    words: text,
    at,
  },
  'review.edited': { bead, thread, note: fc.nat(3), words: text, at },
  'review.dropped': { bead, thread, note: fc.nat(3), at },
  'review.sent': { bead, threads, at },
  'review.replied': {
    ...{ bead, thread, agent: fc.option(fc.constant('nux')), words: text },
    ...{ call: fc.option(text, { nil: undefined }), at },
  },
  'review.resolved': { bead, thread, agent: fc.option(fc.constant('nux')), at },
  'review.reopened': { bead, thread, at },
  'review.reminded': {
    ...{ bead, threads, reason: text.map((said) => reason('review_owed', { said })), at },
  },
  'bead.optimized': {
    bead,
    optimized: fc.record({
      prompt: text,
      changes: fc.array(text, { maxLength: 2 }),
      dropped: fc.array(text, { maxLength: 2 }),
      provider: text,
      model: text,
      accepted: fc.constantFrom(null, true, false),
    }),
    at,
  },
  'bead.worded': { bead, accepted: fc.boolean(), at },
  'bead.filed': { bead, convoy: fc.option(convoy), at },
  'bead.archived': {
    bead,
    polecats: fc.array(polecat, { maxLength: 2 }),
    requests: fc.array(request, { maxLength: 1 }),
    asks: fc.array(ask, { maxLength: 2 }),
    at,
  },
  'convoy.created': {
    convoy,
    title: text,
    landing: fc.constantFrom('review', 'auto'),
    held: fc.boolean(),
    at,
  },
  'convoy.held': { convoy, at },
  'convoy.released': { convoy, at },
  'convoy.closed': { convoy, at },
  'convoy.reopened': { convoy, at },
  'convoy.archived': { convoy, at },
  'polecat.created': { polecat, name: fc.constant('nux'), bead, branch: text, seat, token, at },
  'polecat.housed': { polecat, worktree: text, base: commit, at },
  'polecat.wants': { polecat, purpose, feedback: why, other: fc.constantFrom(undefined, true as const), at },
  'polecat.chosen': { polecat, provider: text, conflict: fc.constantFrom(undefined, true as const), at },
  'polecat.resolving': {
    ...{ polecat, step: fc.constantFrom('begin', 'over'), reason: fc.option(why), at },
    resolving: fc.option(
      fc.record({
        ...{ step: fc.constantFrom('begin', 'open'), request, asIs: fc.boolean() },
        ...{ merge: fc.constant(null), marked: fc.array(text), undecided: fc.constant([]) },
      }),
    ),
  },
  'polecat.noted': {
    polecat,
    note: fc.record({ id: text, kind: fc.constantFrom('note', 'checkpoint'), text, at }),
    at,
  },
  'polecat.unnoted': { polecat, at },
  'session.doing': {
    polecat,
    token,
    doing: fc.record({
      kind: fc.constantFrom('working', 'idle', 'limited', 'login', 'silent'),
      until: fc.option(fc.nat()),
      detail: fc.option(text),
    }),
    at,
  },
  'session.conversation': { polecat, token, runner: text, conversation: fc.option(text), at },
  'session.leaving': { polecat, token, reason: fc.constant(reason('handed_off')), at },
  'polecat.rested': { polecat, at },
  'polecat.retired': { polecat, at },
  'polecat.cleared': { polecat, at },
  'session.claimed': { polecat, token, claim: text, at },
  'session.opened': { polecat, token, seat, purpose, feedback: why, at },
  'session.started': { polecat, token, process: fc.constant({ pid: 7, startTime: 'x:1' }), at },
  'session.ended': { polecat, token, exit, at },
  'request.entered': {
    ...{ request, bead, branch: text, head: commit },
    ...{ approval: fc.constantFrom(null, 'rule' as const), rule: fc.option(fc.nat(9), { nil: undefined }) },
    ...{ reverts: fc.option(request, { nil: undefined }), at },
  },
  'request.front': { request, at },
  'request.settled': {
    ...{ request, at },
    settled: fc.option(
      fc.record({
        by: fc.array(fc.constantFrom('memory', 'structure', 'agent'), { maxLength: 2 }),
        ...{ files: fc.array(text, { maxLength: 2 }), lessons: fc.array(text, { maxLength: 2 }) },
        commit: fc.option(commit),
      }),
    ),
  },
  'request.handed': { request, to: fc.constantFrom('agent', 'vendor', 'person'), at },
  'queue.disowned': { request, lessons: fc.array(text, { maxLength: 2 }), at },
  'batch.formed': { batch, target: text, checks: fc.option(text), line, lands: fc.boolean(), at },
  'batch.assembled': { batch, chain, at },
  'batch.running': { batch, running: fc.array(length, { maxLength: 2 }), at },
  'batch.step': { batch, length, step: text, at },
  'batch.ran': { batch, length, run, at },
  'batch.doubted': { batch, length, at },
  'batch.lands': { batch, at },
  'batch.landing': { batch, length, at },
  'batch.landed': { batch, length, push: fc.constantFrom(undefined, true as const), at },
  'batch.ended': { batch, culprit: fc.option(request), offered: fc.constantFrom(undefined, 1), at },
  'trace.began': { request, base: commit, among: fc.array(link, { maxLength: 3 }), at },
  'trace.running': { request, length: fc.option(length), at },
  'trace.ran': { request, length, passed: fc.boolean(), at },
  'trace.ended': { request, with: fc.option(request), at },
  'queue.pushed': { commit, at },
  'queue.notPushed': { commit, reason: fc.option(why), at },
  'queue.paused': { reason: why, at },
  'queue.resumed': { at },
  'flaky.forgotten': { check: text, test: fc.option(text), at },
  'queue.asked': { at },
  'target.unsure': { tree: fc.option(text), at },
  'target.looking': { at },
  'target.proven': { tree: text, basis: text, checks: fc.constant([]), at },
  'target.green': { at },
  'target.red': {
    commit,
    request: fc.option(request),
    reason: text.map((said) => reason('target_broken', { said })),
    at,
  },
  'target.reverting': { request, at },
  'target.reverted': { request, reason: why, at },
  'request.moved': { request, to: stage, reason: why, at },
  'request.step': { request, step: fc.option(text), at },
  'request.proven': { request, candidate, at },
  'request.approved': { request, approval: fc.constantFrom('person', 'convoy'), at },
  'request.offered': { request, target: text, at },
  'request.opened': { request, pushed: commit, url: fc.option(text), reason: why, at },
  'request.notOffered': { request, reason: text.map((said) => reason('offer_failed', { said })), at },
  'request.landed': { request, commit, at },
  'ask.raised': { ask, bead: fc.option(bead), subject, deadline: at, at },
  'ask.onScreen': { ask, at },
  'ask.answered': {
    ask,
    answer: fc.constantFrom('allow', 'always', 'deny', 'retry', 'dismiss', 'reply'),
    reply: text,
    at,
  },
};

/** Any event, likely or not: the fold takes all of them. Nouns are made often enough for the others to meet some. */
export const anyEvent: fc.Arbitrary<TownEvent> = fc.oneof(
  ...Object.entries(shapes).map(([type, shape]) => ({
    weight: /created|entered|raised|drafted/.test(type) ? 6 : 2,
    arbitrary: fc.record(
      { type: fc.constant(type), ...shape },
      { noNullPrototype: true },
    ) as fc.Arbitrary<TownEvent>,
  })),
);

export const anyEvents: fc.Arbitrary<readonly TownEvent[]> = fc
  .array(anyEvent, { minLength: 1, maxLength: 60 })
  // Plain JSON, as every state and event is; the records drawn above have no prototype.
  .map((events) => JSON.parse(JSON.stringify(events)) as readonly TownEvent[]);
