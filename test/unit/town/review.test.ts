import assert from 'node:assert/strict';
import { mostNotes, mostThreads } from '../../../src/town/decide/review.ts';
import { maySendBack, mostWords } from '../../../src/town/decide/doubts.ts';
import type { BeadId, ThreadId } from '../../../src/town/ids.ts';
import { type ReviewThread, owedOf, pendingOf, threadsOf } from '../../../src/town/review.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const first = say.threadId(1);
const second = say.threadId(2);

/** A bead that waits for its approval. */
function ready(): readonly [Scene, BeadId] {
  const scene = new Scene();
  const [bead] = scene.convoy([{ title: 'parse' }]);
  assert.ok(bead !== undefined);
  scene.delivered(bead);
  scene.provenToLand(bead);
  assert.equal(scene.request(bead).stage, 'ready');
  return [scene, bead];
}

function comments(scene: Scene, bead: BeadId, ...threads: readonly ThreadId[]): void {
  for (const thread of threads)
    scene.tell({ type: 'draftComment', bead, thread, place: say.place(), words: ` About ${thread}. ` });
}

function thread(scene: Scene, bead: BeadId, id: ThreadId): ReviewThread {
  const found = threadsOf(scene.bead(bead)).find((one) => one.id === id);
  assert.ok(found !== undefined, id);
  return found;
}

const wordsIn = ({ notes }: ReviewThread): readonly string[] =>
  notes.map(({ agent, words, draft }) => `${agent ?? 'person'}${draft === true ? '?' : ''}: ${words}`);

function answers(
  scene: Scene,
  bead: BeadId,
  id: ThreadId,
  words: string,
  resolve = false,
  call = 'c1',
): void {
  scene.tell({ ...scene.who(bead), type: 'answerComment', thread: id, words, resolve, call });
}

describe('a comment on the lines of a bead’s work', () => {
  it('is a draft with its place until it is sent, and can be changed and taken away as one', () => {
    const [scene, bead] = ready();
    comments(scene, bead, first, second);
    assert.deepEqual(thread(scene, bead, first).place, say.place());
    scene.tell({ type: 'editComment', bead, thread: first, note: 1, words: 'Why 60?' });
    scene.tell({ type: 'dropComment', bead, thread: second, note: 1 });
    assert.deepEqual(threadsOf(scene.bead(bead)).map(wordsIn), [['person?: Why 60?']]);
    assert.equal(scene.bead(bead).status, 'merging');
  });

  it('is not taken without words, without lines, twice, or beyond what is kept', () => {
    const [scene, bead] = ready();
    comments(scene, bead, first);
    const one = { type: 'draftComment', bead, thread: second, place: say.place(), words: 'x' } as const;
    assert.equal(scene.refused({ ...one, words: ' ' }), 'empty');
    assert.equal(scene.refused({ ...one, words: 'x'.repeat(mostWords + 1) }), 'invalid');
    assert.equal(scene.refused({ ...one, place: say.place({ from: 5, to: 4 }) }), 'invalid');
    assert.equal(scene.refused({ ...one, place: say.place({ path: '' }) }), 'invalid');
    assert.equal(scene.refused({ ...one, thread: first }), 'already_exists');
    assert.equal(scene.refused({ ...one, bead: say.beadId(99) }), 'no_such');
    for (let nth = 2; nth <= mostThreads; nth += 1) comments(scene, bead, say.threadId(nth));
    assert.equal(scene.refused({ ...one, thread: say.threadId(999) }), 'review_full');
  });

  it('takes replies up to a bound', () => {
    const [scene, bead] = ready();
    comments(scene, bead, first);
    const reply = { type: 'replyToComment', bead, thread: first, words: 'And?' } as const;
    for (let nth = 2; nth <= mostNotes; nth += 1) scene.tell(reply);
    assert.equal(scene.refused(reply), 'review_full');
  });
});

