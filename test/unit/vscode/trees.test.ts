import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type Facts, type ReasonCode, reason } from '../../../src/town/reason.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { beadText } from '../../../src/vscode/documents/beadText.ts';
import { beadsTree } from '../../../src/vscode/trees/beads.ts';
import { convoysTree } from '../../../src/vscode/trees/convoys.ts';
import { countNeeds, needsYouTree } from '../../../src/vscode/trees/needsYou.ts';
import { type Children, type Node, faceOf } from '../../../src/vscode/trees/node.ts';
import { rigsTree } from '../../../src/vscode/trees/rigs.ts';
import { tanksTree } from '../../../src/vscode/trees/tanks.ts';
import type { AgentMode, RunnerState } from '../../../src/ports/agents.ts';
import { type View, rigViews } from '../../../src/vscode/trees/view.ts';
import { codexRunner as codex } from '../../fakes/fakeTownAgents.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { noBooks } from '../../fakes/noBooks.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import type { Doing, Polecat, Seat } from '../../../src/town/polecat.ts';
import { Scene, askId, commit, requestId } from '../../fakes/scene.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import type { Gauge, Tank } from '../../../src/town/tank.ts';
import { beadIdOf, plainDraft, rigId } from '../../fakes/events.ts';

interface Stage {
  readonly scene: Scene;
  readonly town: FakeTown;
  readonly view: () => View;
  /** What is known of agents; a test fills it. */
  readonly agents: {
    runners: readonly RunnerState[];
    launched: AgentMode | null;
  };
}

async function stage(): Promise<Stage> {
  const control = new FakeControl();
  const town = new FakeTown().add('almanac', control);
  const scene = await new Scene(control).open();
  const agents: Stage['agents'] = { runners: [], launched: null };
  const view = (): View => ({
    rigs: town.rigs,
    t: plainEnglish,
    now: control.now,
    sentence: (why) => sentence(why, plainEnglish, control.now, 'UTC'),
    clock: (at) => new Date(at).toISOString(),
    agents: {
      runners: () => agents.runners,
      launchedMode: () => agents.launched,
    },
  });
  return { scene, town, view, agents };
}

const codexSeat: Seat = { runner: 'codex', provider: 'codex', tank: 'codex', model: '' };

/** A branch of a person's in the queue. */
async function enter(scene: Scene, number: number, title: string): Promise<void> {
  const tip = { commit: commit('b'), tree: commit('c'), base: commit('a') };
  const size = { files: ['a.ts'], insertions: 1, deletions: 0, checks: [], summary: '' };
  await scene.say({
    ...{ type: 'enterBranch', request: requestId(number), bead: beadIdOf(number), branch: title },
    draft: { ...plainDraft, title },
    evidence: { ...tip, ...size, committedForAgent: false, at: scene.control.now },
  });
}

async function tick(scene: Scene): Promise<void> {
  await scene.say({ type: 'tick', seats: [], maxPolecats: 1 });
}

function queueRows(view: View): readonly Node[] {
  const [rig] = rigsTree(view)(10).nodes;
  return rig?.children?.(10).nodes.filter(({ kind }) => kind.startsWith('queue')) ?? [];
}

/** A tree as an indented outline, all levels open. */
function outline(children: Children, indent = ''): readonly string[] {
  return children(100).nodes.flatMap((node) => [
    `${indent}${node.label}${node.description === undefined || node.description === '' ? '' : ` | ${node.description}`}`,
    ...(node.children === undefined ? [] : outline(node.children, `${indent}  `)),
  ]);
}

const why = (code: ReasonCode, facts: Facts = {}): string => sentence(reason(code, facts), plainEnglish);

function all(children: Children): readonly Node[] {
  return children(100).nodes.flatMap((node) => [
    node,
    ...(node.children === undefined ? [] : all(node.children)),
  ]);
}

