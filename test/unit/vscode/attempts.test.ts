import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { contestNeed } from '../../../src/town/attempts.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import type { Candidate } from '../../../src/town/explain.ts';
import { attemptsIn, attemptsText } from '../../../src/vscode/attempts/attemptsText.ts';
import { beadsTree } from '../../../src/vscode/trees/beads.ts';
import { convoysTree } from '../../../src/vscode/trees/convoys.ts';
import { needsYouTree } from '../../../src/vscode/trees/needsYou.ts';
import type { Children, Node } from '../../../src/vscode/trees/node.ts';
import { type RigView, rigViews } from '../../../src/vscode/trees/view.ts';
import { contestNeedWords } from '../../../src/words/attempts.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { beadIdOf } from '../../fakes/events.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { fakeView } from '../../fakes/fakeView.ts';
import { Scene, commit, requestId } from '../../fakes/scene.ts';

const [about, one, two] = [beadIdOf(1), beadIdOf(6), beadIdOf(7)] as const;

/** A bead with two attempts, of which the first so many are proven. */
async function contested(proven: number, summary = 'Durations are parsed.') {
  const control = new FakeControl();
  const scene = await new Scene(control).open();
  await scene.convoy('Durations', [{ title: 'Parse' }]);
  const attempts = [one, two].map((bead) => ({ bead, provider: null }));
  await scene.say({ type: 'contestBead', bead: about, attempts });
  await scene.start();
  for (const bead of [one, two].slice(0, proven)) await prove(scene, bead, summary);
  const town = new FakeTown().add('almanac', control);
  const view = (): RigView => {
    const [rig] = rigViews(fakeView(town.rigs, control.now));
    ok(rig);
    return rig;
  };
  return { control, scene, view };
}

async function prove(scene: Scene, bead: BeadId, summary: string): Promise<void> {
  const polecat = Object.values(scene.control.state.polecats).find((it) => it.bead === bead);
  ok(polecat);
  const { id, token } = polecat;
  await scene.say({ type: 'claimDone', polecat: id, token, claim: bead });
  const criteria = [
    { criterion: 'it parses', met: true, why: 'it does', file: null, line: null },
    { criterion: 'it is documented', met: false, why: 'nowhere', file: 'README.md', line: 3 },
  ];
  await scene.say({
    ...{ type: 'evidenceFound', polecat: id, token, request: requestId(9) },
    evidence: {
      ...{ commit: commit('b'), tree: commit('c'), base: commit('a'), files: ['src/a.ts', 'b.ts'] },
      ...{ insertions: 12, deletions: 3, committedForAgent: false, summary },
      checks: [{ name: 'test', outcome: 'passed', exitCode: 0, durationMs: 9, outputFile: null }],
      verdict: { outcome: 'pass', criteria, notes: '', provider: 'openai', model: 'm', cut: [] },
      at: scene.control.now + 600_000,
    },
  });
}

const rowsOf = (children: Children): readonly Node[] => children(100).nodes;
const flat = (children: Children): readonly Node[] =>
  rowsOf(children).flatMap((node) => [node, ...(node.children === undefined ? [] : flat(node.children))]);

describe('The page that compares attempts', () => {
  it('has them side by side, and says nothing of what nobody knows', async () => {
    const { view, control } = await contested(1);
    const bead = control.state.beads[about];
    ok(bead);
    const lines = attemptsText(view(), bead, null).split('\n');
    equal(lines[0], '# Attempts at “Parse”');
    deepEqual(
      lines.filter((line) => line.startsWith('|')).map((line) => line.replaceAll(/ +/g, ' ')),
      [
        '| | gt-00006 | gt-00007 |',
        '|----------|----------------------|------------------|',
        '| State | waits to be compared | in progress |',
        '| Seat | Claude · a-model | Claude · a-model |',
        '| Checks | ✓ 1/1 | – |',
        '| Criteria | ✗ 1/2 | – |',
        '| Files | 2 | – |',
        '| Lines | +12 −3 | – |',
        '| Tokens | – | – |',
        '| Money | – | – |',
        '| Time | 10 min | – |',
        '| Sessions | 1 | 1 |',
      ],
    );
    const widths = new Set(lines.filter((line) => line.startsWith('|')).map((line) => line.length));
    equal(widths.size, 1, 'every line of the table is as wide as the others');
  });

  it('has each with what its inspector said, its checks and its own words', async () => {
    const { view, control } = await contested(1);
    const bead = control.state.beads[about];
    ok(bead);
    const text = attemptsText(view(), bead, null);
    for (const part of [
      '## gt-00006\n\n',
      '    ✗ it is documented: nowhere (README.md:3)',
      '    test: passed',
      '    Durations are parsed.',
      '    src/a.ts',
      '## gt-00007',
    ])
      ok(text.includes(part), `${part} is missing in\n${text}`);
  });

  it('offers what can be done to an attempt at its heading and nowhere else, whatever agents say', async () => {
    const { view, control } = await contested(1, 'Done.\n## gt-00007\n## gt-00007 (picked)');
    const bead = control.state.beads[about];
    ok(bead);
    const found = attemptsIn(attemptsText(view(), bead, null));
    deepEqual(
      found.map(({ attempt }) => attempt),
      [one, two],
    );
  });
});

