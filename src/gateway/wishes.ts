import * as v from 'valibot';
import type { Wish } from '../foreman/control.ts';
import { type BeadDraft, beadTypes, priorities } from '../town/bead.ts';
import { mostAttempts } from '../town/contest.ts';
import type { Reason } from '../town/reason.ts';
import { reviewSides } from '../town/review.ts';
import { askId, beadId, commitId, convoyId, count, instant, requestId, text, threadId } from './fields.ts';

const personWishTypes = [
  'setTarget',
  'parkRig',
  'unparkRig',
  'stopTown',
  'startTown',
  'confirmChecks',
  'revokeGrant',
  'createConvoy',
  'createBead',
  'editBead',
  'cancelBead',
  'retryBead',
  'contestBead',
  'pickAttempt',
  'cleanAttempts',
  'deferBead',
  'fileBead',
  'continueWith',
  'acceptOptimized',
  'rejectOptimized',
  'acceptWork',
  'sendBack',
  'draftComment',
  'editComment',
  'dropComment',
  'replyToComment',
  'resolveComment',
  'reopenComment',
  'sendReview',
  'holdConvoy',
  'releaseConvoy',
  'approve',
  'reprove',
  'eject',
  'moveToFront',
  'resolveConflict',
  'finishResolution',
  'abandonResolution',
  'pauseQueue',
  'resumeQueue',
  'forgetFlaky',
  'refreshQueue',
  'answerAsk',
] as const satisfies readonly Wish['type'][];

/**
 * What a person may wish through the door. Not here: what a hand observed, because who could say at the door that
 * a proof was found could land anything. Nor `enterBranch`, whose evidence is the word of the owner's own git: another
 * window has `rigs mq add` said at the owner's door.
 */
export type PersonWish = Extract<Wish, { type: (typeof personWishTypes)[number] }>;

const line = text(2_000);
const lines = v.pipe(v.array(line), v.maxLength(1_000));
/** The only reason that a person gives for an act of theirs. */
const personSaid = v.pipe(
  v.strictObject({ code: v.literal('person_said'), facts: v.strictObject({}) }),
  v.transform((reason): Reason => reason),
);

const source = v.variant('kind', [
  v.strictObject({ kind: v.literal('goal') }),
  v.strictObject({ kind: v.literal('person') }),
  v.strictObject({ kind: v.literal('import') }),
  v.strictObject({
    kind: v.literal('todo'),
    file: text(4_096),
    line: count,
    symbol: v.nullable(line),
    text: text(20_000),
  }),
]);

const draftFields = {
  title: line,
  description: text(200_000),
  type: v.picklist(beadTypes),
  priority: v.picklist(priorities),
  criteria: lines,
  dependencies: v.pipe(v.array(beadId), v.maxLength(10_000)),
  touches: lines,
  labels: lines,
  estimate: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  preferredProvider: v.nullable(line),
  source,
};
export const beadDraft = v.strictObject(draftFields);
const changes = v.pipe(
  v.partial(beadDraft),
  // JSON knows no member that is there and undefined.
  v.transform((given) => given as Partial<BeadDraft>),
);

const check = v.strictObject({
  name: line,
  command: text(20_000),
  args: v.pipe(v.array(text(20_000)), v.maxLength(1_000)),
  timeoutMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  env: v.exactOptional(v.record(text(200), text(20_000))),
  only: v.exactOptional(v.pipe(v.array(text(300)), v.maxLength(1_000))),
});

const comment = { bead: beadId, thread: threadId };
const place = v.strictObject({
  commit: commitId,
  side: v.picklist(reviewSides),
  path: text(4_096),
  from: count,
  to: count,
  lines: line,
});

const newAttempts = v.pipe(
  v.array(v.strictObject({ bead: beadId, provider: v.nullable(line) })),
  v.maxLength(mostAttempts),
);

const bare = <T extends PersonWish['type']>(type: T) => v.strictObject({ type: v.literal(type) });
const about = <T extends PersonWish['type'], S extends v.ObjectEntries>(type: T, entries: S) =>
  v.strictObject({ type: v.literal(type), ...entries });

export const personWish: v.GenericSchema<unknown, PersonWish> = v.variant('type', [
  about('setTarget', { target: text(1_000) }),
  bare('parkRig'),
  bare('unparkRig'),
  bare('stopTown'),
  bare('startTown'),
  about('confirmChecks', {
    checks: v.strictObject({
      definitions: v.pipe(v.array(check), v.maxLength(1_000)),
      hash: text(200),
      confirmedAt: instant,
    }),
  }),
  about('revokeGrant', { grant: text(40_000) }),
  about('createConvoy', {
    convoy: convoyId,
    title: line,
    landing: v.picklist(['review', 'auto']),
    held: v.boolean(),
    beads: v.array(v.strictObject({ bead: beadId, draft: beadDraft })),
    takes: v.exactOptional(v.pipe(v.array(beadId), v.maxLength(10_000))),
  }),
  about('createBead', {
    bead: beadId,
    convoy: v.nullable(convoyId),
    draft: beadDraft,
    attempts: v.exactOptional(newAttempts),
  }),
  about('editBead', { bead: beadId, changes }),
  about('cancelBead', { bead: beadId }),
  about('retryBead', { bead: beadId }),
  about('contestBead', { bead: beadId, attempts: newAttempts }),
  about('pickAttempt', { bead: beadId, request: requestId }),
  about('cleanAttempts', { bead: beadId }),
  about('deferBead', { bead: beadId, until: instant }),
  about('fileBead', { bead: beadId, convoy: v.nullable(convoyId) }),
  about('continueWith', { bead: beadId, provider: line }),
  about('acceptOptimized', { bead: beadId }),
  about('rejectOptimized', { bead: beadId }),
  about('acceptWork', { bead: beadId, commit: commitId }),
  about('sendBack', { bead: beadId, words: line }),
  about('draftComment', { ...comment, place, words: line }),
  about('editComment', { ...comment, note: count, words: line }),
  about('dropComment', { ...comment, note: count }),
  about('replyToComment', { ...comment, words: line }),
  about('resolveComment', comment),
  about('reopenComment', comment),
  about('sendReview', { bead: beadId, summary: line }),
  about('holdConvoy', { convoy: convoyId }),
  about('releaseConvoy', { convoy: convoyId }),
  about('approve', { request: requestId }),
  about('reprove', { request: requestId, reason: personSaid }),
  about('eject', { request: requestId, ask: askId, reason: personSaid }),
  about('moveToFront', { request: requestId }),
  about('resolveConflict', { bead: beadId }),
  about('finishResolution', { bead: beadId, asIs: v.boolean() }),
  about('abandonResolution', { bead: beadId }),
  bare('pauseQueue'),
  bare('resumeQueue'),
  about('forgetFlaky', { check: line, test: v.nullable(line) }),
  bare('refreshQueue'),
  about('answerAsk', {
    ask: askId,
    answer: v.picklist(['allow', 'always', 'deny', 'retry', 'dismiss', 'reply']),
    reply: v.exactOptional(text(20_000)),
  }),
]);

/** Whether a wish is one of those; the others are made where their hand is. */
export function isPersonWish(wish: Wish): wish is PersonWish {
  return (personWishTypes as readonly string[]).includes(wish.type);
}
