import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentSession, Sighting } from '../../../src/ports/agents.ts';
import { commitFolders } from '../../../src/providers/codex/gitFolders.ts';
import { writeNote } from '../../../src/providers/codex/sessionNote.ts';
import { watch } from '../../../src/providers/codex/watch.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import { ManualClock } from '../../fakes/manualClock.ts';
import { makeWorktree, repositoryIn, run, worktreeIn } from './polecatTask.ts';

let base: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'rigs-codex-')));
});
afterEach(() => rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

describe('What a commit of Codex may write', () => {
  const bead = 'gt-00001' as BeadId;
  const folders = (): Promise<readonly string[]> =>
    commitFolders({ worktree: worktreeIn(base), repository: repositoryIn(base), bead });
  const git = (): string => join(repositoryIn(base), '.git');

  beforeEach(() => makeWorktree(base));

  it("is the worktree's index, the objects and its own branch", async () => {
    const own = ['worktrees/nux', 'objects', 'refs/heads/polecat/nux', 'logs/refs/heads/polecat/nux'];
    assert.deepEqual(
      await folders(),
      own.map((one) => join(git(), one)),
    );
    // Also when the branch is packed and its folders are gone.
    await run('git', ['pack-refs', '--all'], repositoryIn(base));
    await rm(join(git(), 'refs', 'heads', 'polecat'), { recursive: true, force: true });
    assert.equal((await folders()).length, 4);
  });

  it('is nothing once the worktree is on a branch that is not its own', async () => {
    for (const ref of ['refs/heads/main', 'refs/heads/polecat/nux/gt-00002', 'refs/heads/polecat/../main']) {
      await writeFile(join(git(), 'worktrees', 'nux', 'HEAD'), `ref: ${ref}\n`);
      assert.deepEqual(await folders(), [], ref);
    }
  });

  it('is nothing once the worktree points elsewhere', async () => {
    await write(join(base, 'evil', 'worktrees', 'nux', 'HEAD'), 'ref: refs/heads/polecat/nux/gt-00001\n');
    await writeFile(join(worktreeIn(base), '.git'), `gitdir: ${join(base, 'evil', 'worktrees', 'nux')}\n`);
    assert.deepEqual(await folders(), []);
  });

  it('is nothing in a folder that is no worktree', async () => {
    await rm(join(worktreeIn(base), '.git'));
    assert.deepEqual(await folders(), []);
  });
});

describe('Watching Codex', () => {
  const id = '01a1ff47-9c40-7bf0-8144-c430ec24cc67';
  let clock: ManualClock;
  let over: AbortController;
  let seen: Sighting[];
  let watching: Promise<void>;
  const home = (): string => join(base, 'home');

  beforeEach(async () => {
    // By this time of the machine's own zone the folders of days are named.
    clock = new ManualClock(new Date(2026, 10, 21, 18, 4, 5).getTime());
    over = new AbortController();
    seen = [];
    watching = Promise.resolve();
    await mkdir(worktreeIn(base), { recursive: true });
    await mkdir(repositoryIn(base));
    await mkdir(home());
  });

  afterEach(async () => {
    over.abort();
    await watching;
  });

  const review = { key: '/<session-flags>/config.toml:stop:0:0', hash: 'sha256:1f94' };

  async function begin(
    more: { program?: string; ownProvider?: boolean; conversation?: string } = {},
  ): Promise<void> {
    const { program = '/nowhere/codex', ownProvider = true, conversation = null } = more;
    const note = { startedAt: clock.now(), program, home: home(), ownProvider, reviews: [review] };
    await writeNote(base, note);
    const session: AgentSession = {
      caller: { polecat: 'nux-1' as PolecatId, token: 1 },
      seat: { runner: 'codex', provider: 'codex', tank: 'codex', model: '' },
      bead: 'gt-00001' as BeadId,
      title: 'A task',
      worktree: worktreeIn(base),
      repository: repositoryIn(base),
      folder: base,
      conversation,
    };
    watching = watch(session, (one) => seen.push(one), over.signal, clock);
  }

  /** Time passes, and what the disk was asked for arrives. */
  async function passes(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 500) {
      await clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
  }

  async function trusts(...tables: readonly string[]): Promise<void> {
    await writeFile(join(home(), 'config.toml'), tables.join('\n'));
  }
  const folderTrusted = (): string =>
    `[projects.${JSON.stringify(repositoryIn(base))}]\ntrust_level = "trusted"`;
  const hooksReviewed = `[hooks.state."${review.key}"]\ntrusted_hash = "${review.hash}"`;

  const row = (type: string, payload: object, at = clock.now()): string =>
    `${JSON.stringify({ timestamp: new Date(at).toISOString(), ordinal: 0, type, payload })}\n`;
  const event = (type: string, more: object = {}): string => row('event_msg', { type, ...more });

  /** A rollout of a thread that begins now, with its first line. */
  async function rollout(thread: string, cwd: string, ...rows: readonly string[]): Promise<string> {
    const file = join(home(), 'sessions', '2026', '11', '21', `rollout-2026-11-21T18-04-05-${thread}.jsonl`);
    const timestamp = new Date(clock.now()).toISOString();
    const meta = { id: thread, cwd, timestamp, source: 'cli', thread_source: 'user' };
    await write(file, [row('session_meta', meta), ...rows].join(''));
    return file;
  }

  const doings = (): readonly unknown[] =>
    seen.flatMap((one) => (one.kind === 'doing' ? [[one.doing.kind, one.doing.detail]] : []));

  it('finds the thread of its own worktree and no other', async () => {
    await begin();
    await rollout(id.replace(/^0/, '1'), '/elsewhere', event('turn_aborted'));
    await rollout(id, worktreeIn(base), event('task_started'));
    await passes(2_000);
    assert.deepEqual(seen.slice(0, 3), [
      { kind: 'conversation', id },
      { kind: 'doing', doing: { kind: 'working', until: null, detail: null } },
      { kind: 'alive' },
    ]);
    assert.equal(doings().length, 1);
  });

  it('says how it stands and no history, whoever begins to watch in the middle', async () => {
    await begin();
    await rollout(id, worktreeIn(base), event('task_started'), event('task_complete'), event('task_started'));
    await passes(2_000);
    assert.deepEqual(doings(), [['working', null]]);
  });

  it('says again that it is idle when a whole turn passed between two looks', async () => {
    await begin();
    const turn = [event('task_started'), event('task_complete')];
    const file = await rollout(id, worktreeIn(base), ...turn);
    await passes(1_500);
    await writeFile(file, turn.join(''), { flag: 'a' });
    await passes(1_500);
    assert.deepEqual(doings(), [
      ['idle', null],
      ['idle', null],
    ]);
  });

  it('says in the order in which Codex asks what stands in the way', async () => {
    const program = join(base, 'codex');
    await writeFile(program, '#!/bin/sh\necho "Not logged in" >&2\nexit 1\n');
    await chmod(program, 0o755);
    await begin({ program, ownProvider: false });
    await passes(7_500);
    assert.deepEqual(doings(), []);
    await passes(1_000);
    await untilSeen(['login', 'Sign in']);
    await trusts('model_provider = "mock"');
    await passes(10_000);
    await untilSeen(['dialog', 'Trust this folder?']);
    await trusts('model_provider = "mock"', folderTrusted());
    await passes(10_000);
    await untilSeen(['dialog', 'Hooks need review']);
    await trusts('model_provider = "mock"', folderTrusted(), hooksReviewed);
    await passes(10_000);
    await untilSeen(['dialog', null]);
    await rollout(id, worktreeIn(base), event('task_started'));
    await passes(2_000);
    await untilSeen(['working', null]);
    assert.equal(doings().length, 5);
  });

  /** A process answers in its own time. */
  async function untilSeen(wanted: unknown): Promise<void> {
    const end = Date.now() + 5_000;
    while (JSON.stringify(doings().at(-1)) !== JSON.stringify(wanted)) {
      assert.ok(Date.now() < end, JSON.stringify([wanted, doings()]));
      await passes(500);
    }
  }

  const leaving = (): string =>
    row('response_item', {
      type: 'function_call',
      name: 'exec_command',
      call_id: 'call_1',
      arguments: '{"cmd":"touch ../x","sandbox_permissions":"require_escalated"}',
    });

  it('says what is asked on the screen when its hooks do not run', async () => {
    await begin();
    await trusts(folderTrusted());
    await rollout(id, worktreeIn(base), event('task_started'), leaving());
    await passes(8_000);
    assert.deepEqual(doings().at(-1), ['permission', 'touch ../x']);
  });

  it('leaves permissions to the hooks that run', async () => {
    await begin();
    await trusts(folderTrusted(), hooksReviewed);
    await rollout(id, worktreeIn(base), event('task_started'), leaving());
    await passes(8_000);
    assert.deepEqual(doings(), [['working', null]]);
  });

  it('goes on in a thread of an earlier day, from where this session began', async () => {
    const old = clock.now() - 3 * 24 * 3600_000;
    const file = join(home(), 'sessions', '2026', '11', '18', `rollout-2026-11-18T09-00-00-${id}.jsonl`);
    const meta = { id, cwd: worktreeIn(base), timestamp: new Date(old).toISOString(), source: 'cli' };
    const limit = { message: 'Limit', codex_error_info: 'usage_limit_exceeded' };
    await write(
      file,
      row('session_meta', meta, old) + row('event_msg', { type: 'task_complete', error: limit }, old),
    );
    await begin({ conversation: id });
    await passes(1_500);
    assert.deepEqual(seen, []);
    await writeFile(file, event('task_started'), { flag: 'a' });
    await passes(1_500);
    assert.deepEqual(doings(), [['working', null]]);
  });

  it('has nothing to say of a session that it did not start', async () => {
    const session = { folder: join(base, 'none') } as AgentSession;
    await watch(session, (one) => seen.push(one), over.signal, clock);
    assert.deepEqual(seen, []);
  });
});