describe('The tree of beads', () => {
  it('groups by state, shows the ready ones in dispatch order, and says why each waits', async () => {
    const { scene, view } = await stage();
    scene.maxPolecats = 1;
    const [first] = await scene.convoy('Durations', [{ title: 'Parse' }]);
    await scene.start();
    await scene.convoy('More', [
      { title: 'Print', priority: 'low' },
      { title: 'Round', priority: 'critical' },
      { title: 'Document', dependencies: first === undefined ? [] : [first] },
    ]);
    deepEqual(outline(beadsTree(view())), [
      'Working | 1',
      `  Parse | ${why('agent_working', { polecat: 'nux' })} · gt-00001`,
      'Ready | 2',
      `  Round | ${why('no_seat')} · gt-00003`,
      `  Print | ${why('no_seat')} · gt-00002`,
      'Waiting | 1',
      `  Document | ${why('blocked_by', { beads: ['gt-00001'] })} · gt-00004`,
    ]);
  });

  it('gives a bead the same row whatever happens to it', async () => {
    const { scene, view } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    const before = all(beadsTree(view())).find((node) => node.subject?.kind === 'bead');
    await scene.start();
    const after = all(beadsTree(view())).find((node) => node.subject?.kind === 'bead');
    ok(before && after);
    equal(after.id, before.id);
    ok(faceOf(after) !== faceOf(before), 'a bead that moved looks different');
  });

  it('makes only the rows of a page, and counts the rest', async () => {
    const { scene, view } = await stage();
    await scene.convoy(
      'Much',
      Array.from({ length: 250 }, (_, at) => ({ title: `Task ${String(at)}` })),
    );
    const [ready] = beadsTree(view())(100).nodes;
    const page = ready?.children?.(100);
    equal(page?.nodes.length, 100);
    equal(page.more, 150);
  });

  it('tells a screen reader title, id, state and reason', async () => {
    const { scene, view } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    const bead = all(beadsTree(view())).find((node) => node.subject?.kind === 'bead');
    match(bead?.spoken ?? '', /^Parse, bead gt-00001, queued, /);
  });

  it('shows a hostile title as the harmless line it is', async () => {
    const { scene, view } = await stage();
    await scene.convoy('Evil', [{ title: 'a\u202etxt\n[x](command:evil)' }]);
    equal(
      all(beadsTree(view())).find((node) => node.subject?.kind === 'bead')?.label,
      'atxt [x] (command:evil)',
    );
  });
});

describe('Needs You', () => {
  it('shows what waits for a person over all rigs, most urgent first, and counts it', async () => {
    const { scene, town, view } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    const [first, second] = await scene.start();
    ok(first && second);
    await scene.prove(second, requestId(1));
    const { id: polecat, token } = first;
    await scene.say({
      type: 'askPermission',
      ask: askId(1),
      polecat,
      token,
      tool: 'run',
      detail: 'npm i left-pad',
    });
    const other = new FakeControl('/o/.git');
    town.add('other', other);
    await new Scene(other).say({
      type: 'adoptRig',
      id: rigId,
      name: 'other',
      commonDir: '/o/.git',
      target: 'main',
    });
    await new Scene(other).say({ type: 'proposeChecks', ask: askId(2), definitions: [], hash: 'x' });
    deepEqual(outline(needsYouTree(view())), [
      'nux asks to run: npm i left-pad | almanac · gt-00001',
      'Confirm that this rig has no checks | other',
      'Approve landing “Print” | almanac · gt-00002 · +12 −3',
    ]);
    equal(countNeeds(view()), 3);
  });

  it('says of each who it waits for and until when', async () => {
    const { scene, view } = await stage();
    await scene.say({ type: 'proposeChecks', ask: askId(1), definitions: [], hash: 'x' });
    const [need] = needsYouTree(view())(10).nodes;
    deepEqual(
      need?.facts?.().map((fact) => fact.name),
      ['Needs you', 'About', 'Rig', 'Waits for', 'Due'],
    );
  });

  it('shows hidden characters of a command that asks for permission', async () => {
    const { scene, view } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await scene.start();
    ok(polecat);
    const detail = 'echo ok\u202e; rm -rf ~';
    await scene.say({
      type: 'askPermission',
      ask: askId(1),
      polecat: polecat.id,
      token: polecat.token,
      tool: 'run',
      detail,
    });
    match(needsYouTree(view())(10).nodes[0]?.label ?? '', /\\u\{202e\}/);
  });
});

