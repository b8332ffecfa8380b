import assert from 'node:assert/strict';
import type { Notice } from '../../../src/ports/notices.ts';
import { Bench, agentOf, claude } from './fixtures.ts';

const notice: Notice = {
  at: Date.UTC(2026, 2, 7, 8),
  level: 'good',
  what: 'bead.moved',
  facts: { title: 'One', from: 'merging', to: 'completed' },
  why: null,
  kind: 'bead',
  bead: null,
  polecat: null,
  request: null,
};

describe('What a person sees of a rig', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
    await bench.scene.convoy('Goal', [{ title: 'One' }, { title: 'Two' }]);
    await bench.scene.start();
  });

  it('status: who runs it, what needs them, agents and convoys', async () => {
    const { id, session } = bench.scene.polecats('working')[0] ?? assert.fail();
    await bench.scene.say({
      type: 'askPermission',
      ask: 'ak-00001' as never,
      polecat: id,
      token: session?.token ?? 0,
      tool: 'run',
      detail: 'npm publish',
    });
    const out = await bench.ok('status');
    assert.match(
      out,
      /^rig +almanac, lands on main\nforeman +running \(process \d+, since 1 min ago\)\nbeads +2 /,
    );
    assert.match(out, /Needs you\n {2}gt-\w+ {2}.*npm publish/);
    assert.match(out, /AGENT +DOES +BEAD/);
    assert.match(out, /cv-00001/);
    const shape = (await bench.json('status')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(shape), [
      ...['rig', 'owner', 'stopped', 'beads', 'working', 'convoys', 'needsYou', 'usage'],
      ...['usageToday', 'spentToday', 'savings', 'tanks'],
    ]);
  });

  it('sessions: each agent that runs, or all about one', async () => {
    assert.match(await bench.ok('sessions'), /nux +\w+ +gt-\w+ +One +worker +a-model +\d+ +now/);
    assert.match(await bench.ok('sessions nux'), /^nux {2}gt-\w+ {2}One\n\ndoes/);
    assert.equal(await bench.ok('sessions almanac/polecats/nux'), await bench.ok('sessions nux'));
    assert.match(await bench.fails(4, 'sessions nobody'), /rigs sessions --all/);
    const all = (await bench.json('sessions')) as { agent: string; doing: { kind: string } }[];
    assert.equal(all.length, 2);
    for (const line of ['polecat list', 'agents list', 'session list'])
      assert.equal((await bench.says(line, { program: 'rgt' })).out, await bench.ok('sessions'), line);
    assert.match((await bench.says('session show nux', { program: 'rgt' })).out, /^nux/);
  });

  it('attach: shows the agent’s terminal', async () => {
    assert.match(await bench.ok('attach nux --once'), /Its terminal is shown/);
    assert.equal(bench.done.person[0]?.[0], 'showTerminal');
  });

  it('feed: the newest lines', async () => {
    bench.control.remembered.push(notice, {
      ...notice,
      facts: { ...notice.facts, title: '\u001b]0;x\u0007Two' },
    });
    const out = await bench.ok('feed --once');
    assert.equal(out.split('\n').length, 2);
    assert.match(out, /“One” is completed\./);
    assert.ok(!out.includes('\u001b'));
    assert.equal((await bench.ok('feed --once --limit 1')).split('\n').length, 1);
    const [first] = (await bench.json('feed --once')) as { at: string; what: string }[];
    assert.deepEqual([first?.at, first?.what], ['2026-03-07T08:00:00.000Z', 'bead.moved']);
  });

  it('foreman: stop, status and start', async () => {
    assert.match(await bench.ok('foreman stop'), /work kept/);
    assert.ok(bench.control.state.stopped);
    assert.match(await bench.ok('foreman status'), /foreman +stopped/);
    await bench.ok('foreman start');
    assert.ok(!bench.control.state.stopped);
    const { owner, stopped } = (await bench.json('foreman status')) as {
      owner: { pid: number };
      stopped: boolean;
    };
    assert.deepEqual([owner.pid, stopped], [process.pid, false]);
  });

  it('rig: list, status, park, unpark, add and remove', async () => {
    assert.match(await bench.ok('rig list'), /\* +almanac +open for work +\/r\b/);
    assert.match(await bench.ok('rig list'), /orrery +\/other +1 h ago/);
    assert.match(await bench.ok('rig status'), /lands on +main\n.*\nchecks +test/);
    assert.match(await bench.ok('rig status orrery'), /another rig/);
    await bench.ok('rig park almanac');
    assert.ok(bench.control.state.rig?.parked);
    await bench.ok('rig unpark');
    assert.match(await bench.fails(1, 'rig park orrery'), /cd \/other/);
    assert.match(await bench.fails(4, 'rig park almanak'), /Did you mean almanac\?/);
    for (const line of [
      'rig add ../x',
      'rig add x --path /y',
      'rig add https://h/x.git',
      'rig add x --git-url git@h:y',
    ])
      assert.match(await bench.ok(line), /fresh is a rig: \/fresh/);
    await bench.ok('rig remove orrery');
    assert.deepEqual(bench.done.person, [
      ['addRig', { path: '/x' }],
      ['addRig', { path: '/y' }],
      ['addRig', { url: 'https://h/x.git', name: null }],
      ['addRig', { url: 'git@h:y', name: 'x' }],
      ['removeRig', '/other'],
    ]);
    const rigs = (await bench.json('rig list')) as { name: string; here: boolean }[];
    assert.deepEqual(
      rigs.map(({ name, here }) => [name, here]),
      [
        ['almanac', true],
        ['orrery', false],
      ],
    );
  });

  it('provider: what can run work, and the switch', async () => {
    const list = await bench.ok('provider list');
    assert.match(list, /claude +claude-code +Claude Code +opus +2\.1\.0 +always +ready/);
    assert.match(list, /codex was not found on PATH: npm i -g codex/);
    const [first] = (await bench.json('provider list')) as { runner: string; ready: boolean }[];
    assert.deepEqual([first?.runner, first?.ready], ['claude-code', true]);
    assert.match(await bench.ok('provider test claude'), /version +2\.1\.0/);
    assert.match(await bench.fails(1, 'provider test codex'), /npm i -g codex/);
    assert.match(await bench.fails(4, 'provider test cluade'), /Did you mean claude\?/);
    assert.match(await bench.fails(4, 'provider add nobody'), /rigs\.agents\.custom/);
    bench.runners = [{ ...claude, problem: { kind: 'disabled' } }];
    await bench.ok('provider add claude');
    await bench.ok('provider disable claude-code');
    await bench.ok('provider remove claude');
    await bench.ok('provider enable claude');
    const line = { runner: 'claude-code', provider: 'claude' };
    assert.deepEqual(
      bench.done.person.splice(0),
      [true, false, false, true].map((enabled) => ['enableProvider', line, enabled]),
    );
    // Its API is billed, so it is taken into use by its own name, and left with the rest.
    const api = { runner: 'worker', provider: 'claude' };
    bench.runners = [
      ...bench.runners,
      { ...claude, ...api, name: 'Claude API', problem: { kind: 'disabled' } },
    ];
    await bench.ok('provider add claude');
    await bench.ok('provider add claude-api');
    await bench.ok('provider disable claude');
    assert.deepEqual(bench.done.person, [
      ['enableProvider', line, true],
      ['enableProvider', api, true],
      ['enableProvider', line, false],
      ['enableProvider', api, false],
    ]);
  });

  it('sling: new beads, held ones and another provider', async () => {
    assert.match(
      (await bench.run(['sling', 'Fix the login', '--target', 'almanac', '--agent', 'claude'])).out,
      /gt-\w+ is in the depot: Fix the login/,
    );
    const made = Object.values(bench.control.state.beads).find(({ title }) => title === 'Fix the login');
    assert.equal(made?.preferredProvider, 'claude');
    await bench.ok('convoy pause cv-00001');
    await bench.ok('sling gt-00001');
    assert.equal(bench.control.state.convoys['cv-00001' as never]?.held, false);
    assert.match(await bench.fails(1, 'sling gt-00001 --target orrery'), /cd \/other/);
    assert.match(await bench.fails(1, 'sling gt-00001 --target nux'), /a fresh one takes it/);
    assert.match(await bench.fails(2, 'sling gt-00001 --target mayor'), /later/);
    assert.match(await bench.fails(4, 'sling gt-00001 --agent cluade'), /Did you mean claude\?/);
    assert.match(await bench.fails(4, 'sling gt-00001 --agent claude-code'), /Did you mean claude\?/);
    assert.match(
      await bench.fails(1, 'sling New --agent codex'),
      /Codex is codex was not found .* npm i -g codex/,
    );
    await bench.fails(4, 'sling gt-zzzzz');
    await bench.fails(2, 'sling wi-123');
  });

  it('init: says that it is made already', async () => {
    assert.match(await bench.ok('init --git'), /has its memory already, in \/state/);
  });

  it('help, version: without a rig', async () => {
    assert.match(await bench.ok(''), /Exit codes/);
    assert.equal(await bench.ok('--help'), await bench.ok('help'));
    assert.equal(await bench.ok('help bead show'), await bench.ok('bead show --help'));
    assert.match(await bench.ok('help bead'), /bead cancel/);
    assert.match(await bench.fails(2, 'help baed show'), /rigs help bead show/);
    assert.match(await bench.ok('version'), /^\d+\.\d+\.\d+$/);
    assert.deepEqual(Object.keys((await bench.json('version')) as object), ['version']);
  });

  it('a rig that cannot be written: the refusal with what to do', async () => {
    bench.control.wish = () => Promise.resolve({ ok: false, refusal: { code: 'not_reached', facts: {} } });
    assert.match(await bench.fails(3, 'foreman stop'), /Open the rig’s folder in VS Code/);
  });

  it('a mistake of ours: it is told to the log, and said', async () => {
    bench.control.wish = () => Promise.reject(new Error('boom'));
    const { exit, out } = await bench.says('foreman stop');
    assert.deepEqual([exit, out, bench.done.failed.length], [1, 'This did not work: boom', 1]);
  });

  it('agents see all of it but what is the person’s alone', async () => {
    const [polecat] = bench.scene.polecats('working');
    assert.ok(polecat);
    const agent = agentOf(polecat);
    for (const line of [
      'status',
      'sessions',
      'feed --once',
      'rig list',
      'provider list',
      'tank list',
      'foreman status',
      'convoy list',
    ])
      await bench.ok(line, {}, agent);
  });
});
