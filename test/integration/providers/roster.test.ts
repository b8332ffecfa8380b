import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { type AgentTask, HookError } from '../../../src/ports/agents.ts';
import type { ApiProvider } from '../../../src/providers/apiProvider.ts';
import { codex } from '../../../src/providers/codex/codex.ts';
import {
  type BrokenVendor,
  Roster,
  type RosterParts,
  type SetVendor,
} from '../../../src/providers/roster.ts';
import type { RigsProgram, VendorSettings } from '../../../src/providers/vendor.ts';
import { setVendors } from '../../../src/providers/vendors.ts';

const rigs: RigsProgram = {
  bin: '/bin',
  hook: ['/bin/rigs', 'agent-hook'],
  mcp: { file: 'n', args: [], env: {} },
};
const launcher = { file: 'node', args: ['thenDone'], env: {} };
const api: ApiProvider = {
  ...{ provider: 'claude', name: 'Claude API', wire: 'anthropic', enabled: true, model: 'm', baseUrl: null },
  key: () => Promise.resolve(null),
};
const unset: VendorSettings = { enabled: true, command: '', args: [], model: '', mode: 'ask' };

describe('the seats of a rig', () => {
  let folder: string;
  let program: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs roster '));
    program = path.join(folder, 'an agent');
    await writeFile(program, '#!/bin/sh\necho "codex-cli 0.169.0"\n');
    await chmod(program, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const off = { ...unset, enabled: false };
  const vendorsWith = (codex: VendorSettings, more: { custom?: unknown[]; order?: string[] } = {}) =>
    setVendors({
      vendors: { 'claude-code': off, codex, 'gemini-cli': { ...unset, command: path.join(folder, 'none') } },
      custom: more.custom ?? [],
      order: more.order ?? [],
      launcher,
    });
  const roster = (
    vendors: () => readonly (SetVendor | BrokenVendor)[],
    more: Partial<RosterParts> = {},
  ): Roster =>
    new Roster({
      rehearsal: null,
      apis: () => [api],
      assayer: () => null,
      worker: { file: 'node', args: ['worker'], env: {} },
      vendors,
      rigs,
      ...more,
    });

  it('are the programs that are there, with what keeps the others from being one', async () => {
    const found = await roster(() => vendorsWith({ ...unset, command: program })).runners();
    assert.deepEqual(
      found.map(({ runner, problem, known }) => [runner, problem?.kind ?? 'a seat', known]),
      [
        ['claude-code', 'disabled', 'unsaid'],
        ['codex', 'a seat', 'tried'],
        ['gemini-cli', 'missing', 'unsaid'],
        ['worker', 'no_key', 'unsaid'],
      ],
    );
    const missing = found.find(({ runner }) => runner === 'gemini-cli')?.problem;
    assert.deepEqual(missing, {
      kind: 'missing',
      command: path.join(folder, 'none'),
      install: 'npm install -g @google/gemini-cli',
    });
  });

  it('come in the order a person set, their own agents among them', async () => {
    const custom = [{ name: 'aider', command: program, args: ['${prompt}'] }, { name: '' }];
    const all = roster(
      () => vendorsWith({ ...unset, command: program }, { custom, order: ['aider', 'codex'] }),
      { apis: () => [{ ...api, key: () => Promise.resolve('k') }] },
    );
    assert.deepEqual(
      (await all.seats()).map(({ runner, tank }) => [runner, tank]),
      [
        ['aider', 'aider'],
        ['codex', 'codex'],
        ['worker', 'claude'],
      ],
    );
  });

  it("are a vendor's further accounts too, each with a tank, a program and an environment of its own", async () => {
    const work = {
      name: 'codex-work',
      vendor: 'codex',
      env: { CODEX_HOME: '~/.codex-work', PATH_TO: '$${x}' },
    };
    const args = ['--search'];
    const all = roster(() =>
      vendorsWith({ ...off, command: program, args, mode: 'edits' }, { custom: [work] }),
    );
    assert.deepEqual(
      (await all.runners())
        .slice(3, 4)
        .map(({ runner, provider, mode, problem }) => [runner, provider, mode, problem]),
      [['codex-work', 'codex-work', 'edits', null]],
    );
    const [seat] = await all.seats();
    assert.ok(seat !== undefined);
    assert.equal(seat.tank, 'codex-work');
    const task = {
      ...{ seat, prompt: 'Go', conversation: null, env: { RIGS_TOKEN: 't' } },
      ...{ folder, worktree: folder, repository: folder },
    };
    const started = await all.start(task as unknown as AgentTask);
    assert.deepEqual(started.env, { CODEX_HOME: path.join(homedir(), '.codex-work'), PATH_TO: '${x}' });
    assert.ok(started.args.includes('--search'));
    // Where its rollouts are looked for.
    const note = JSON.parse(await readFile(path.join(folder, 'codex.json'), 'utf8')) as {
      readonly home: string;
    };
    assert.equal(note.home, path.join(homedir(), '.codex-work'));
    const stop = JSON.stringify({ hook_event_name: 'Stop', last_assistant_message: 'Over' });
    assert.equal(all.hook(seat, 'Stop', stop).question?.kind, 'turnEnd');
  });

  it('are not taken away by one vendor that cannot be looked at, which says why', async () => {
    const odd: SetVendor = {
      vendor: {
        ...codex,
        bypasses: () => {
          throw new Error('The disk is on fire.');
        },
      },
      settings: { ...unset, command: program },
    };
    const whole = vendorsWith(unset, { custom: [{ name: 'aider', command: program }] }).slice(-1);
    const some = roster(() => [odd, ...whole]);
    assert.deepEqual(
      (await some.seats()).map(({ runner }) => runner),
      ['aider'],
    );
    const [first] = await some.runners();
    assert.deepEqual(first?.problem, { kind: 'unusable', detail: 'The disk is on fire.' });
  });

  it('give their agents what the program of their hooks needs', async () => {
    const start = () => Promise.resolve({ file: program, args: [], env: { OWN: '1' } });
    const vendor = { ...codex, start };
    const one = (more: Partial<RigsProgram>): Roster =>
      roster(() => [{ vendor, settings: { ...unset, command: program } }], { rigs: { ...rigs, ...more } });
    const seat = { runner: 'codex', provider: 'codex', tank: 'codex', model: '' };
    const task = { seat } as AgentTask;
    assert.deepEqual((await one({}).start(task)).env, { OWN: '1' });
    assert.deepEqual((await one({ hookEnv: { A_NODE: '1' } }).start(task)).env, { OWN: '1', A_NODE: '1' });
  });

  it('are none where arguments take the questions away that the mode leaves', async () => {
    const args = ['--search', '--yolo'];
    const loud = (mode: VendorSettings['mode']): Roster =>
      roster(() => [{ vendor: codex, settings: { ...unset, command: program, args, mode } }]);
    const [asks] = await loud('ask').runners();
    const detail = asks?.problem?.kind === 'unusable' ? asks.problem.detail : '';
    assert.match(detail, /"rigs\.codex\.args".*set "rigs\.codex\.mode" to "bypass", which you confirm once/);
    const seat = { runner: 'codex', provider: 'codex', tank: 'codex', model: '' };
    await assert.rejects(loud('edits').start({ seat } as AgentTask), /act without asking/);
    assert.deepEqual(
      (await loud('bypass').seats()).map(({ runner }) => runner),
      ['codex'],
    );
  });

  it("name what is wrong with entries of a person's own, each of which is none", async () => {
    const aider = { name: 'aider', command: program };
    const custom = [aider, { name: 'codex', command: 'x' }, 7, { ...aider, command: 'other' }];
    const all = roster(() => vendorsWith(unset, { custom, order: ['aider'] }));
    const own = (await all.runners()).filter(({ runner }) => /aider|Agent/.test(runner));
    assert.deepEqual(
      own.map(({ runner, problem }) => [runner, problem?.kind === 'unusable' ? problem.detail : problem]),
      [
        ['aider', null],
        ['Agent 2 of "rigs.agents.custom"', '"name": "codex" is the name of an agent that Rigs knows.'],
        ['Agent 3 of "rigs.agents.custom"', 'An agent must be an object with at least "name" and "command".'],
        ['Agent 4 of "rigs.agents.custom"', '"name": "aider" is taken.'],
      ],
    );
    assert.deepEqual(
      (await all.seats()).map(({ runner }) => runner),
      ['aider'],
    );
  });

  it('are asked for what costs nothing, where their vendor tells it and a key is there', async () => {
    const custom = [{ name: 'aider', command: program, args: ['${prompt}'] }];
    const vendors = (): ReturnType<typeof vendorsWith> =>
      vendorsWith({ ...unset, command: program }, { custom });
    const [keyed, lent] = ['deepseek', 'vscode'].map((provider) => ({
      ...api,
      provider,
      key: () => Promise.resolve('k'),
    }));
    assert.ok(keyed !== undefined && lent !== undefined);
    const polls = await roster(vendors, { apis: () => [api, keyed, lent] }).polls();
    assert.deepEqual(
      polls.map(({ tank, ask }) => [tank, ask !== null]),
      [
        ['codex', true],
        ['aider', false],
        ['deepseek', true],
        ['vscode', false],
      ],
    );
    const rehearsal = { start: () => Promise.reject(new Error('none')), goals: () => Promise.resolve([]) };
    assert.deepEqual(await roster(vendors, { apis: () => [keyed], rehearsal }).polls(), []);
  });

  it('are the rehearsal alone where its script plays', async () => {
    const rehearsal = { start: () => Promise.resolve({ address: 'a' }), goals: () => Promise.resolve([]) };
    const seats = await roster(() => vendorsWith({ ...unset, command: program }), { rehearsal }).seats();
    assert.deepEqual(
      seats.map(({ provider }) => provider),
      ['rehearsal'],
    );
  });

  it('are none of the vendors while their agents could not call back', async () => {
    const found = await roster(() => vendorsWith({ ...unset, command: program }), { rigs: null }).runners();
    assert.equal(found.find(({ runner }) => runner === 'codex')?.problem?.kind, 'unusable');
  });

  it('refuse the hooks of an agent that has none, and name one that is gone from the settings', () => {
    const seat = { runner: 'worker', provider: 'claude', tank: 'claude', model: '' };
    const some = roster(() => []);
    assert.throws(() => some.hook(seat, 'Stop', '{}'), HookError);
    assert.throws(() => some.hook({ ...seat, runner: 'gone' }, 'Stop', '{}'), /gone/);
    assert.equal(some.quit({ ...seat, runner: 'gone' }), 'interrupt');
  });
});
