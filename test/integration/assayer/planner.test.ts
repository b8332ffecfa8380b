import assert from 'node:assert/strict';
import { planGoal } from '../../../src/assayer/planner.ts';
import { AssayerError } from '../../../src/assayer/assayerError.ts';
import { openModels } from '../../../src/providers/models.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { Rehearsing } from '../providers/rehearsing.ts';

const bead = (key: string, more: object = {}): object => ({
  key,
  title: `Bead ${key}`,
  type: 'implementation',
  priority: 'normal',
  description: 'Do it.',
  acceptance: ['it works'],
  depends_on: [],
  touches: ['src/x.js'],
  estimated_tokens: 12_000,
  ...more,
});
const goal = (name: string, beads: readonly object[], more: object = {}): object => ({
  goal: name,
  plan: { beads },
  pauseMs: 0,
  ...more,
});
const turns = { begin: [{ say: 'done' }] };
const book = {
  name: 'planning',
  goals: [
    goal('Parse weeks', [bead('1'), bead('2', { depends_on: ['1'] })]),
    goal('Go in circles', [bead('1', { depends_on: ['2'] }), bead('2', { depends_on: ['1'] })]),
    goal('Answer nothing', [bead('1')], { fault: { play: 'empty' } }),
    goal('Answer garbage', [bead('1')], { fault: { play: 'garbage' } }),
    goal('Hang', [bead('1')], { fault: { play: 'hang' } }),
    goal('Talk for ever', [bead('1')], { fault: { play: 'endless' } }),
  ],
  tasks: { 'Bead 1': turns, 'Bead 2': turns },
};
const facts = { name: 'sample', target: 'main', files: ['src/x.js'], checks: ['npm test'] };

describe('planning with a real client over a real connection', function () {
  this.timeout(30_000);
  let rehearsing: Rehearsing;
  let plan: (goal: string, limitMs?: number) => ReturnType<typeof planGoal>;

  before(async () => {
    rehearsing = await Rehearsing.open();
    const { address } = await rehearsing.start(await rehearsing.playbook(book));
    const access = {
      provider: 'rehearsal',
      wire: 'anthropic' as const,
      model: 'rehearsal',
      baseUrl: address,
      apiKey: 'rehearsal',
    };
    plan = (name, limitMs = 20_000) =>
      planGoal({
        goal: name,
        facts,
        models: openModels(access),
        model: access.model,
        clock: systemClock,
        signal: new AbortController().signal,
        limitMs,
      });
  });
  after(() => rehearsing.close());

  const refused = async (name: string, reasons: readonly string[], limitMs?: number): Promise<void> => {
    await assert.rejects(plan(name, limitMs), (error: unknown) => {
      assert.ok(AssayerError.is(error), String(error));
      assert.ok(reasons.includes(error.reason), `${error.reason}: ${error.message}`);
      return true;
    });
  };

  it('makes a plan of a goal', async () => {
    const planned = await plan('Parse weeks');
    assert.deepEqual(planned.problems, []);
    assert.deepEqual(
      planned.plan.beads.map((one) => one.dependsOn),
      [[], ['1']],
    );
    assert.ok(planned.usage.output > 0);
  });

  it('shows a plan that stays wrong, with what is wrong', async () => {
    const planned = await plan('Go in circles');
    assert.deepEqual(
      planned.problems.map((one) => one.code),
      ['cycle', 'cycle'],
    );
  });

  it('says so when the model does not know the goal', () => refused('Conquer the world', ['garbage']));
  it('says so when the model answers nothing', () => refused('Answer nothing', ['empty']));
  it('says so when the model answers garbage', () => refused('Answer garbage', ['model']));
  it('gives up on a model that hangs', () => refused('Hang', ['timed_out'], 700));
  it('gives up on a model that talks for ever', () => refused('Talk for ever', ['timed_out'], 1_500));
});
