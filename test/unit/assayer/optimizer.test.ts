import assert from 'node:assert/strict';
import { estimate } from '../../../src/assayer/estimator.ts';
import { AssayerError } from '../../../src/assayer/assayerError.ts';
import { isWorthWording, optimize } from '../../../src/assayer/optimizer.ts';
import { ModelError, type ModelAnswer, type Models } from '../../../src/ports/models.ts';
import { type Bead, promptOf } from '../../../src/town/bead.ts';
import { firstEstimate } from '../../../src/town/firstEstimate.ts';
import { ManualClock } from '../../fakes/manualClock.ts';
import { FakeModels, answerOf, says } from './fakeModels.ts';

const description =
  'Please could you parse durations in `src/duration.ts`. Never accept an empty text. Handle at most 3 digits. And please do make it good and fast and so on.';
const better = 'Parse durations in `src/duration.ts`. Never accept an empty text. Take at most 3 digits.';
const bead = {
  title: 'Parse durations',
  description,
  type: 'implementation',
  criteria: ['1h30m'],
  touches: [],
} as const;

const asking = (
  models: Models,
): { models: Models; model: string; clock: ManualClock; signal: AbortSignal } => ({
  models,
  model: 'm',
  clock: new ManualClock(),
  signal: new AbortController().signal,
});

const calls = (name: string, input: Readonly<Record<string, unknown>>): ModelAnswer =>
  answerOf([{ type: 'tool_use', id: 'tu_1', name, input }], 'tool_use');
const words = (prompt: string, changes: readonly string[] = ['shorter']): ModelAnswer =>
  calls('submit_wording', { prompt, changes });

describe('the optimizer', () => {
  it('words a task anew, beside the original, and says what it changed', async () => {
    const { optimized, usage } = await optimize({
      ...asking(new FakeModels(words(better))),
      provider: 'p',
      bead,
    });
    assert.deepEqual(optimized, {
      prompt: better,
      changes: ['shorter'],
      dropped: [],
      provider: 'p',
      model: 'm',
      accepted: null,
    });
    assert.equal(usage.output, 20);
  });

  it('is told what it lost, and may mend it', async () => {
    const models = new FakeModels(words('Parse durations.'), words(better));
    const { optimized, requests } = await optimize({ ...asking(models), provider: 'p', bead });
    assert.deepEqual([optimized.dropped, requests], [[], 2]);
    assert.match(JSON.stringify(models.asked[1]?.messages), /Never accept an empty text/);
  });

  it('keeps the original in force, with what is gone, when it loses a constraint twice', async () => {
    const lossy = 'Parse durations in `src/duration.ts`, with at most 3 digits.';
    const models = new FakeModels(words('Parse it.'), words(lossy));
    const { optimized } = await optimize({ ...asking(models), provider: 'p', bead });
    assert.deepEqual([optimized.prompt, optimized.dropped], [lossy, ['Never accept an empty text.']]);
    assert.equal(promptOf({ description, optimized }), description);
    assert.equal(promptOf({ description, optimized: { ...optimized, accepted: true } }), lossy);
  });

  it('gives agents its words until a person goes back to the original', async () => {
    const { optimized } = await optimize({ ...asking(new FakeModels(words(better))), provider: 'p', bead });
    assert.equal(promptOf({ description, optimized }), better);
    assert.equal(promptOf({ description, optimized: { ...optimized, accepted: false } }), description);
  });

  const useless: readonly (readonly [string, ModelAnswer])[] = [
    ['nothing', answerOf([])],
    ['prose', says('Here is your task, better.')],
    ['an empty prompt', words(' ')],
    ['no prompt', calls('submit_wording', { changes: [] })],
    ['a prompt that is a list', calls('submit_wording', { prompt: [better], changes: [] })],
    ['a book', words('x'.repeat(40_000))],
  ];
  for (const [what, answer] of useless) {
    it(`words nothing when the model answers ${what}`, async () => {
      await assert.rejects(
        optimize({ ...asking(new FakeModels(answer)), provider: 'p', bead }),
        AssayerError,
      );
    });
  }

  it('leaves alone what is short or a book', () => {
    const of = (text: string): Pick<Bead, 'description'> => ({ description: text });
    assert.deepEqual(
      ['', 'Fix the typo.', description, 'x'.repeat(20_001)].map((text) => isWorthWording(of(text))),
      [false, false, true, false],
    );
  });
});

describe('an estimate', () => {
  it('is counted from the text, by type, before anything is known', () => {
    const of = (type: Bead['type'], files = 0): number =>
      firstEstimate({ type, words: 4_000, named: 0, files });
    assert.deepEqual(
      [of('implementation'), of('review'), of('documentation'), of('debug'), of('implementation', 1_023)],
      [16_000, 12_000, 20_000, 12_000, 36_000],
    );
    assert.equal(firstEstimate({ type: 'test', words: Number.NaN, named: -1, files: Infinity }), 9_000);
  });

  const guesses: readonly (readonly [unknown, number | null])[] = [
    [{ tokens: 60_000, why: 'tests' }, 40_000],
    [{ tokens: 1 }, 11_250],
    [{ tokens: 9e15 }, 90_000],
    [{ tokens: '60000' }, null],
    [{ tokens: -1 }, null],
    [{ guess: 3 }, null],
    ['many', null],
  ];
  for (const [answer, expected] of guesses) {
    it(`of a model, ${JSON.stringify(answer)}, ${expected === null ? 'is none' : 'is averaged with what is known'}`, async () => {
      const models = new FakeModels(says(JSON.stringify(answer)));
      const estimating = estimate({ ...asking(models), bead, known: 20_000, files: 12 });
      if (expected === null) await assert.rejects(estimating, AssayerError);
      else assert.equal((await estimating).tokens, expected);
    });
  }

  it('gives up after a minute', async () => {
    const clock = new ManualClock();
    const never: Models = { complete: () => new Promise(() => undefined) };
    const estimating = estimate({ ...asking(never), clock, bead, known: 20_000, files: 12 }).catch(
      (error: unknown) => error,
    );
    await clock.advance(60_000);
    assert.ok(AssayerError.is(await estimating, 'timed_out'));
  });
});

describe('a model whose server knows no tools', () => {
  it('is asked for the same as text', async () => {
    const refusal = new ModelError(
      'refused',
      'registry.ollama.ai/library/deepseek-r1:7b does not support tools',
    );
    const models = new FakeModels(refusal, says(JSON.stringify({ tokens: 20_000, why: '' })));
    const { tokens, requests } = await estimate({ ...asking(models), bead, known: 20_000, files: 12 });
    assert.deepEqual([tokens, requests], [20_000, 2]);
    assert.deepEqual(
      models.asked.map((one) => one.tools.length),
      [1, 0],
    );
    assert.match(
      models.asked[1]?.system ?? '',
      /one JSON object of this schema and nothing else\.\n\{"type":"object"/,
    );
  });
});
