import assert from 'node:assert/strict';
import type { AssayerUse } from '../../../src/ports/agents.ts';
import type { AssayerRole } from '../../../src/ports/apis.ts';
import { GitError } from '../../../src/ports/git.ts';
import { type ModelAnswer, ModelError, type ModelRequest, type Models } from '../../../src/ports/models.ts';
import { answerOf } from '../assayer/fakeModels.ts';
import { World } from './world.ts';

const access = { provider: 'ollama', wire: 'ollama', model: 'm', baseUrl: null, apiKey: '' } as const;
const description =
  'Parse durations in `src/duration.ts`. Never accept an empty text. Take at most 3 digits. Say in the README what is taken, and what is not.';

/** Words nothing, and estimates as the test says. */
class Estimator implements Models {
  readonly asked: ModelRequest[] = [];
  readonly uses: (AssayerUse | undefined)[] = [];
  readonly #tokens: number | null;

  constructor(tokens: number | null) {
    this.#tokens = tokens;
  }

  complete(request: ModelRequest): Promise<ModelAnswer> {
    const [tool] = request.tools;
    if (tool?.name !== 'submit_estimate') return Promise.reject(new ModelError('refused', 'No words.'));
    this.asked.push(request);
    if (this.#tokens === null) return Promise.reject(new ModelError('connection', 'Nobody.'));
    const input = { tokens: this.#tokens, why: 'It is small.' };
    return Promise.resolve(answerOf([{ type: 'tool_use', id: 't', name: tool.name, input }], 'tool_use'));
  }
}

describe('a bead of which nobody said what it will draw', () => {
  async function worldWith(models: Estimator, roles: readonly AssayerRole[]): Promise<World> {
    const world = await World.ready({
      assayer: (role, use) => {
        if (role === 'estimator') models.uses.push(use);
        return Promise.resolve(roles.includes(role) ? access : null);
      },
    });
    world.models = models;
    await world.foreman.refresh();
    return world;
  }

  it('is estimated by a model that costs nothing, beside what is known without it, before it starts', async () => {
    const models = new Estimator(90_000);
    const world = await worldWith(models, ['optimizer', 'estimator']);
    const bead = await world.sling('Parse durations', { description });
    await world.reaches(bead, 'in_progress');
    const { estimate } = world.bead(bead);
    const said = /First estimate: (\d+) tokens/.exec(JSON.stringify(models.asked[0]?.messages))?.[1];
    assert.equal(estimate, Math.round((Number(said) + 90_000) / 2));
    assert.deepEqual(models.uses, [{ author: null, unasked: true }]);
    const drew = world.account.told.flatMap((one) =>
      one.kind === 'drew' && one.usage.output > 0 ? [[one.role, one.bead, one.tank]] : [],
    );
    assert.deepEqual(drew, [['assayer', bead, 'ollama']]);
    await world.foreman.close();
  });

  it('starts all the same when the model says nothing, or none is there', async () => {
    for (const roles of [['optimizer', 'estimator'], ['optimizer']] as const) {
      const world = await worldWith(new Estimator(null), roles);
      const bead = await world.sling('Parse durations', { description });
      await world.reaches(bead, 'in_progress');
      assert.equal(world.bead(bead).estimate, null);
      await world.foreman.close();
    }
  });

  it('is not asked about when its plan says it', async () => {
    const models = new Estimator(90_000);
    const world = await worldWith(models, ['optimizer', 'estimator']);
    const bead = await world.sling('Parse durations', { description, estimate: 12_000 });
    await world.reaches(bead, 'in_progress');
    assert.deepEqual([world.bead(bead).estimate, models.asked.length], [12_000, 0]);
    await world.foreman.close();
  });

  it('is worded once and goes on when its repository cannot be looked at', async () => {
    const models = new Estimator(90_000);
    const world = await worldWith(models, ['optimizer', 'estimator']);
    world.git.files = () => Promise.reject(new GitError('failed', 'No such object.'));
    const bead = await world.sling('Parse durations', { description });
    await world.reaches(bead, 'in_progress');
    assert.notEqual(world.bead(bead).estimate, null);
    await world.foreman.close();
  });
});