describe('Attempts in the trees', () => {
  it('stand below their bead in its convoy, which counts them once', async () => {
    const { view } = await contested(1);
    const [convoy] = rowsOf(convoysTree(view()));
    match(convoy?.description ?? '', /^0\/1/);
    const [bead] = convoy?.children === undefined ? [] : rowsOf(convoy.children);
    equal(bead?.kind, 'bead.contested');
    deepEqual(
      (bead.children === undefined ? [] : rowsOf(bead.children)).map(({ kind, description }) => [
        kind,
        (description ?? '').split(' · ')[0],
      ]),
      [
        ['bead.attempt', 'attempt 1 of 2'],
        ['bead.open', 'attempt 2 of 2'],
      ],
    );
  });

  it('are a row in Needs You once all have ended, which opens the page', async () => {
    const { view, scene } = await contested(1);
    deepEqual(rowsOf(needsYouTree(view())), []);
    await prove(scene, two, 'Done.');
    const [need] = rowsOf(needsYouTree(view()));
    equal(need?.kind, 'need.contest');
    equal(need.label, '2 attempts at “Parse”: compare them and pick one');
    deepEqual(
      [need.click, need.subject],
      ['rigs.compareAttempts', { kind: 'bead', rig: view().key, bead: about }],
    );
  });

  it('say when they were not picked, and what is kept of a bead that is decided', async () => {
    const { view, scene } = await contested(2);
    await scene.say({ type: 'pickAttempt', bead: two, request: requestId(1) });
    const rows = flat(beadsTree(view()));
    equal(
      rows.find(({ subject }) => subject?.kind === 'bead' && subject.bead === one)?.kind,
      'bead.notPicked',
    );
    ok(rows.some(({ label }) => label === 'Not picked'));
    match(
      rows.find(({ subject }) => subject?.kind === 'bead' && subject.bead === one)?.description ?? '',
      /Another attempt was picked, gt-00007/,
    );
  });
});

describe('What trying a bead in several seats may draw', () => {
  const candidate = (provider: string, tokens: number, usd: number): Candidate => ({
    seat: { runner: 'worker', provider, tank: provider, model: 'm' },
    ...{ affinity: 1, headroom: 1, gauge: null, success: 1, price: 0, score: 1, level: null, out: null },
    need: { tokens, requests: 1, usd, ms: 1 },
  });
  const candidates = [candidate('claude', 60_000, 0.6), candidate('codex', 50_000, 0.4)];
  const bead = { estimate: 20_000 };

  it('is the sum of what each seat is expected to draw, the best first, and again from the first where they are few', () => {
    deepEqual(contestNeed({ candidates }, bead, 2), { tokens: 110_000, usd: 1 });
    deepEqual(contestNeed({ candidates }, bead, 3)?.tokens, 170_000);
  });

  it('is that of the providers that are named', () => {
    deepEqual(contestNeed({ candidates }, bead, 2, ['codex', 'codex'])?.tokens, 100_000);
  });

  it('is the estimate as often where nothing is known of accounts, and else not known', () => {
    deepEqual(contestNeed({ candidates: [] }, bead, 3), { tokens: 60_000, usd: 0 });
    equal(contestNeed({ candidates: [] }, { estimate: null }, 3), null);
    equal(contestNeedWords(null, 3, plainEnglish), 'What 3 attempts may draw is not known.');
    match(
      contestNeedWords({ tokens: 60_000, usd: 1.5 }, 3, plainEnglish),
      /60,000 tokens, \$1\.50 at API prices/,
    );
  });
});
