import assert from 'node:assert/strict';
import { DeskError } from '../../../src/ports/desk.ts';
import { StoreError } from '../../../src/ports/store.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import { freshTank } from '../../../src/town/presets.ts';
import { Bench, agentOf, claude, gauge } from './fixtures.ts';

/** What an agent, a repository or a model may put into any text. */
const hostile =
  'x\u001b[2J\u001b]0;title\u0007\u009b31m\r\n$(touch /tmp/x) `id` \u202egnp.exe "quoted" \u0000\u200b|';
/* eslint-disable-next-line no-control-regex -- what must never reach a terminal */
const acts = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/;

describe('Text of agents and repositories on the command line', () => {
  it('does nothing to a terminal, whichever command shows it', async () => {
    const bench = new Bench();
    bench.runners = [{ ...claude, name: hostile, problem: { kind: 'unusable', detail: hostile } }];
    bench.fuel = {
      ...noFuel,
      tanks: {
        [hostile]: {
          ...freshTank(hostile, hostile),
          gauges: { x: { ...gauge, gauge: hostile, model: hostile, left: NaN, resetsAt: Infinity } },
          problem: { kind: 'auth', detail: hostile, at: 0 },
        },
      },
    };
    bench.configuration = {
      settings: [{ key: 'rigs.target', value: hostile, from: [hostile] }],
      refused: [hostile],
    };
    await bench.scene.open();
    const words = {
      title: hostile,
      description: hostile,
      criteria: [hostile],
      touches: [hostile],
      labels: [hostile],
    };
    const [bead = ''] = await bench.scene.convoy(hostile, [{ ...words, preferredProvider: hostile }]);
    const [polecat] = await bench.scene.start();
    assert.ok(polecat);
    const { id, token } = polecat;
    const doing = { kind: 'dialog', until: null, detail: hostile } as const;
    await bench.scene.say({ type: 'sawAgent', polecat: id, token, doing, ask: 'ak-00001' as never });
    await bench.scene.say({
      ...{ type: 'askPermission', ask: 'ak-00002' as never, polecat: id, token },
      ...{ tool: 'run', detail: hostile },
    });
    const note = { id: 'a', kind: 'checkpoint', text: hostile } as const;
    await bench.scene.say({ type: 'noteWork', polecat: id, token, note });
    bench.control.remembered.push({
      ...{ at: 0, level: 'error', what: 'hand.failed', facts: { action: hostile, message: hostile } },
      ...{ why: null, kind: 'town', bead: null, polecat: null, request: null },
    });
    const lines = [
      ...[
        'status',
        'foreman status',
        'bead list',
        `bead show ${bead}`,
        'convoy list',
        'convoy show cv-00001',
      ],
      ...[
        'sessions',
        `sessions ${polecat.name}`,
        'attach nux --once',
        'hook',
        `checkpoint read ${polecat.name}`,
      ],
      ...['feed --once', 'provider list', 'provider test claude', 'tank list', 'rig list', 'rig status'],
    ];
    for (const line of lines) {
      const { out } = await bench.says(line, { columns: 100 });
      assert.doesNotMatch(out, acts, line);
      assert.doesNotMatch((await bench.says(`${line} --json`)).out, acts, `${line} --json`);
    }
    for (const line of ['prime', 'hook', 'status'])
      assert.doesNotMatch((await bench.says(line, {}, agentOf(polecat))).out, acts, line);
    for (const argv of [
      [hostile],
      ['bead', hostile],
      ['bead', 'show', hostile],
      ['status', `--${hostile}`],
      ['rig', 'park', hostile],
      ['sessions', hostile],
    ]) {
      const { exit, out } = await bench.run(argv);
      assert.notEqual(exit, 0);
      assert.doesNotMatch(out, acts, out);
    }
    assert.deepEqual(bench.done.failed, []);
  });

  it('does nothing to a terminal in what went wrong, whoever says it', async () => {
    const bench = new Bench();
    await bench.scene.open();
    for (const error of [
      new Error(hostile),
      new DeskError('invalid', hostile),
      new StoreError('damaged', hostile, hostile),
    ]) {
      bench.plan = () => Promise.reject(error);
      const { exit, out } = await bench.says('goal plan x');
      assert.equal(exit, 1);
      assert.match(out, /quoted/);
      assert.doesNotMatch(out, acts, out);
    }
  });
});
