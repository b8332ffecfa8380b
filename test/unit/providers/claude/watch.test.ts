import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AgentMode, Sighting } from '../../../../src/ports/agents.ts';
import { type SessionNote, writeNote } from '../../../../src/providers/claude/agent/sessionNote.ts';
import { watch } from '../../../../src/providers/claude/agent/watch.ts';
import { ManualClock } from '../../../fakes/manualClock.ts';
import { type Place, makePlace, taskIn } from './task.ts';

const conversation = '6f0c1a52-8a3e-4c1b-9a70-2f6f1f3f9d10';

describe('watching Claude Code', () => {
  let place: Place;
  let clock: ManualClock;
  let stop: AbortController;
  let seen: Sighting[];
  let watching: Promise<void>;
  let transcripts: string;

  beforeEach(async () => {
    place = await makePlace();
    clock = new ManualClock();
    stop = new AbortController();
    seen = [];
    watching = Promise.resolve();
    transcripts = path.join(place.home, 'projects', place.worktree.replaceAll(/[^a-zA-Z0-9]/g, '-'));
    await mkdir(transcripts, { recursive: true });
  });

  afterEach(async () => {
    stop.abort();
    await watching;
    await place.remove();
  });

  const answers = (): string => path.join(place.home, '.claude.json');
  const at = (seconds: number): string => new Date(clock.now() + seconds * 1_000).toISOString();
  const answer = (id: string, output: number, seconds = 0): string =>
    `${JSON.stringify({
      type: 'assistant',
      timestamp: at(seconds),
      message: { id, content: [], usage: { input_tokens: 10, output_tokens: output } },
    })}\n`;
  const write = (text: string): Promise<void> =>
    appendFile(path.join(transcripts, `${conversation}.jsonl`), text);

  async function begin(note: Partial<SessionNote> = {}, person: object = {}): Promise<void> {
    await writeNote(place.folder, {
      conversation,
      startedAt: clock.now(),
      home: place.home,
      answers: answers(),
      mode: 'ask',
      asksForKey: false,
      ...note,
    });
    const settled = {
      hasCompletedOnboarding: true,
      projects: { [place.repository]: { hasTrustDialogAccepted: true } },
    };
    await writeFile(answers(), JSON.stringify({ ...settled, ...person }));
    watching = watch(taskIn(place), (one) => seen.push(one), stop.signal, clock);
  }

  /** Disk and not time is what is waited for, as long as the instant is not named. */
  async function until(holds: () => boolean): Promise<void> {
    const end = Date.now() + 10_000;
    while (!holds() && Date.now() < end) await clock.advance(500);
    assert.ok(holds(), JSON.stringify(seen));
  }

  /** Lets time pass as slowly as the disk is read: on only when all that slept before sleep again. */
  async function pass(seconds: number): Promise<void> {
    let asleep = 1;
    for (let half = 0; half < seconds * 2; half += 1) {
      const end = Date.now() + 10_000;
      while (clock.sleeping < asleep && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 1));
      asleep = clock.sleeping;
      await clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    while (clock.sleeping < asleep) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  const doings = (): readonly (readonly [string, string | null])[] =>
    seen.flatMap((one) => (one.kind === 'doing' ? [[one.doing.kind, one.doing.detail] as const] : []));
  const outputs = (): readonly number[] =>
    seen.flatMap((one) => (one.kind === 'usage' ? [one.usage.output] : []));

  it('tells the usage of all that came together once, and again when more comes', async () => {
    await write(answer('m1', 5) + answer('m2', 6));
    await begin();
    await until(() => outputs().length === 1);
    await write(answer('m2', 8));
    await until(() => outputs().length === 2);
    assert.deepEqual(outputs(), [11, 13]);
  });

  it("counts its subagents' too, as soon as they begin", async () => {
    await begin();
    await write(answer('m1', 5));
    await until(() => outputs().length === 1);
    const aside = path.join(transcripts, conversation, 'subagents');
    await mkdir(aside, { recursive: true });
    await writeFile(path.join(aside, 'agent-1.jsonl'), answer('m2', 7));
    await until(() => outputs().length === 2);
    assert.deepEqual(outputs(), [5, 12]);
  });

  it('says what stands at the end, and not what was on the way there', async () => {
    const failed = { error: 'authentication_failed', isApiErrorMessage: true };
    const row = { type: 'assistant', timestamp: at(0), message: { id: 'x', content: [] }, ...failed };
    await write(`${JSON.stringify(row)}\n${answer('m1', 1)}`);
    await begin();
    await until(() => outputs().length === 1);
    assert.deepEqual(doings(), []);
    await write(`${JSON.stringify(row)}\n`);
    await until(() => doings().length === 1);
    await write('{"type":"mode"}\n');
    await pass(2);
    await until(() => doings().length > 0);
    assert.deepEqual(doings(), [['login', 'authentication_failed']]);
  });

  it('is quiet while a session begins and nothing stands in its way', async () => {
    await begin();
    await pass(7);
    assert.deepEqual(seen, []);
  });

  const dialogs: readonly (readonly [
    what: string,
    kind: string,
    detail: RegExp,
    note: object,
    person: object,
  ])[] = [
    ['was never set up', 'login', /^Let's get started/, {}, { hasCompletedOnboarding: false }],
    ['does not trust the folder', 'dialog', /^Accessing workspace/, {}, { projects: { '/elsewhere': {} } }],
    ['was not asked about its key', 'dialog', /^Detected a custom API key/, { asksForKey: true }, {}],
    ['never agreed to bypass', 'dialog', /Bypass Permissions mode$/, { mode: 'bypass' as AgentMode }, {}],
  ];
  for (const [what, kind, detail, note, person] of dialogs) {
    it(`says after eight seconds that a person is needed where it ${what}`, async () => {
      await begin(note, person);
      await pass(7.5);
      assert.deepEqual(doings(), []);
      await pass(1.5);
      assert.deepEqual(
        doings().map(([found]) => found),
        [kind],
      );
      assert.match(doings()[0]?.[1] ?? '', detail);
      await pass(30);
      assert.equal(doings().length, 1);
    });
  }

  it('takes trust in a folder above for trust, and a file that makes no sense for no answers', async () => {
    await begin({}, { projects: { [place.base]: { hasTrustDialogAccepted: true } } });
    await pass(9);
    assert.deepEqual(doings(), []);
    await writeFile(answers(), '{"hasCompleted');
    stop.abort();
    await watching;
    stop = new AbortController();
    watching = watch(taskIn(place), (one) => seen.push(one), stop.signal, clock);
    await pass(9);
    await until(() => doings().length > 0);
    assert.equal(doings()[0]?.[0], 'login');
  });

  it('names the dialog that comes first where several stand in the way', async () => {
    await begin({ asksForKey: true, mode: 'bypass' }, { projects: {} });
    await pass(9);
    await until(() => doings().length > 0);
    assert.match(doings()[0]?.[1] ?? '', /^Accessing workspace/);
  });

  it("names the project's MCP servers where nothing else is left", async () => {
    await writeFile(path.join(place.worktree, '.mcp.json'), '{"mcpServers":{"theirs":{"command":"x"}}}');
    await begin();
    await pass(9);
    await until(() => doings().length > 0);
    assert.deepEqual(doings(), [['dialog', 'New MCP server found in this project']]);
  });

  it('says after twenty seconds that something stands in its way, whatever it is', async () => {
    await begin();
    await pass(19);
    assert.deepEqual(doings(), []);
    await pass(2);
    await until(() => doings().length > 0);
    assert.deepEqual(doings(), [['dialog', null]]);
  });

  it('is at work where it was only slow to begin', async () => {
    await begin();
    await pass(21);
    await until(() => doings().length > 0);
    await write(answer('m1', 1));
    await pass(2);
    await until(() => doings().length > 1);
    assert.deepEqual(doings().at(-1), ['working', null]);
  });

  it('says nothing of that once it has begun', async () => {
    await begin({}, { hasCompletedOnboarding: false });
    await write(answer('m1', 1));
    await pass(25);
    assert.deepEqual(doings(), []);
  });

  it('finds the transcripts of a folder whose name is too long for the vendor', async () => {
    const worktree = path.join(place.base, 'x'.repeat(120), 'y'.repeat(120));
    await mkdir(worktree, { recursive: true });
    const cut = worktree.replaceAll(/[^a-zA-Z0-9]/g, '-').slice(0, 200);
    transcripts = path.join(place.home, 'projects', `${cut}-1x9abc`);
    await begin();
    stop.abort();
    await watching;
    stop = new AbortController();
    watching = watch(taskIn(place, { worktree }), (one) => seen.push(one), stop.signal, clock);
    await pass(1);
    await mkdir(transcripts, { recursive: true });
    await write(answer('m1', 5));
    await until(() => outputs().length === 1);
  });

  it('has nothing to watch where this vendor started nothing', async () => {
    await watch(taskIn(place), (one) => seen.push(one), stop.signal, clock);
    await writeFile(path.join(place.folder, 'claude-code.json'), '{"conversation":"../x"}');
    await watch(taskIn(place), (one) => seen.push(one), stop.signal, clock);
    assert.deepEqual(seen, []);
  });
});
