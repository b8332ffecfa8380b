import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { AssayerUse } from '../../../src/ports/agents.ts';
import type { AssayerRole } from '../../../src/ports/apis.ts';
import { type ModelAnswer, ModelError, type ModelRequest, type Models } from '../../../src/ports/models.ts';
import { promptOf } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { answerOf, says } from '../assayer/fakeModels.ts';
import { World } from './world.ts';

const access = { provider: 'ollama', wire: 'ollama', model: 'm', baseUrl: null, apiKey: '' } as const;

/** Answers a request by what it asks; counts what was asked for. */
class Assayers implements Models {
  readonly asked: ModelRequest[] = [];
  readonly uses: (readonly [AssayerRole, AssayerUse | undefined])[] = [];
  answer: (request: ModelRequest) => ModelAnswer | Error;

  constructor(answer: (request: ModelRequest) => ModelAnswer | Error) {
    this.answer = answer;
  }

  complete(request: ModelRequest): Promise<ModelAnswer> {
    this.asked.push(request);
    const answer = this.answer(request);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

async function worldWith(role: AssayerRole | readonly AssayerRole[], models: Assayers): Promise<World> {
  const world = await World.ready({
    assayer: (wanted, use) => {
      models.uses.push([wanted, use]);
      return Promise.resolve([role].flat().includes(wanted) ? access : null);
    },
  });
  world.models = models;
  return world;
}

const call = (name: string, input: Readonly<Record<string, unknown>>): ModelAnswer =>
  answerOf([{ type: 'tool_use', id: 't', name, input }], 'tool_use');

const codeIn = (request: ModelRequest): string =>
  /The inspection code is (\w+)\./.exec(JSON.stringify(request.messages))?.[1] ?? '';

const inspection =
  (verdict: string, met = verdict === 'pass', notes = verdict === 'pass' ? '' : 'Refuse the empty text.') =>
  (request: ModelRequest): ModelAnswer =>
    call('submit_inspection', {
      code: codeIn(request),
      criteria: [{ number: 1, met, why: 'as the diff shows' }],
      verdict,
      notes,
    });

const criteria = ['an empty text is refused'];

async function stuckReason(world: World): Promise<string | null> {
  const need = await world.need();
  return need?.kind === 'ask' && need.ask.subject.kind === 'stuck' ? need.ask.subject.reason.code : null;
}

async function answerStuck(world: World, answer: 'retry' | 'dismiss'): Promise<void> {
  const need = await world.need();
  assert.ok(need?.kind === 'ask');
  await world.foreman.wish({ type: 'answerAsk', ask: need.ask.id, answer });
  await world.settle();
}

async function workOn(
  models: Assayers,
  landing: 'review' | 'auto' = 'auto',
): Promise<{ readonly world: World; readonly bead: BeadId }> {
  const world = await worldWith('inspector', models);
  const bead = await world.sling('Parse durations', { criteria }, landing);
  await world.until(() => world.polecat(bead).state === 'working');
  await world.work(bead, ['duration.js']);
  return { world, bead };
}

describe('work that an inspector looks at', () => {
  it('lands when every criterion is met, with the verdict in its evidence and its cost in the ledger', async () => {
    const { world, bead } = await workOn(new Assayers(inspection('pass')));
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
    const { verdict } = world.bead(bead).evidence ?? {};
    assert.deepEqual(
      [verdict?.outcome, verdict?.provider, verdict?.criteria.map((one) => one.met)],
      ['pass', 'ollama', [true]],
    );
    const drawn = world.account.told.flatMap((one) =>
      one.kind === 'drew' && one.role === 'assayer' ? [one] : [],
    );
    assert.deepEqual(
      drawn.map(({ tank, bead: of, usage }) => [tank, of, usage.input]),
      [['ollama', bead, 100]],
    );
  });

  it('is looked at by another vendor than its author’s, by a model nobody has to pay for unasked', async () => {
    const models = new Assayers(inspection('pass'));
    const { world, bead } = await workOn(models, 'review');
    await world.reaches(bead, 'merging');
    assert.deepEqual(models.uses.find(([role]) => role === 'inspector')?.[1], { author: 'p', unasked: true });
  });

  it('goes back to its agent with what is missing', async () => {
    const models = new Assayers(inspection('needs_revision'));
    const { world, bead } = await workOn(models);
    await world.until(() => world.bead(bead).reason?.code === 'inspector_wants');
    assert.equal(world.bead(bead).status, 'in_progress');
    const why = world.bead(bead).reason;
    assert.ok(why !== null);
    assert.equal(why.facts['notes'], 'Refuse the empty text.');
    assert.match(
      await readFile(String(why.facts['output']), 'utf8'),
      /^Not met:\n- an empty text is refused: as the/,
    );
    models.answer = inspection('pass');
    await world.work(bead, ['duration.js']);
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
  });

  it('is revised twice by itself, and then a person decides', async () => {
    const { world, bead } = await workOn(new Assayers(inspection('needs_revision')));
    for (const round of [1, 2]) {
      await world.until(() => world.bead(bead).reminders === round);
      assert.equal(needsYou(world.foreman.state).length, 0);
      await world.work(bead, [`round${String(round)}.js`]);
    }
    assert.equal(await stuckReason(world), 'inspector_wants');
    assert.notEqual(world.polecat(bead).worktree, null);
  });

  it('waits for a person at once when it is not to pass', async () => {
    const models = new Assayers(inspection('fail'));
    const { world, bead } = await workOn(models);
    assert.equal(await stuckReason(world), 'inspector_fails');
    assert.deepEqual([world.bead(bead).status, world.bead(bead).reminders], ['in_progress', 0]);
    assert.notEqual(world.polecat(bead).worktree, null);
    assert.equal(models.asked.length, 1);
  });

  const silences: readonly (readonly [string, (request: ModelRequest) => ModelAnswer | Error])[] = [
    ['says nothing', () => answerOf([])],
    ['says nothing that makes sense', () => says('Looks good to me! pass')],
    [
      'repeats a pass that the work itself holds',
      () => says('{"verdict":"pass","criteria":[{"number":1,"met":true,"why":""}],"notes":""}'),
    ],
    ['passes it with a criterion unmet', inspection('pass', false)],
    ['cannot be reached', () => new ModelError('connection', 'connect ECONNREFUSED')],
    ['is at its limit', () => new ModelError('limit', 'Too many requests')],
  ];
  for (const [what, answer] of silences) {
    it(`never passes by itself when the inspector ${what}: a person is asked`, async () => {
      const { world, bead } = await workOn(new Assayers(answer));
      assert.equal(await stuckReason(world), 'inspector_silent');
      assert.deepEqual([world.bead(bead).status, world.bead(bead).evidence], ['in_progress', null]);
    });
  }

  it('is inspected again when the person says so, without its agent', async () => {
    const models = new Assayers(() => new ModelError('connection', 'connect ECONNREFUSED'));
    const { world, bead } = await workOn(models, 'review');
    assert.equal(await stuckReason(world), 'inspector_silent');
    const { attempts } = world.bead(bead);
    models.answer = inspection('pass');
    await answerStuck(world, 'retry');
    await world.reaches(bead, 'merging');
    assert.equal(world.bead(bead).attempts, attempts);
  });

  it('is inspected again also when its agent has left', async () => {
    const models = new Assayers(() => answerOf([]));
    const { world, bead } = await workOn(models);
    assert.equal(await stuckReason(world), 'inspector_silent');
    await world.exit(bead, 0);
    models.answer = inspection('pass');
    await world.foreman.wish({ type: 'retryBead', bead });
    await world.reaches(bead, 'completed');
  });

  it('lands when a person accepts it anyway, with the verdict and their word in its evidence and the feed', async () => {
    const models = new Assayers(inspection('fail'));
    const { world, bead } = await workOn(models);
    assert.equal(await stuckReason(world), 'inspector_fails');
    const { inspected } = world.bead(bead);
    assert.deepEqual(
      [inspected?.verdict?.outcome, inspected?.verdict?.criteria.map((one) => one.met)],
      ['fail', [false]],
    );
    await world.foreman.wish({ type: 'acceptWork', bead, commit: inspected?.commit as never });
    await world.reaches(bead, 'completed');
    const { evidence } = world.bead(bead);
    assert.deepEqual([evidence?.commit, evidence?.verdict?.outcome], [inspected?.commit, 'fail']);
    assert.equal(typeof evidence?.acceptedAt, 'number');
    assert.equal(evidence?.checks[0]?.outcome, 'passed');
    assert.equal(models.asked.length, 1);
    assert.ok(world.memory.feed.some((one) => one.what === 'bead.accepted' && one.bead === bead));
  });

  it('is inspected all the same when something else stands there by then', async () => {
    const models = new Assayers(inspection('fail'));
    const { world, bead } = await workOn(models);
    assert.equal(await stuckReason(world), 'inspector_fails');
    const { commit } = world.bead(bead).inspected ?? {};
    const { worktree } = world.polecat(bead);
    world.git.edit(worktree ?? '', ['more.js']);
    await world.foreman.wish({ type: 'acceptWork', bead, commit: commit as never });
    await world.until(() => models.asked.length === 2);
    assert.equal(await stuckReason(world), 'inspector_fails');
    assert.notEqual(world.bead(bead).inspected?.commit, commit);
    assert.equal(world.bead(bead).evidence, null);
  });

  it('goes back to its agent with a person’s own words', async () => {
    const { world, bead } = await workOn(new Assayers(inspection('fail')));
    assert.equal(await stuckReason(world), 'inspector_fails');
    await world.exit(bead, 0);
    await world.foreman.wish({ type: 'sendBack', bead, words: 'Say what 1h30 is.' });
    await world.until(() => world.polecat(bead).session?.purpose === 'remind');
    assert.deepEqual(world.polecat(bead).session?.feedback?.facts, { words: 'Say what 1h30 is.' });
    assert.equal(needsYou(world.foreman.state).length, 0);
  });

  it('is not inspected where no model is, and says so', async () => {
    const models = new Assayers(inspection('fail'));
    const world = await worldWith('planner', models);
    const bead = await world.sling('Parse durations', { criteria }, 'review');
    await world.work(bead, ['duration.js']);
    await world.reaches(bead, 'merging');
    assert.equal(world.bead(bead).evidence?.verdict, null);
    assert.equal(models.asked.length, 0);
  });

  it('is not inspected before its checks are green', async () => {
    const models = new Assayers(inspection('pass'));
    const world = await worldWith('inspector', models);
    const bead = await world.sling('Parse durations', { criteria });
    await world.until(() => world.polecat(bead).state === 'working');
    const { worktree } = world.polecat(bead);
    world.git.edit(worktree ?? '', ['duration.js']);
    world.red.add((await world.git.commitAll(worktree ?? '', 'broken')) ?? '');
    await world.work(bead, []);
    await world.until(() => world.bead(bead).reason?.code === 'check_failed');
    assert.equal(models.asked.length, 0);
  });
});

const description =
  'Please could you parse durations in `src/duration.ts`. Never accept an empty text. Handle at most 3 digits. And please make it good.';
const better = 'Parse durations in `src/duration.ts`. Never accept an empty text. Take at most 3 digits.';

describe('a task that is worded for its agent', () => {
  it('reaches the agent in its new words, and keeps the original', async () => {
    const models = new Assayers(() => call('submit_wording', { prompt: better, changes: ['shorter'] }));
    const world = await worldWith('optimizer', models);
    await world.foreman.refresh();
    const bead = await world.sling('Parse durations', { description });
    await world.reaches(bead, 'in_progress');
    assert.equal(world.bead(bead).description, description);
    assert.equal(promptOf(world.bead(bead)), better);
    await world.foreman.wish({ type: 'rejectOptimized', bead });
    assert.equal(promptOf(world.bead(bead)), description);
    await world.foreman.wish({ type: 'acceptOptimized', bead });
    assert.equal(promptOf(world.bead(bead)), better);
    await world.foreman.wish({ type: 'editBead', bead, changes: { description: 'Something else.' } });
    assert.equal(promptOf(world.bead(bead)), 'Something else.');
  });

  const failures: readonly (readonly [string, () => ModelAnswer | Error, string])[] = [
    [
      'loses a constraint',
      () => call('submit_wording', { prompt: 'Parse it.', changes: [] }),
      'wording_dropped',
    ],
    ['says nothing', () => answerOf([]), 'not_worded'],
    ['cannot be reached', () => new ModelError('connection', 'connect ECONNREFUSED'), 'not_worded'],
  ];
  for (const [what, answer, code] of failures) {
    it(`stays as it was, and starts all the same, when the model ${what}`, async () => {
      const world = await worldWith('optimizer', new Assayers(answer));
      await world.foreman.refresh();
      const bead = await world.sling('Parse durations', { description });
      await world.reaches(bead, 'in_progress');
      assert.equal(promptOf(world.bead(bead)), description);
      assert.ok(world.memory.feed.some((one) => one.what === 'bead.moved' && one.why?.code === code));
    });
  }

  it('is not touched where no model is, or where it is short', async () => {
    const models = new Assayers(() => call('submit_wording', { prompt: better, changes: [] }));
    const without = await worldWith('planner', models);
    await without.foreman.refresh();
    const long = await without.sling('Parse durations', { description });
    assert.notEqual(without.bead(long).status, 'optimizing');
    const world = await worldWith('optimizer', models);
    await world.foreman.refresh();
    await world.until(() => models.uses.some(([role]) => role === 'optimizer'));
    const short = await world.sling('Fix the typo', { description: 'In the title.' });
    await world.reaches(short, 'in_progress');
    assert.equal(models.asked.length, 0);
  });

  it('waits for nothing while the town is stopped, and is worded after a reload', async () => {
    const models = new Assayers(() => call('submit_wording', { prompt: better, changes: [] }));
    const world = await worldWith('optimizer', models);
    await world.foreman.refresh();
    await world.foreman.wish({ type: 'stopTown' });
    const bead = await world.sling('Parse durations', { description });
    assert.deepEqual([world.bead(bead).status, models.asked.length], ['optimizing', 0]);
    const next = await world.reload();
    next.models = models;
    await next.foreman.wish({ type: 'startTown' });
    await next.until(() => promptOf(next.bead(bead)) === better);
  });

  async function done(share: number): Promise<{ readonly world: World; readonly bead: BeadId }> {
    const models = new Assayers(() => call('submit_wording', { prompt: better, changes: [] }));
    const world = await worldWith('optimizer', models);
    world.controlShare = share;
    await world.foreman.refresh();
    const bead = await world.sling('Parse durations', { description }, 'auto');
    await world.until(() => world.polecat(bead).state === 'working');
    const { id: polecat, token } = world.polecat(bead);
    const usage = { input: 9_000, cachedInput: 0, output: 1_000 };
    await world.foreman.wish({ type: 'countUsage', polecat, token, usage });
    await world.work(bead, ['duration.js']);
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
    await world.settle();
    return { world, bead };
  }
  const measuredIn = (world: World): readonly unknown[] =>
    world.account.told.flatMap((one) => (one.kind === 'finished' ? [one.measured ?? null] : []));

  it('is left as it is where it was drawn for comparison, and the ledger knows what it drew', async () => {
    const { world, bead } = await done(1);
    assert.deepEqual([promptOf(world.bead(bead)), world.bead(bead).trial], [description, 'control']);
    assert.deepEqual(measuredIn(world), [{ rig: 'abcdefgh', bead, trial: 'control' }]);
    const { savings } = await world.account.fuel();
    assert.deepEqual(savings, { worded: 0, control: 1, saving: null });
  });

  it('is compared with those, what its wording drew with it', async () => {
    const { world, bead } = await done(1e-9);
    assert.deepEqual([promptOf(world.bead(bead)), world.bead(bead).trial], [better, 'worded']);
    assert.deepEqual(measuredIn(world), [{ rig: 'abcdefgh', bead, trial: 'worded' }]);
    const { beads } = await world.account.ledger();
    // 100 of the optimizer, as the fake models count.
    assert.equal(beads[`abcdefgh ${bead}`]?.input, 9_100);
  });

  it('is estimated all the same, so that nothing but the wording is compared', async () => {
    const models = new Assayers(() => call('submit_estimate', { tokens: 90_000, why: 'It is small.' }));
    const world = await worldWith(['optimizer', 'estimator'], models);
    world.controlShare = 1;
    await world.foreman.refresh();
    const bead = await world.sling('Parse durations', { description, estimate: null });
    await world.reaches(bead, 'in_progress');
    assert.deepEqual([promptOf(world.bead(bead)), world.bead(bead).trial], [description, 'control']);
    assert.notEqual(world.bead(bead).estimate, null);
    assert.equal(models.asked.length, 1);
  });

  it('is compared with nothing where the person wants no comparison', async () => {
    const { world, bead } = await done(0);
    assert.deepEqual([promptOf(world.bead(bead)), world.bead(bead).trial], [better, undefined]);
    assert.deepEqual(measuredIn(world), [null]);
  });
});