describe('The tree of rigs', () => {
  it('shows the queue, polecats with bead and state, and what they changed', async () => {
    const { scene, view } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    const [first] = await scene.start();
    ok(first);
    await scene.prove(first, requestId(1));
    deepEqual(outline(rigsTree(view())), [
      'almanac | 2 working · → main',
      '  Merge queue | 1 waits to land',
      '    Parse | waits for approval · gt-00001',
      '      duration.ts | src',
      '      duration.test.ts | test',
      '  nux | working · Parse · claude',
      '    duration.ts | src',
      '    duration.test.ts | test',
      '  slit | working · Print · claude',
      '    No changes handed in yet',
    ]);
  });

  it('says of the queue what it proves, in the order in which that is done', async () => {
    const { scene, view } = await stage();
    await enter(scene, 1, 'First');
    await enter(scene, 2, 'Second');
    await enter(scene, 3, 'Later');
    await scene.say({ type: 'approve', request: requestId(1) });
    await scene.say({ type: 'approve', request: requestId(2) });
    await scene.say({ type: 'moveToFront', request: requestId(2) });
    await tick(scene);
    const batch = scene.control.state.queue.batch ?? { id: 0, line: [] };
    const links = batch.line.map((request, at) => {
      return { request, commit: commit(String(at + 1)), tree: commit('e') };
    });
    const chain = { onto: commit('a'), base: commit('a'), baseTree: commit('f'), links, basis: 'b' };
    const none = { conflicts: [], postponed: [], contained: [], maxRounds: 3 };
    await scene.say({ type: 'assembled', batch: batch.id, chain, ...none });
    await tick(scene);
    const [row] = queueRows(view());
    match(row?.description ?? '', /^3 wait to land · 2 together, \d runs?$/);
    deepEqual(
      row?.children?.(10).nodes.map(({ label }) => label),
      ['Second', 'First', 'Later'],
    );
  });

  it('says that the queue is paused or stopped by itself, why, and offers to resume it', async () => {
    const { scene, view } = await stage();
    const kindAndWords = (): unknown => {
      const [row] = queueRows(view());
      return [row?.kind, row?.description, row?.subject?.kind];
    };
    deepEqual(kindAndWords(), ['queue', 'empty', 'rig']);
    await scene.say({ type: 'pauseQueue' });
    deepEqual(kindAndWords(), ['queue.paused', 'paused · empty', 'rig']);
    await scene.say({ type: 'resumeQueue' });
    const why = reason('target_red', { target: 'main', name: 'test', output: null });
    scene.control.happen({ type: 'queue.paused', reason: why, at: 1 });
    match(JSON.stringify(kindAndWords()), /"queue.paused","stopped: main itself fails check test/);
    const need = needsYouTree(view())(10).nodes[0];
    deepEqual([need?.kind, need?.subject?.kind], ['need.queue', 'rig']);
  });

  it('shows a rig that is not open with its problem and a way to try again', async () => {
    const { town, view } = await stage();
    town.addClosed('shared', '/shared', 'Another window owns it. Work with the rig there.');
    const closed = rigsTree(view())(10).nodes.find((node) => node.kind === 'rig.closed');
    equal(closed?.description, 'Another window owns it. Work with the rig there.');
    equal(closed.click, 'rigs.openRig');
    deepEqual(closed.subject, { kind: 'rig', rig: '/shared' });
  });

  it('says when it is stopped', async () => {
    const { scene, view } = await stage();
    await scene.say({ type: 'stopTown' });
    equal(rigsTree(view())(10).nodes[0]?.description, 'stopped · → main');
  });

  it('has ids that no two rows share', async () => {
    const { scene, view } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    const [first] = await scene.start();
    ok(first);
    await scene.prove(first, requestId(1));
    for (const tree of [rigsTree, beadsTree, convoysTree, needsYouTree]) {
      const ids = all(tree(view())).map((node) => node.id);
      equal(new Set(ids).size, ids.length);
    }
  });
});

describe('A polecat with a vendor’s agent', () => {
  async function working(
    doing: Doing,
    mode: AgentMode = 'ask',
    launched: AgentMode | null = null,
  ): Promise<Node> {
    const { scene, view, agents } = await stage();
    agents.runners = [{ ...codex, mode }];
    agents.launched = launched;
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await scene.start();
    ok(polecat);
    const { id, token } = polecat;
    const at = scene.control.now;
    scene.control.happen({ type: 'session.doing', polecat: id, token, doing, at });
    const held: Polecat | undefined = scene.control.state.polecats[id];
    ok(held);
    scene.control.state = {
      ...scene.control.state,
      polecats: { [id]: { ...held, seat: codexSeat } },
    };
    const row = all(rigsTree(view())).find((node) => node.kind === 'polecat.working');
    ok(row);
    return row;
  }

  const kinds = [
    ['working', 'working'],
    ['permission', 'asks for permission'],
    ['question', 'asks you'],
    ['idle', 'its turn ended'],
    ['login', 'needs a login'],
    ['dialog', 'shows a dialog'],
    ['silent', 'silent'],
    ['limited', 'limited'],
  ] as const;
  for (const [kind, word] of kinds) {
    it(`says in a word when it is ${kind}, and whose agent it is`, async () => {
      const row = await working({ kind, until: null, detail: null });
      equal(row.description, `${word} · Parse · Codex`);
    });
  }

  it('says until when it is limited', async () => {
    const until = Date.UTC(2026, 2, 7, 14, 5);
    const row = await working({ kind: 'limited', until, detail: null });
    equal(row.description, `limited until ${new Date(until).toISOString()} · Parse · Codex`);
  });

  it('says as long as its agent never asks, to the eye and to a screen reader', async () => {
    const row = await working({ kind: 'working', until: null, detail: null }, 'bypass');
    equal(row.description, 'working · never asks · Parse · Codex');
    match(row.spoken ?? '', /never asks/);
  });

  it('asks or never does as it was started, whatever the setting became since', async () => {
    const doing = { kind: 'working', until: null, detail: null } as const;
    equal((await working(doing, 'ask', 'bypass')).description, 'working · never asks · Parse · Codex');
    equal((await working(doing, 'bypass', 'ask')).description, 'working · Parse · Codex');
  });
});

describe('The tree of convoys', () => {
  it('shows progress, tokens and what is held, with its beads', async () => {
    const { scene, view } = await stage();
    const [bead] = await scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    const [first] = await scene.start();
    ok(first && bead);
    await scene.say({
      type: 'countUsage',
      polecat: first.id,
      token: first.token,
      usage: { input: 1200, cachedInput: 0, output: 34 },
    });
    await scene.say({ type: 'cancelBead', bead });
    const [convoy] = Object.values(scene.control.state.convoys);
    ok(convoy);
    await scene.say({ type: 'holdConvoy', convoy: convoy.id });
    const [node] = convoysTree(view())(10).nodes;
    equal(node?.kind, 'convoy.held');
    equal(node.description, '0/2 · 1 not completed · 1.2k tokens · held');
    equal(node.children?.(100).nodes.length, 2);
  });
});

describe('The tree of tanks', () => {
  it('says that limits are not measured yet, and that a rehearsal is scripted', async () => {
    const { view } = await stage();
    const tanks = tanksTree(view(), [
      { provider: 'claude', availability: 'ready' },
      { provider: 'rehearsal', availability: 'scripted' },
      { provider: 'other', availability: 'noKey' },
    ]);
    deepEqual(outline(tanks), [
      'claude | key is set · limits not measured yet',
      'rehearsal | rehearsal: its words are scripted, nothing is billed',
      'other | no API key',
    ]);
  });
});

describe('Agents in the tree of tanks', () => {
  const missing: RunnerState = {
    ...codex,
    runner: 'gemini-cli',
    provider: 'gemini',
    name: 'Gemini CLI',
    program: null,
    known: 'unsaid',
    problem: { kind: 'missing', command: 'gemini', install: 'npm i -g gemini' },
  };

  it('say whether they are found, how old they are, and what can be done, in the kind of their row, those that can work first', async () => {
    const { view, agents } = await stage();
    agents.runners = [
      codex,
      { ...codex, runner: 'claude-code', provider: 'claude', name: 'Claude Code', known: 'older' },
      missing,
      { ...missing, runner: 'off', provider: 'off', name: 'Off', problem: { kind: 'disabled' } },
      { ...missing, runner: 'worker', provider: 'api', name: 'API', problem: { kind: 'no_key' } },
      {
        ...missing,
        runner: 'bad',
        provider: 'bad',
        name: 'Bad',
        problem: { kind: 'unusable', detail: 'no' },
      },
    ];
    const rows = tanksTree(view(), [])(10).nodes;
    deepEqual(
      rows.map(({ kind, label, description }) => [kind, label, description]),
      [
        ['runner.ready', 'Codex', 'ready · 0.169.0'],
        ['runner.ready', 'Claude Code', 'ready · 0.169.0, older than tried'],
        ['runner.unusable', 'Bad', 'no'],
        ['runner.noKey', 'API', 'no API key'],
        ['runner.missing', 'Gemini CLI', 'gemini not found'],
        ['runner.disabled', 'Off', 'switched off in settings'],
      ],
    );
  });

  it('have ids that no two rows share, also where only a limit of an account is known', async () => {
    const { view, scene } = await stage();
    tanksAre(scene, 'claude', [{}, { gauge: 'weekly' }]);
    const ids = all(tanksTree(view(), [{ provider: 'claude', availability: 'ready' }])).map(({ id }) => id);
    equal(ids.length, 4);
    equal(new Set(ids).size, ids.length);
  });

  it('show as long as one never asks, also in the row of the rig', async () => {
    const { view, agents } = await stage();
    agents.runners = [{ ...codex, mode: 'bypass' }];
    equal(tanksTree(view(), [])(10).nodes[0]?.description, 'ready · never asks · 0.169.0');
    match(rigsTree(view())(10).nodes[0]?.description ?? '', /Codex never asks/);
  });

  it('show that one never asks as long as a session runs that was started so', async () => {
    const { scene, view, agents } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await scene.start();
    ok(polecat);
    const { id } = polecat;
    const held = scene.control.state.polecats[id];
    ok(held);
    scene.control.state = { ...scene.control.state, polecats: { [id]: { ...held, seat: codexSeat } } };
    agents.runners = [{ ...codex, mode: 'ask' }];
    agents.launched = 'bypass';
    match(tanksTree(view(), [])(10).nodes[0]?.description ?? '', /never asks/);
    match(rigsTree(view())(10).nodes[0]?.description ?? '', /Codex never asks/);
    agents.launched = 'ask';
    ok(tanksTree(view(), [])(10).nodes[0]?.description?.includes('never asks') === false);
  });

  it('have their gauges below them, the lowest first, with what is left, when it is full again and how that is known', async () => {
    const { view, agents, scene } = await stage();
    agents.runners = [codex];
    const resetsAt = scene.control.now + 2 * 60 * 60 * 1000;
    tanksAre(scene, 'codex', [
      { left: 0.9, gauge: 'weekly', certainty: 'estimated' },
      { left: 0.38, resetsAt },
    ]);
    deepEqual(outline(tanksTree(view(), [])), [
      'Codex | ready · 0.169.0 · 5-hour window 38% left · getting low',
      '  5-hour window | 38% left ▰▰▰▰▱▱▱▱▱▱ getting low · resets in 2 h',
      '  weekly window | 90% left ▰▰▰▰▰▰▰▰▰▱ plenty · estimated',
    ]);
  });

  it('say why work is kept out of an account, and show accounts that no agent draws from', async () => {
    const { view, agents, scene } = await stage();
    agents.runners = [codex];
    const refused = { kind: 'auth', detail: 'no such key', at: 0 } as const;
    tanksAre(scene, 'codex', [], { problem: refused });
    match(tanksTree(view(), [])(10).nodes[0]?.description ?? '', /does not let Rigs in: no such key/);
    tanksAre(scene, 'other', [{ left: 0 }]);
    deepEqual(outline(tanksTree(view(), [])).slice(1), [
      'other',
      '  5-hour window | 0% left ▱▱▱▱▱▱▱▱▱▱ empty',
    ]);
  });

  it('are shown once for all rigs that have them alike, and before what is only known of providers', async () => {
    const { view, agents, town } = await stage();
    town.add('other', new FakeControl('/o/.git'));
    agents.runners = [codex];
    const rows = tanksTree(view(), [
      { provider: 'codex', availability: 'ready' },
      { provider: 'rehearsal', availability: 'scripted' },
    ])(10).nodes;
    deepEqual(
      rows.map(({ label }) => label),
      ['Codex', 'rehearsal'],
    );
  });
});

describe('The document of a bead', () => {
  it('says everything that is known of it and why it does not move', async () => {
    const { scene, view } = await stage();
    const [bead] = await scene.convoy('Durations', [{ title: 'Parse', description: 'Do it.' }]);
    const [first] = await scene.start();
    ok(first && bead);
    await scene.prove(first, requestId(1));
    await scene.say({ type: 'eject', request: requestId(1), reason: reason('person_said'), ask: askId(1) });
    const [rig] = rigViews(view());
    const found = scene.control.state.beads[bead];
    ok(rig && found);
    const text = beadText(rig, found, noBooks);
    for (const part of [
      '# Parse',
      '- Bead: gt-00001',
      '- Why: ',
      '## Description\n\nDo it.',
      '## Acceptance criteria\n\n- 1h30m is 5,400,000 ms',
      '- test: passed (0.9 s)',
      '- mr-00001: taken out',
    ])
      ok(text.includes(part), `${part} is missing in\n${text}`);
  });
});

/** What the person's accounts are known to give. */
function tanksAre(
  scene: Scene,
  id: string,
  gauges: readonly Partial<Gauge>[],
  more: Partial<Tank> = {},
): void {
  const made = gauges.map((one): Gauge => ({
    gauge: '5h',
    model: null,
    left: 0.5,
    capacity: null,
    capacityCertainty: 'measured',
    resetsAt: null,
    certainty: 'measured',
    source: 'statusLine',
    at: scene.control.now,
    drawn: 0,
    samples: [],
    ...one,
  }));
  const tank: Tank = {
    id,
    provider: id,
    gauges: Object.fromEntries(made.map((one) => [one.gauge, one])),
    paces: {},
    breaker: { errors: 0, trips: 0, until: null },
    problem: null,
    ...more,
  };
  scene.control.look({ ...scene.control.facts, fuel: { ...noFuel, tanks: { [id]: tank } } });
}
