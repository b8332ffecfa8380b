import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Wish } from '../../../src/foreman/control.ts';
import { type PersonWish, isPersonWish, personWish } from '../../../src/gateway/wishes.ts';
import type { AskId, BeadId, CommitId, ConvoyId, RequestId, ThreadId } from '../../../src/town/ids.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import type { ReviewPlace } from '../../../src/town/review.ts';
import { plainDraft } from '../../fakes/events.ts';

const bead = 'gt-00001' as BeadId;
const convoy = 'cv-00001' as ConvoyId;
const request = 'mr-00001' as RequestId;
const ask = 'ak-00001' as AskId;
const thread = 'rt-00001' as ThreadId;
const place: ReviewPlace = {
  ...{ commit: 'c'.repeat(40) as CommitId, side: 'changed', path: 'src/a.ts' },
  ...{ from: 3, to: 4, lines: 'return 60;' },
};
const said = reason('person_said');
const plainCheck = { name: 'test', command: 'npm', args: ['test'], timeoutMs: 60_000 };
const definitions = [plainCheck, { ...plainCheck, name: 'e2e', env: { A: '1' }, only: ['src/**'] }];

const wishes: { readonly [T in PersonWish['type']]: Omit<Extract<PersonWish, { type: T }>, 'type'> } = {
  setTarget: { target: 'main' },
  parkRig: {},
  unparkRig: {},
  stopTown: {},
  startTown: {},
  confirmChecks: { checks: { definitions, hash: 'abc', confirmedAt: 1 } },
  revokeGrant: { grant: 'npm test' },
  createConvoy: {
    convoy,
    title: 'Go',
    landing: 'auto',
    held: true,
    beads: [{ bead, draft: { ...plainDraft, dependencies: [bead] } }],
  },
  createBead: {
    bead,
    convoy: null,
    draft: { ...plainDraft, source: { kind: 'todo', file: 'a.ts', line: 3, symbol: null, text: 'TODO x' } },
  },
  editBead: { bead, changes: { title: 'Other', priority: 'low' } },
  cancelBead: { bead },
  retryBead: { bead },
  contestBead: { bead, attempts: [{ bead: 'gt-00002' as BeadId, provider: 'claude' }] },
  pickAttempt: { bead, request },
  cleanAttempts: { bead },
  deferBead: { bead, until: 5 },
  fileBead: { bead, convoy: null },
  continueWith: { bead, provider: 'claude' },
  acceptOptimized: { bead },
  rejectOptimized: { bead },
  acceptWork: { bead, commit: 'c'.repeat(40) as CommitId },
  sendBack: { bead, words: 'Say what 1h30 is.' },
  draftComment: { bead, thread, place, words: 'Why 60?' },
  editComment: { bead, thread, note: 1, words: 'Why 3,600?' },
  dropComment: { bead, thread, note: 1 },
  replyToComment: { bead, thread, words: 'Please.' },
  resolveComment: { bead, thread },
  reopenComment: { bead, thread },
  sendReview: { bead, summary: 'Almost.' },
  holdConvoy: { convoy },
  releaseConvoy: { convoy },
  approve: { request },
  reprove: { request, reason: said },
  eject: { request, ask, reason: said },
  moveToFront: { request },
  resolveConflict: { bead },
  finishResolution: { bead, asIs: true },
  abandonResolution: { bead },
  pauseQueue: {},
  resumeQueue: {},
  forgetFlaky: { check: 'test', test: null },
  refreshQueue: {},
  answerAsk: { ask, answer: 'always' },
};

describe('a wish at the door', () => {
  for (const [type, fields] of Object.entries(wishes)) {
    it(`may be ${type}, and comes through as it was said`, () => {
      const wish = { type, ...fields };
      assert.deepEqual(v.parse(personWish, JSON.parse(JSON.stringify(wish))), wish);
    });

    it(`may not be ${type} with more or less than belongs to it`, () => {
      assert.ok(!v.is(personWish, { type, ...fields, at: 1 }));
      for (const field of Object.keys(fields)) {
        const { [field]: _, ...rest } = { type, ...fields } as Record<string, unknown>;
        assert.ok(!v.is(personWish, rest), field);
      }
    });
  }

  it('is never what a hand observed or an agent says', () => {
    const polecat = polecatId('nux', 1);
    const token = 1;
    const evidence = {
      commit: 'a'.repeat(40) as CommitId,
      tree: null,
      base: null,
      files: [],
      insertions: 0,
      deletions: 0,
      checks: [],
      committedForAgent: false,
      summary: '',
      at: 1,
    };
    const others: readonly Wish[] = [
      { type: 'evidenceFound', polecat, token, evidence, request },
      {
        ...{ type: 'enterBranch', request, bead, draft: plainDraft, branch: 'mine' },
        evidence: { ...evidence, commit: 'a'.repeat(40) as CommitId },
      },
      { type: 'claimDone', polecat, token, claim: 'x' },
      { type: 'landed', batch: 1, length: 1 },
      { type: 'ran', batch: 1, length: 1, checks: [] },
      { type: 'notLanded', batch: 1, reason: reason('target_moved') },
      { type: 'askPermission', ask, polecat, token, tool: 'run', detail: 'x' },
      { type: 'cleared', polecat },
      { type: 'answerComment', polecat, token, thread, words: 'Done.', resolve: true, call: 'c' },
      { type: 'beadOptimized', bead, description: '', optimized: null, reason: null },
      { type: 'tick', seats: [], maxPolecats: 1 },
    ];
    for (const wish of others) {
      assert.ok(!v.is(personWish, wish), wish.type);
      assert.equal(isPersonWish(wish), false);
    }
  });

  it('carries ids of their own kind, known words and sane numbers only', () => {
    const strange = [
      { type: 'cancelBead', bead: 'constructor' },
      { type: 'cancelBead', bead: convoy },
      { type: 'answerAsk', ask, answer: 'perhaps' },
      { type: 'deferBead', bead, until: null },
      { type: 'editBead', bead, changes: { status: 'completed' } },
      { type: 'reprove', request, reason: reason('target_moved') },
      { type: 'setTarget', target: 'x'.repeat(2_000) },
      { type: 'createConvoy', ...wishes.createConvoy, landing: 'now' },
      { type: 'createConvoy', ...wishes.createConvoy, optimize: [bead] },
    ];
    for (const wish of strange) assert.ok(!v.is(personWish, wish), JSON.stringify(wish).slice(0, 80));
  });
});
