import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureAgents } from '../../harness/agents.ts';
import { until } from '../worker/until.ts';
import { GeminiBench, type GeminiSession } from './geminiSession.ts';
import { worktreeIn } from './polecatTask.ts';

const daily = {
  status: 429,
  body: {
    error: {
      code: 429,
      message: 'You exceeded your current quota.',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
        },
      ],
    },
  },
};
const hostile = `--yolo "x" 'y' $(touch pwned)\nsecond line`;

describe('The real Gemini CLI', function () {
  this.timeout(150_000);
  let bench: GeminiBench;
  let session: GeminiSession | null = null;
  let conversation = '';

  before(async function () {
    this.timeout(300_000);
    await ensureAgents();
    bench = await GeminiBench.open();
  });

  afterEach(async () => {
    await session?.terminal.end();
    session = null;
  });

  after(() => bench.close());

  /** Titles of earlier sessions may be asked for at any time. */
  const turns = (): number => bench.wire.requests('gemini').filter(({ by }) => by !== 'sample').length;
  const said = (): string => JSON.stringify(bench.wire.requests('gemini').flatMap((one) => one.said));

  it('works with the whole prompt, waits for a permission on its screen, hears Rigs, and ends when asked', async () => {
    const before = await bench.person();
    session = await bench.start(
      [
        { tools: [{ name: 'mcp_rigs_rigs_done', input: {} }], usage: { input: 50, cached: 30, output: 7 } },
        { tools: [{ name: 'run_shell_command', input: { command: 'echo hi > a.txt' } }] },
        { text: 'First end' },
        { text: 'Second end' },
      ],
      { prompt: hostile },
      {
        AfterTool: [{ kind: 'tell', message: 'A word from Rigs' }],
        AfterAgent: [{ kind: 'goOn', message: 'Say done first' }],
      },
    );
    assert.equal((await session.until('permission')).detail, 'echo hi > a.txt');
    await session.enter('Allow once', () => turns() > 2);
    await session.until('idle');
    // The permission was given on the screen, so the tool ran; the first end was not the last.
    const last = await until(() =>
      bench.wire
        .requests('gemini')
        .filter(({ by }) => by === 'turn')
        .at(3),
    );
    assert.ok(last.said.includes(hostile));
    assert.match(last.results.join('\n'), / a-token /);
    assert.match(last.results.join('\n'), /A word from Rigs/);
    assert.match(said(), /Say done first/);
    assert.equal(await readFile(join(worktreeIn(bench.base), 'a.txt'), 'utf8'), 'hi\n');
    assert.ok(!last.tools.includes('ask_user'));
    const heard = await bench.heard();
    assert.ok(
      heard.some(({ sightings }) => sightings.some((one) => one.kind === 'heard' && one.text === hostile)),
    );
    const told = heard.flatMap(({ sightings }) => sightings);
    assert.ok(told.some((one) => one.kind === 'settled' && one.detail === 'echo hi > a.txt'));
    assert.ok(told.some((one) => one.kind === 'said'));
    for (const { sightings } of heard)
      for (const one of sightings) if (one.kind === 'conversation') conversation = one.id;
    assert.notEqual(conversation, '');
    assert.equal(await session.terminal.end(), 0);
    const usage = session.seen.filter((one) => one.kind === 'usage').at(-1);
    assert.ok(usage?.usage.cachedInput === 30 && usage.usage.input >= 250, JSON.stringify(session.seen));
    assert.equal(await bench.person(), before);
    assert.deepEqual((await readdir(join(bench.homes.gemini, '.gemini'))).toSorted(), [
      'settings.json',
      'trustedFolders.json',
    ]);
    assert.deepEqual(bench.wire.wanted, []);
  });

  it('goes on with its own session, and is seen at the limit of its day', async () => {
    session = await bench.start([daily], { conversation, prompt: 'Go on' });
    const { until: resets, detail } = await session.until('limited');
    assert.equal(detail, 'You exceeded your current quota.');
    assert.ok(resets !== null && resets > Date.now() && resets <= Date.now() + 25 * 3_600_000);
    const [asked] = bench.wire
      .requests('gemini')
      .filter(({ by }) => by !== 'sample')
      .slice(-1);
    assert.ok(asked?.said.includes(hostile) === true && asked.said.includes('Go on'));
    assert.ok(!session.seen.some((one) => one.kind === 'usage'), 'what it used before is not counted again');
  });

  it('does nothing before a person said whether it may trust the worktree', async () => {
    const rules = join(bench.homes.gemini, '.gemini', 'trustedFolders.json');
    const trusted = await readFile(rules, 'utf8');
    await writeFile(rules, '{}');
    const asked = turns();
    session = await bench.start([{ text: 'Not yet' }]);
    assert.equal((await session.until('dialog')).detail, 'Do you trust the files in this folder?');
    await session.enter("Don't trust", async () => (await readFile(rules, 'utf8')) !== '{}');
    assert.equal(await session.terminal.ended(), 199);
    assert.deepEqual(JSON.parse(await readFile(rules, 'utf8')), { [worktreeIn(bench.base)]: 'TRUST_FOLDER' });
    assert.equal(turns(), asked);
    await writeFile(rules, trusted);
  });
});
