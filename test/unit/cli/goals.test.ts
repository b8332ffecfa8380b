import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printPlan } from '../../../src/town/plan/print.ts';
import { Bench } from './fixtures.ts';

const bead = {
  key: '1',
  title: 'Parse durations',
  type: 'implementation',
  priority: 'normal',
  dependsOn: [],
  touches: [],
  estimate: 12_000,
  provider: 'claude',
  description: '',
  criteria: ['1h is parsed'],
} as const;
const text = printPlan({
  goal: 'Durations',
  beads: [bead, { ...bead, key: '2', title: 'Print them', dependsOn: ['1'] }],
});

describe('rigs goal', () => {
  let bench: Bench;
  const goals: string[] = [];
  beforeEach(async () => {
    bench = Bench.withFolder();
    goals.length = 0;
    bench.plan = (goal) => {
      goals.push(goal);
      return Promise.resolve({ ok: true, text });
    };
    await bench.scene.open();
  });
  afterEach(() => {
    rmSync(bench.control.store.folder, { recursive: true });
  });

  it('plan shows numbered beads, keeps the plan, and starts nothing', async () => {
    const out = await bench.ok('goal plan Durations');
    assert.match(
      out,
      /#1 \[implementation\] Parse durations {2}\(12,000 tokens, claude, normal\)\n {3}- 1h is parsed/,
    );
    assert.match(out, /#2 .*\n {3}Depends on: #1/);
    assert.match(
      out,
      /2 beads, about 24,000 tokens\.\n\nStart it: rigs goal execute --plan 2026-03-07-durations$/,
    );
    assert.deepEqual(readdirSync(join(bench.control.store.folder, 'plans')), [
      '2026-03-07-durations.plan.rigs.md',
    ]);
    assert.deepEqual(bench.control.state.beads, {});
  });

  it('plan tells programs the same', async () => {
    const plan = (await bench.json('goal plan Durations')) as {
      plan: string;
      estimate: number;
      beads: unknown[];
    };
    assert.deepEqual([plan.plan, plan.estimate, plan.beads.length], ['2026-03-07-durations', 24_000, 2]);
    const again = (await bench.json('goal plan Durations')) as { plan: string };
    assert.equal(again.plan, '2026-03-07-durations-2');
  });

  it('plan hands remarks to the planner, and shows a kept plan without planning', async () => {
    await bench.ok('goal plan Durations --remark smaller --remark fewer');
    assert.match(goals[0] ?? '', /^Durations\n\n.*\n- smaller\n- fewer$/);
    assert.match(await bench.ok('goal plan --plan 2026-03-07-durations'), /#2 /);
    assert.equal(goals.length, 1);
  });

  it('plan says why there is none', async () => {
    bench.plan = () => Promise.resolve({ ok: false, message: 'Set a key first.' });
    assert.match(await bench.fails(1, 'goal plan x'), /Set a key first/);
    assert.match(await bench.fails(2, 'goal plan'), /Say the goal/);
    await bench.fails(4, 'goal plan --plan nothing');
    await bench.fails(2, 'goal plan --plan ../../etc/passwd');
    await bench.fails(2, 'goal plan x --plan y');
  });

  it('execute plans and starts with --yes, and never without being asked', async () => {
    assert.match(await bench.fails(2, 'goal execute Durations'), /--yes/);
    assert.deepEqual(goals, []);
    const out = await bench.ok('goal execute Durations --yes --priority p0');
    assert.match(out, /^cv-\w+ has 2 beads\. `rigs feed`/);
    const beads = Object.values(bench.control.state.beads);
    assert.deepEqual(
      beads.map(({ priority }) => priority),
      ['critical', 'critical'],
    );
    assert.deepEqual(beads[1]?.dependencies, [beads[0]?.id]);
    assert.equal(Object.values(bench.control.state.convoys)[0]?.title, 'Durations');
  });

  it('execute starts exactly the plan that was shown', async () => {
    await bench.ok('goal plan Durations');
    await bench.ok('goal execute --plan 2026-03-07-durations --yes --land --hold');
    assert.equal(goals.length, 1);
    const [convoy] = Object.values(bench.control.state.convoys);
    assert.deepEqual([convoy?.landing, convoy?.held], ['auto', true]);
    const { convoy: id } = JSON.parse(
      await bench.ok('goal execute --plan - --yes --json', { stdin: text }),
    ) as { convoy: string };
    assert.ok(Object.hasOwn(bench.control.state.convoys, id));
  });

  it('execute starts nothing of a plan with mistakes, and names them', async () => {
    const { exit, out } = await bench.says('goal execute --plan - --yes', {
      stdin: text.replace('implementation', 'magic'),
    });
    assert.equal(exit, 1);
    assert.match(out, /Line \d+: “magic” is no type/);
    assert.deepEqual(bench.control.state.beads, {});
  });

  it('execute says what still keeps the beads from starting', async () => {
    await bench.ok('foreman stop');
    assert.match(await bench.ok('goal execute x -y'), /town is stopped; `rigs foreman start`/);
  });
});
