import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AgentProgram } from '../../../../src/ports/agents.ts';
import { claudeCode } from '../../../../src/providers/claude/agent.ts';
import { readNote } from '../../../../src/providers/claude/agent/sessionNote.ts';
import { plainLine } from '../../../../src/providers/claude/agent/shellLine.ts';
import type { VendorSettings } from '../../../../src/providers/vendor.ts';
import { type Place, how, makePlace, taskIn } from './task.ts';

const conversation = '6f0c1a52-8a3e-4c1b-9a70-2f6f1f3f9d10';

interface Written {
  readonly hooks: Readonly<
    Record<string, readonly { readonly hooks: readonly { readonly args: readonly string[] }[] }[]>
  >;
  readonly statusLine: { readonly command: string };
  readonly permissions: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly autoContinueAtUsageLimit: boolean;
}

describe('a start of Claude Code', () => {
  let place: Place;

  beforeEach(async () => {
    place = await makePlace();
  });

  afterEach(() => place.remove());

  const after = ({ args }: AgentProgram, flag: string): string | undefined => args[args.indexOf(flag) + 1];
  const start = (settings: Partial<VendorSettings> = {}, more: object = {}): Promise<AgentProgram> =>
    claudeCode.start(taskIn(place, more), { ...how, settings: { ...how.settings, ...settings } });

  async function written(): Promise<Written> {
    return JSON.parse(await readFile(path.join(place.folder, 'claude-settings.json'), 'utf8')) as Written;
  }

  async function keep(transcript: string): Promise<void> {
    const folder = path.join(place.home, 'projects', place.worktree.replaceAll(/[^a-zA-Z0-9]/g, '-'));
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, `${conversation}.jsonl`), transcript);
  }

  it('hands the task over as one word, whatever stands in it', async () => {
    const prompt = '--resume "x" $(touch pwned)\nsecond line';
    const { file, args } = await start({ args: ['--add-dir', '/srv'] }, { prompt });
    assert.equal(file, '/opt/claude');
    assert.deepEqual(args.slice(-4), ['--add-dir', '/srv', '--', prompt]);
  });

  it('always says how it asks, since auto mode is what it takes else', async () => {
    const said = await Promise.all(
      (['ask', 'edits', 'bypass'] as const).map(async (mode) =>
        after(await start({ mode }), '--permission-mode'),
      ),
    );
    assert.deepEqual(said, ['manual', 'acceptEdits', 'bypassPermissions']);
  });

  it('says it in the word that an older version knows', async () => {
    const task = taskIn(place);
    const said = await Promise.all(
      ['2.1.197', '2.1.329', '2.2.0', '3.0.0', null].map(async (version) =>
        after(await claudeCode.start(task, { ...how, version }), '--permission-mode'),
      ),
    );
    assert.deepEqual(said, ['default', 'manual', 'manual', 'manual', 'manual']);
  });

  it('names a model only when one is set', async () => {
    assert.ok(!(await start()).args.includes('--model'));
    assert.equal(after(await start({ model: 'opus' }), '--model'), 'opus');
  });

  it('calls hooks without a shell, and the status line with every word quoted', async () => {
    await start();
    const { hooks, statusLine } = await written();
    for (const [event, [one]] of Object.entries(hooks))
      assert.deepEqual(one?.hooks[0]?.args, ['agent-hook', event]);
    assert.deepEqual(Object.keys(hooks).length, 7);
    assert.equal(statusLine.command, `'/opt/a person'\\''s rigs/rigs' 'agent-hook' 'statusLine'`);
  });

  it('lets its own tools and verbs pass without asking, and never goes on by itself at a limit', async () => {
    await start();
    const { permissions, autoContinueAtUsageLimit } = await written();
    assert.deepEqual(permissions.allow, ['mcp__rigs', 'Bash(rigs:*)']);
    assert.ok(permissions.deny.includes('AskUserQuestion'));
    assert.equal(autoContinueAtUsageLimit, false);
  });

  it("offers Rigs' tools beside those of the person, with no secret in a file", async () => {
    const program = await start({}, { env: { CLAUDE_CONFIG_DIR: place.home, RIGS_TOKEN: 'a-secret' } });
    const file = after(program, '--mcp-config') ?? '';
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), {
      mcpServers: {
        rigs: {
          type: 'stdio',
          command: '/opt/node',
          args: ['mcp.js', '--stdio'],
          env: { ELECTRON_RUN_AS_NODE: '1' },
        },
      },
    });
    assert.ok(!program.args.includes('--strict-mcp-config'));
    for (const name of await readdir(place.folder))
      assert.doesNotMatch(await readFile(path.join(place.folder, name), 'utf8'), /a-secret/);
  });

  it("writes nothing into the worktree, the repository or the person's own folder", async () => {
    await start();
    for (const folder of [place.worktree, place.repository, place.home])
      assert.deepEqual(await readdir(folder), []);
  });

  it('begins under an id of its own, which whoever watches it knows', async () => {
    const program = await start();
    const note = await readNote(place.folder);
    assert.equal(after(program, '--session-id'), note?.conversation);
    assert.equal(note?.home, place.home);
  });

  it('goes on in a conversation that is still there', async () => {
    await keep('{"type":"mode"}\n{"type":"user"}\n');
    const program = await start({}, { conversation });
    assert.equal(after(program, '--resume'), conversation);
    assert.ok(!program.args.includes('--session-id'));
  });

  it('begins anew where it was killed before it wrote a word down', async () => {
    await keep('{"type":"mode"}\n{"type":"file-history-sna');
    const program = await start({}, { conversation });
    assert.ok(!program.args.includes('--resume') && !program.args.includes(conversation));
  });

  it('begins anew where a conversation is gone or is none', async () => {
    for (const gone of [conversation, '--help', '../../x']) {
      const program = await start({}, { conversation: gone });
      assert.ok(!program.args.includes('--resume') && !program.args.includes(gone));
    }
  });

  it('keeps away what a session around it says of itself, and not what the person set', async () => {
    const { without = [] } = await start();
    assert.ok(without.includes('CLAUDECODE') && without.includes('CLAUDE_CODE_SESSION_ID'));
    assert.ok(!without.includes('CLAUDE_CODE_OAUTH_TOKEN') && !without.includes('CLAUDE_CONFIG_DIR'));
  });

  it('has a status line on Windows where its words mean the same to every shell there', () => {
    assert.equal(plainLine(['C:\\Rigs\\rigs.cmd', 'agent-hook'], 'win32'), 'C:/Rigs/rigs.cmd agent-hook');
    assert.equal(plainLine(['C:\\Program Files\\rigs.cmd', 'agent-hook'], 'win32'), null);
  });

  it('reads the version that it prints', () => {
    assert.equal(claudeCode.versionIn('2.1.329 (Claude Code)\n'), '2.1.329');
    assert.equal(claudeCode.versionIn('claude: command not found'), null);
  });
});
