import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('a permission', () => {
  let town: Scene;
  let bead: BeadId;

  beforeEach(() => {
    town = new Scene();
    [bead] = town.convoy([{}, {}]) as [BeadId];
    town.atWork(bead);
  });

  it('waits for a person, with a deadline, and says so on the bead', () => {
    const ask = town.asksPermission(bead, 'npm install left-pad');
    assert.equal(town.why(bead).code, 'asks_person');
    assert.ok(ask.deadline > town.now);
    assert.equal(needsYou(town.state)[0]?.kind, 'ask');
  });

  it('asked again under the same id after a reload is the same question with the same answer', () => {
    const { id } = town.asksPermission(bead, 'npm install');
    town.tell(say.answer(id, 'allow'));
    assert.equal(town.asksPermission(bead, 'npm install', id).answer, 'allow');
    assert.equal(Object.keys(town.state.asks).length, 1);
  });

  it('given for one command cannot be taken for another', () => {
    const { id } = town.asksPermission(bead, 'npm install');
    town.tell(say.answer(id, 'allow'));
    const other = {
      ...town.who(bead),
      type: 'askPermission',
      ask: id,
      tool: 'run',
      detail: 'rm -rf /',
    } as const;
    assert.equal(town.refused(other), 'already_exists');
  });

  it('given always answers the same command from then on, and everyone who already waits for it', () => {
    const second = say.beadId(2);
    town.atWork(second);
    const first = town.asksPermission(bead, 'npm install');
    const waiting = town.asksPermission(second, 'npm install');
    town.tell(say.answer(first.id, 'always'));
    assert.equal(town.state.asks[waiting.id]?.answer, 'allow');
    assert.equal(town.asksPermission(second, 'npm install').answer, 'allow');
    assert.equal(town.asksPermission(second, 'npm install evil').answer, null);
    assert.equal(town.asksPermission(second, 'npm install', town.drawAsk(), 'write').answer, null);
  });

  it('taken back asks again', () => {
    town.tell(say.answer(town.asksPermission(bead, 'make').id, 'always'));
    town.tell({ type: 'revokeGrant', grant: 'make' });
    assert.equal(town.asksPermission(bead, 'make').answer, null);
  });

  it('goes with the session that asked for it', () => {
    const { id } = town.asksPermission(bead, 'make');
    town.ended(bead, { code: 1 });
    assert.equal(town.state.asks[id]?.answer, 'dismiss');
    assert.deepEqual(needsYou(town.state), []);
  });

  it('is not asked for a bead that has ended', () => {
    town.tell({ type: 'cancelBead', bead });
    const late = {
      ...town.who(bead),
      type: 'askPermission',
      ask: say.askId(99),
      tool: 'run',
      detail: 'x',
    } as const;
    assert.equal(town.refused(late), 'not_now');
  });

  it('understands only answers that fit the question, and only once', () => {
    const { id } = town.asksPermission(bead, 'make');
    assert.equal(town.refused(say.answer(id, 'retry')), 'invalid');
    town.tell(say.answer(id, 'deny'));
    assert.equal(town.refused(say.answer(id, 'allow')), 'not_now');
  });
});

describe('the checks of a rig', () => {
  const propose = (hash: string, ask: number) =>
    ({ type: 'proposeChecks', ask: say.askId(ask), definitions: [say.test], hash }) as const;

  it('are asked about once, the newest proposal only, until a person confirms them', () => {
    const town = new Scene();
    town.tell(propose('h2', 91));
    town.tell(propose('h2', 92));
    town.tell(propose('h3', 93));
    assert.deepEqual(
      town.openAsks().map((one) => one.id),
      [say.askId(93)],
    );
    town.tell({ type: 'confirmChecks', checks: { ...say.checks, hash: 'h3' } });
    assert.deepEqual(town.openAsks(), []);
    assert.deepEqual(town.tell(propose('h3', 94)), []);
  });
});

describe('what needs you', () => {
  it('comes most urgent first: a waiting agent, then what stands still, then what is finished', () => {
    const town = new Scene();
    town.maxPolecats = 3;
    const [done, stuck, asks] = town.convoy([{}, {}, {}]) as [BeadId, BeadId, BeadId];
    town.delivered(done);
    town.provenToLand(done);
    town.atWork(stuck);
    town.ended(stuck, { how: 'closed' });
    town.atWork(asks);
    town.asksPermission(asks, 'make');
    assert.deepEqual(
      needsYou(town.state).map((need) => (need.kind === 'ask' ? need.ask.subject.kind : need.kind)),
      ['permission', 'stuck', 'approval'],
    );
  });
});
