import assert from 'node:assert/strict';
import { AccountError } from '../../../src/ports/account.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { freshTank } from '../../../src/town/presets.ts';
import { defaultRouting } from '../../../src/town/routing.ts';
import type { Tank } from '../../../src/town/tank.ts';
import { widthOf } from '../../../src/cli/print/width.ts';
import { Bench, agentOf, gauge } from './fixtures.ts';

const hour = 3_600_000;

describe('Accounts on the command line', () => {
  let bench: Bench;
  let now: number;

  function tank(id: string, provider: string, more: Partial<Tank> = {}): Tank {
    return { ...freshTank(id, provider), gauges: {}, ...more };
  }

  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
    ({ now } = bench.control);
    const samples = [0.9, 0.75, 0.6, 0.45].map((left, index) => {
      return { at: now - (4 - index) * hour, left, drawn: 0 };
    });
    const five = { ...gauge, left: 0.45, resetsAt: now + 4 * hour, at: now - hour, samples };
    const weekly = { ...gauge, gauge: 'weekly', left: 0.1, resetsAt: now + 50 * hour, at: now - hour };
    bench.fuel = {
      ...noFuel,
      tanks: {
        claude: tank('claude', 'claude', { gauges: { '5h': five, weekly } }),
        codex: tank('codex', 'codex'),
      },
    };
    bench.control.facts = { seats: [], maxPolecats: 3, fuel: bench.fuel, routing: defaultRouting };
  });

  it('tank list: each limit with its level as sign, word and bar, and when it is full again', async () => {
    const out = await bench.ok('tank list');
    assert.match(out, /claude +weekly window +◔ almost empty +▰▱▱▱▱▱▱▱▱▱ 10% left +in 2 d 2 h/);
    assert.match(out, /claude +5-hour window +◐ getting low +▰▰▰▰▰▱▱▱▱▱ 45% left +in 4 h +(may be |)dry/);
    assert.match(out, /codex +not told yet/);
    assert.ok(out.indexOf('weekly') < out.indexOf('5-hour'), 'the lowest first');
  });

  it('tank list and status: what wording tasks saves, once it was measured', async () => {
    assert.doesNotMatch(await bench.ok('tank list'), /wording/);
    const saving = { saved: 0.2, low: 0.05, high: 0.33 };
    const savings = { worded: 90, control: 12, saving };
    assert.ok(!(bench.fuel instanceof AccountError));
    bench.fuel = { ...bench.fuel, savings };
    for (const words of ['tank list', 'status'])
      assert.match(
        await bench.ok(words),
        /What wording tasks saves\n {2}20% fewer tokens a bead, between 5% and 33% \(90/,
      );
    const shape = (await bench.json('status')) as { savings: unknown };
    assert.deepEqual(shape.savings, { ...savings, neededOfEach: 10 });
  });

  it('tank list fits a narrow terminal', async () => {
    const { out } = await bench.says('tank list', { columns: 80 });
    for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line);
  });

  it('tank list follows the thresholds that were set', async () => {
    const thresholds = { claude: { yellow: 0.05, red: 0.01 } };
    bench.control.facts = { ...bench.control.facts, routing: { ...defaultRouting, thresholds } };
    assert.match(await bench.ok('tank list'), /weekly window +● plenty/);
  });

  it('tank list and status for programs: figures with how sure they are', async () => {
    const all = (await bench.json('tank list')) as {
      account: string;
      gauges: { window: string; left: number; level: string; burnPerHour: number | null }[];
    }[];
    const [first] = all;
    assert.deepEqual([all.length, first?.account], [2, 'claude']);
    assert.deepEqual(
      first?.gauges.map(({ window, left, level }) => [window, left, level]),
      [
        ['weekly', 0.1, 'red'],
        ['5h', 0.45, 'yellow'],
      ],
    );
    assert.ok((first.gauges[1]?.burnPerHour ?? 0) > 0.1);
    assert.deepEqual(await bench.json('tank status claude'), [first]);
  });

  it('tank status: all about one, and who is near for one that is not there', async () => {
    const out = await bench.ok('tank status claude');
    assert.match(out, /5-hour window\n {2}level +◐ getting low\n {2}left +▰/);
    assert.match(out, /size +88,000, estimated/);
    assert.match(out, /known +measured: the vendor said so, in its status line, 1 h ago/);
    assert.match(await bench.fails(4, 'tank status cluade'), /Did you mean claude\?/);
  });

  it('tank status: what only a person mends', async () => {
    const problem = { kind: 'auth', detail: 'key revoked', at: now } as const;
    bench.fuel = { ...noFuel, tanks: { claude: tank('claude', 'claude', { problem }) } };
    assert.match(await bench.ok('tank status claude'), /held back +does not let Rigs in: key revoked/);
    await bench.ok('provider test claude');
    assert.deepEqual(bench.news, [{ kind: 'mended', tank: 'claude' }]);
  });

  it('tank refresh: what is left, and which accounts could not be asked', async () => {
    const of = (name: string) => ({ tank: name, provider: name, name });
    bench.polled = [
      { ...of('Codex'), kind: 'told', readings: [], admits: false },
      { ...of('DeepSeek'), kind: 'failed', reason: 'connection', detail: 'No \u001b[31mway.' },
      { ...of('Ollama'), kind: 'failed', reason: 'cancelled', detail: 'The question was cancelled.' },
      { ...of('Gemini CLI'), kind: 'silent' },
      { ...of('aider'), kind: 'silent' },
    ];
    const out = await bench.ok('tank refresh');
    assert.match(out, /claude +weekly window/);
    assert.match(out, /DeepSeek could not be asked: No .*way\.\n/);
    assert.match(out, /called it off before these answered: Ollama\.\n/);
    assert.match(out, /Only at work do these tell what is left: Gemini CLI, aider\./);
    assert.ok(!out.includes('\u001b') && !out.includes('Codex'));
    assert.equal(((await bench.json('tank refresh')) as unknown[]).length, 2);
  });

  it('status: one line with the instant of the next start while every account is empty', async () => {
    const empty = { ...gauge, left: 0, resetsAt: now + 2 * hour, at: now };
    const fuel = { ...noFuel, tanks: { claude: tank('claude', 'claude', { gauges: { '5h': empty } }) } };
    const seat = { runner: 'worker', provider: 'claude', tank: 'claude', model: 'm' };
    bench.control.facts = { seats: [seat], maxPolecats: 3, fuel, routing: defaultRouting };
    await bench.scene.convoy('Goal', [{ title: 'One' }, { title: 'Two' }]);
    const lines = (await bench.ok('status')).split('\n').filter((line) => line.startsWith('next start'));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^next start +Waits for Claude's 5-hour window, .*\d:\d\d.*\.$/);
    bench.control.facts = { ...bench.control.facts, fuel: noFuel };
    assert.ok(!(await bench.ok('status')).includes('next start'));
  });

  it('tank set: a part, a word or tokens, of the lowest limit or a named one', async () => {
    for (const [level, left] of [
      ['40%', 0.4],
      ['0.4', 0.4],
      ['full', 1],
      ['empty', 0],
      ['44000', 0.5],
    ] as const) {
      await bench.ok(`tank set claude ${level} --gauge 5h`);
      assert.deepEqual(bench.news.splice(0), [{ kind: 'set', tank: 'claude', gauge: '5h', left }], level);
    }
    await bench.ok('tank set claude 5%');
    assert.deepEqual(bench.news.splice(0)[0], { kind: 'set', tank: 'claude', gauge: 'weekly', left: 0.05 });
  });

  it('tank set: what is no level is refused, and nothing is told', async () => {
    for (const level of ['NaN', '-1', '140%', '1.5', '1e9', '88001', 'Infinity', 'half', '9'.repeat(40)])
      await bench.fails(2, `tank set claude ${level} --gauge 5h`);
    assert.match(await bench.fails(2, 'tank set claude 5% --gauge monthly'), /It has: weekly, 5h\./);
    assert.match(await bench.fails(2, 'tank set codex 100'), /not known, so say a part/);
    assert.deepEqual(bench.news, []);
  });

  it('tank set: of several accounts one is to be named', async () => {
    bench.fuel = { ...noFuel, tanks: { a: tank('a', 'claude'), b: tank('b', 'claude') } };
    assert.match(await bench.fails(2, 'tank set claude 5%'), /name one: a, b\./);
    await bench.ok('tank set b 5%');
  });

  it('tank history: how much was left when, as far back as asked', async () => {
    assert.equal((await bench.ok('tank history')).split('\n').length, 5);
    assert.equal((await bench.ok('tank history claude --period 90m')).split('\n').length, 2);
    const all = (await bench.json('tank history')) as { left: number }[];
    assert.deepEqual(
      all.map(({ left }) => left),
      [0.9, 0.75, 0.6, 0.45],
    );
    assert.match(await bench.ok('tank history codex'), /Nobody told/);
    for (const period of ['24', '-1h', '1y', 'NaNh']) await bench.fails(2, `tank history --period ${period}`);
  });

  it('status: what is left, and what was used today', async () => {
    await bench.scene.convoy('Goal', [{ title: 'One' }]);
    const [polecat] = await bench.scene.start();
    assert.ok(polecat);
    const { id, token } = polecat;
    const usage = { input: 1_200, cachedInput: 0, output: 34 };
    await bench.scene.say({ type: 'countUsage', polecat: id, token, usage });
    const out = await bench.ok('status');
    assert.match(out, /used +1,200 tokens in, 34 out\ntoday +1,200 tokens in, 34 out/);
    assert.match(out, /claude +weekly window +◔ almost empty/);
    bench.control.now += 48 * hour;
    assert.doesNotMatch(await bench.ok('status'), /^today/m);
  });

  it('status: tells the rest where accounts cannot be read', async () => {
    bench.fuel = new AccountError('damaged', '/a', 'The account is damaged.');
    assert.match(
      await bench.ok('status'),
      /^rig +almanac[\s\S]*Your accounts cannot be read: The account is damaged\./,
    );
    assert.equal(((await bench.json('status')) as { tanks: unknown }).tanks, null);
    assert.match(await bench.fails(1, 'tank list'), /The account is damaged\./);
  });

  it('dispatch --dry-run: what would start now, where and why', async () => {
    assert.match(await bench.fails(2, 'dispatch'), /--dry-run/);
    assert.match(await bench.ok('dispatch --dry-run'), /Nothing would start now\./);
    const [id] = await bench.scene.convoy('Goal', [{ title: 'One' }, { title: 'Two' }]);
    const seat = { runner: 'claude-code', provider: 'claude', model: 'opus', tank: 'claude' };
    bench.control.facts = { seats: [seat], maxPolecats: 1 };
    const out = await bench.ok('dispatch --dry-run');
    assert.match(out, /gt-\w+ +One +claude opus +first in your order/);
    assert.match(out, /1 other bead waits/);
    const all = (await bench.json('dispatch --dry-run')) as { bead: string; seat: { provider: string } }[];
    assert.deepEqual([all.length, all[0]?.bead, all[0]?.seat.provider], [1, id, 'claude']);
  });

  it('bead explain: why it starts where it does, or waits', async () => {
    const [id = '' as BeadId] = await bench.scene.convoy('Goal', [{ title: 'One' }]);
    const out = await bench.ok(`bead explain ${id}`);
    assert.match(out, new RegExp(`^${id} {2}One\\n\\n- Decided: `));
    const one = (await bench.json(`bead explain ${id}`)) as { rule: string; why: string };
    assert.equal(typeof one.rule, 'string');
    await bench.fails(4, 'bead explain gt-zzzzz');
  });

  it('config show: what is set, whence, and what is not followed', async () => {
    bench.configuration = {
      settings: [
        { key: 'rigs.routing.strategy', value: 'aggressive', from: ['/h/config.toml, line 2'] },
        { key: 'rigs.maxPolecats', value: 3, from: [] },
      ],
      refused: ['/r/config.toml, line 3, column 1: no.'],
    };
    assert.match(await bench.ok('status'), /settings +1 thing in them not followed: rigs config show/);
    const out = await bench.ok('config show');
    assert.match(out, /rigs\.routing\.strategy +"aggressive" +\/h\/config\.toml, line 2/);
    assert.match(out, /Not followed\n {2}- \/r\/config\.toml, line 3/);
    assert.doesNotMatch(out, /maxPolecats/);
    assert.match(await bench.ok('config show --all'), /rigs\.maxPolecats +3 +default/);
    assert.deepEqual(await bench.json('config show'), bench.configuration);
  });

  it('an agent reads what is left and sets nothing', async () => {
    await bench.scene.convoy('Goal', [{ title: 'One' }]);
    const [polecat] = await bench.scene.start();
    assert.ok(polecat);
    const agent = agentOf(polecat);
    for (const line of ['tank list', 'tank status claude', 'tank history', 'dispatch --dry-run'])
      await bench.ok(line, {}, agent);
    for (const line of ['tank set claude 5%', 'tank refresh', 'provider test claude', 'config show'])
      await bench.fails(1, line, agent);
  });
});
