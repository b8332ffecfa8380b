import assert from 'node:assert/strict';
import { due } from '../../../src/town/action.ts';
import { doubtOf, maySendBack } from '../../../src/town/decide/doubts.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { type ReasonCode, reason } from '../../../src/town/reason.ts';
import type { Verdict } from '../../../src/town/verdict.ts';
import * as say from './words.ts';
import { Scene } from './scene.ts';

const verdict: Verdict = {
  outcome: 'fail',
  criteria: [
    { criterion: 'an empty text is refused', met: false, why: 'it is 0', file: 'src/a.ts', line: 3 },
  ],
  notes: 'Refuse it.',
  provider: 'p',
  model: 'm',
  cut: [],
};
const commit = say.commitId(10);
const words = 'Say what 1h30 is.';

/** A bead whose checks are green, held back for that reason. */
function heldBack(code: ReasonCode, more: { readonly rounds?: number } = {}): readonly [Scene, BeadId] {
  const scene = new Scene();
  const bead = one(scene, 'parse');
  scene.atWork(bead);
  for (let round = 0; round <= (more.rounds ?? 0); round += 1) {
    scene.saysDone(bead);
    const inspected = { commit, verdict: code === 'inspector_silent' ? null : verdict };
    scene.tell({
      ...scene.who(bead),
      type: 'evidenceMissing',
      reason: reason(code, { provider: 'p' }),
      ask: scene.drawAsk(),
      inspected,
    });
  }
  return [scene, bead];
}

describe('work that no inspector lets pass', () => {
  for (const code of ['inspector_fails', 'inspector_silent'] as const)
    it(`goes to its proof again when a person accepts it anyway (${code}), and nobody is asked any more`, () => {
      const [scene, bead] = heldBack(code);
      assert.equal(scene.ask().subject.kind, 'stuck');
      scene.tell({ type: 'acceptWork', bead, commit });
      assert.deepEqual([scene.bead(bead).status, scene.openAsks().length], ['reviewing', 0]);
      assert.deepEqual(scene.bead(bead).inspected, {
        commit,
        verdict: code === 'inspector_silent' ? null : verdict,
        acceptedAt: scene.now,
      });
      assert.ok(due(scene.state).some((one) => one.type === 'proveDone' && one.bead === bead));
      scene.proven(bead, commit);
      assert.deepEqual([scene.bead(bead).status, scene.bead(bead).inspected], ['merging', undefined]);
    });

  it('can be accepted once its revisions are through, and not while its agent mends it', () => {
    const [mending, first] = heldBack('inspector_wants');
    assert.equal(doubtOf(mending.state, mending.bead(first)), null);
    assert.equal(mending.refused({ type: 'acceptWork', bead: first, commit }), 'not_now');
    const [through, other] = heldBack('inspector_wants', { rounds: 2 });
    assert.equal(doubtOf(through.state, through.bead(other))?.commit, commit);
    through.tell({ type: 'acceptWork', bead: other, commit });
    assert.equal(through.bead(other).status, 'reviewing');
  });

  it('is accepted as it was inspected, and as nothing else', () => {
    const [scene, bead] = heldBack('inspector_fails');
    assert.equal(scene.refused({ type: 'acceptWork', bead, commit: say.commitId(11) }), 'not_now');
    assert.equal(scene.refused({ type: 'acceptWork', bead: say.beadId(99), commit }), 'no_such');
  });

  it('cannot be accepted when a check is red', () => {
    const scene = new Scene();
    const bead = one(scene, 'parse');
    scene.atWork(bead);
    for (const _ of [1, 2, 3]) {
      scene.saysDone(bead);
      scene.missing(bead, 'check_failed');
    }
    assert.equal(scene.ask().subject.kind, 'stuck');
    assert.equal(scene.refused({ type: 'acceptWork', bead, commit }), 'not_now');
  });

  it('is judged anew when it begins anew', () => {
    const [scene, bead] = heldBack('inspector_fails');
    scene.tell(say.answer(scene.ask().id, 'dismiss'));
    scene.ended(bead, { code: 0 });
    scene.tell({ type: 'retryBead', bead });
    assert.deepEqual([scene.bead(bead).status, scene.bead(bead).inspected], ['queued', undefined]);
  });
});

describe('work that a person sends back', () => {
  it('goes to its agent’s next session with their words, when it stood still', () => {
    const [scene, bead] = heldBack('inspector_fails');
    scene.ended(bead, { code: 0 });
    scene.tell({ type: 'sendBack', bead, words: ` ${words} ` });
    const why = reason('sent_back', { words });
    assert.deepEqual([scene.bead(bead).reason, scene.openAsks().length], [why, 0]);
    scene.tick();
    const { session } = scene.polecat(bead);
    assert.deepEqual([session?.purpose, session?.feedback], ['remind', why]);
  });

  it('has a session make way that still sits at its prompt', () => {
    const [scene, bead] = heldBack('inspector_fails');
    scene.tell({ type: 'sendBack', bead, words });
    assert.equal(scene.polecat(bead).session?.leaving?.code, 'sent_back');
    assert.equal(scene.polecat(bead).wants?.feedback?.facts['words'], words);
  });

  it('leaves the merge queue without anybody being asked', () => {
    const scene = new Scene();
    const bead = one(scene, 'parse');
    scene.delivered(bead);
    scene.provenToLand(bead);
    assert.ok(maySendBack(scene.state, scene.bead(bead)));
    const request = scene.request(bead).id;
    scene.tell({ type: 'sendBack', bead, words });
    assert.equal(scene.state.requests[request]?.stage, 'ejected');
    assert.deepEqual([scene.bead(bead).status, scene.openAsks().length], ['in_progress', 0]);
    scene.tick();
    assert.equal(scene.polecat(bead).session?.feedback?.code, 'sent_back');
  });

  it('needs words, and work that stands still or waits to land', () => {
    const [scene, stuck] = heldBack('inspector_fails');
    assert.equal(scene.refused({ type: 'sendBack', bead: stuck, words: ' \n' }), 'empty');
    assert.equal(scene.refused({ type: 'sendBack', bead: stuck, words: 'x'.repeat(2_001) }), 'invalid');
    const other = one(scene, 'print');
    assert.equal(scene.refused({ type: 'sendBack', bead: other, words }), 'not_now');
    const working = new Scene();
    const bead = one(working, 'parse');
    working.atWork(bead);
    assert.equal(working.refused({ type: 'sendBack', bead, words }), 'not_now');
  });
});

function one(scene: Scene, title: string): BeadId {
  const [bead] = scene.convoy([{ title }]);
  assert.ok(bead);
  return bead;
}