describe('a review that is sent', () => {
  it('is one revision with all its comments, in the session of the agent whose work it is', () => {
    const [scene, bead] = ready();
    comments(scene, bead, first, second);
    const request = scene.request(bead).id;
    const events = scene.tell({ type: 'sendReview', bead, summary: ' Almost. ' });
    assert.equal(events.filter((one) => one.type === 'polecat.wants').length, 1);
    assert.equal(scene.state.requests[request]?.stage, 'ejected');
    assert.deepEqual(
      owedOf(scene.bead(bead)).map((one) => one.id),
      [first, second],
    );
    assert.deepEqual(pendingOf(scene.bead(bead)), []);
    scene.tick();
    const { session } = scene.polecat(bead);
    assert.deepEqual([session?.purpose, session?.feedback?.code], ['revise', 'review_sent']);
    assert.deepEqual(session?.feedback?.facts, { count: 2, words: 'Almost.' });
  });

  it('needs something to say, and what was said stands', () => {
    const [scene, bead] = ready();
    assert.equal(scene.refused({ type: 'sendReview', bead, summary: 'Hm.' }), 'empty');
    comments(scene, bead, first);
    scene.tell({ type: 'sendReview', bead, summary: '' });
    assert.equal(scene.refused({ type: 'sendReview', bead, summary: '' }), 'empty');
    assert.equal(scene.refused({ type: 'editComment', bead, thread: first, note: 1, words: 'x' }), 'not_now');
    assert.equal(scene.refused({ type: 'dropComment', bead, thread: first, note: 1 }), 'not_now');
  });

  it('reaches an agent that is at work anyway when it says done, once, and it is let through then', () => {
    const [scene, bead] = ready();
    comments(scene, bead, first);
    scene.tell({ type: 'sendReview', bead, summary: '' });
    scene.atWork(bead);
    comments(scene, bead, second);
    assert.ok(!maySendBack(scene.state, scene.bead(bead)));
    scene.tell({ type: 'sendReview', bead, summary: '' });
    answers(scene, bead, first, 'It is 60 minutes.', true);
    scene.saysDone(bead);
    const { status, reason } = scene.bead(bead);
    assert.deepEqual([status, reason?.code], ['in_progress', 'review_owed']);
    assert.deepEqual(reason?.facts['threads'], [second]);
    scene.saysDone(bead);
    assert.equal(scene.bead(bead).status, 'reviewing');
    scene.proven(bead);
    assert.deepEqual(
      owedOf(scene.bead(bead)).map((one) => one.id),
      [second],
    );
  });

  for (const isResolved of [false, true])
    it(`${isResolved ? 'that is resolved keeps no' : 'that is not resolved keeps every'} rule from saying yes to what comes next`, () => {
      const [scene, bead] = ready();
      comments(scene, bead, first);
      scene.tell({ type: 'sendReview', bead, summary: '' });
      scene.atWork(bead);
      answers(scene, bead, first, 'I would rather not.', isResolved);
      scene.saysDone(bead);
      scene.proven(bead, say.commitId(12), {}, 1);
      const request = Object.values(scene.state.requests).findLast((one) => one.bead === bead);
      assert.equal(request?.approval, isResolved ? 'rule' : null);
    });

  it('is not held up by a person who was asked meanwhile', () => {
    const [scene, bead] = ready();
    comments(scene, bead, first);
    scene.tell({ type: 'sendReview', bead, summary: '' });
    scene.atWork(bead);
    scene.tell({ ...scene.who(bead), type: 'endTurn', ask: scene.drawAsk() });
    scene.saysDone(bead);
    assert.equal(scene.openAsks().length, 0);
    assert.equal(scene.bead(bead).status, 'in_progress');
  });

  it('finds the bead’s next agent when the last one is gone', () => {
    const [scene, bead] = ready();
    scene.ended(bead, { how: 'lost', code: null });
    comments(scene, bead, first);
    scene.tell({ type: 'sendReview', bead, summary: '' });
    scene.atWork(bead);
    assert.equal(scene.polecat(bead).session?.purpose, 'revise');
  });

  it('cannot be sent about what landed; the comment is kept', () => {
    const [scene, bead] = ready();
    scene.tell({ type: 'approve', request: scene.request(bead).id });
    scene.land(bead);
    comments(scene, bead, first);
    assert.equal(scene.refused({ type: 'sendReview', bead, summary: '' }), 'review_landed');
    assert.equal(pendingOf(scene.bead(bead)).length, 1);
  });
});

describe('what an agent answers to a comment', () => {
  function sent(): readonly [Scene, BeadId] {
    const [scene, bead] = ready();
    comments(scene, bead, first, second);
    scene.tell({ type: 'sendReview', bead, summary: '' });
    scene.atWork(bead);
    return [scene, bead];
  }

  it('stands beside it, and resolves it where it says so', () => {
    const [scene, bead] = sent();
    answers(scene, bead, first, 'It is 60 minutes.');
    answers(scene, bead, second, '', true, 'c2');
    const { name } = scene.polecat(bead);
    assert.deepEqual(wordsIn(thread(scene, bead, first)), [
      `person: About ${first}.`,
      `${name}: It is 60 minutes.`,
    ]);
    assert.deepEqual(
      threadsOf(scene.bead(bead)).map((one) => one.state),
      ['answered', 'resolved'],
    );
  });

  it('is said once, however often it is heard', () => {
    const [scene, bead] = sent();
    answers(scene, bead, first, 'So.');
    answers(scene, bead, first, 'So.');
    assert.equal(thread(scene, bead, first).notes.length, 2);
  });

  it('is about what was sent of its own bead, in its own session', () => {
    const [scene, bead] = sent();
    const draft = say.threadId(3);
    comments(scene, bead, draft);
    const word = {
      ...scene.who(bead),
      type: 'answerComment',
      words: 'x',
      resolve: false,
      call: 'c',
    } as const;
    assert.equal(scene.refused({ ...word, thread: draft }), 'no_such');
    assert.equal(scene.refused({ ...word, thread: say.threadId(77) }), 'no_such');
    assert.equal(scene.refused({ ...word, thread: first, words: ' ' }), 'empty');
    assert.equal(scene.refused({ ...word, thread: first, token: 1 }), 'late_report');
  });

  it('is answered by the person with the next review, and what is reopened goes along', () => {
    const [scene, bead] = sent();
    answers(scene, bead, first, 'No.');
    answers(scene, bead, second, 'Done.', true, 'c2');
    scene.tell({ type: 'replyToComment', bead, thread: first, words: 'Please.' });
    scene.tell({ type: 'reopenComment', bead, thread: second });
    assert.equal(pendingOf(scene.bead(bead)).length, 2);
    answers(scene, bead, second, 'Really done.', true, 'c3');
    assert.equal(thread(scene, bead, second).state, 'reopened');
    scene.tell({ type: 'sendReview', bead, summary: '' });
    assert.equal(owedOf(scene.bead(bead)).length, 2);
    assert.equal(wordsIn(thread(scene, bead, first)).at(-1), 'person: Please.');
  });

  it('need not satisfy the person, who resolves it themselves', () => {
    const [scene, bead] = sent();
    scene.tell({ type: 'resolveComment', bead, thread: first });
    assert.deepEqual(
      owedOf(scene.bead(bead)).map((one) => one.id),
      [second],
    );
    comments(scene, bead, say.threadId(3));
    assert.equal(scene.refused({ type: 'resolveComment', bead, thread: say.threadId(3) }), 'not_now');
  });
});
