import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { frameFor } from '../../../src/foreman/framing.ts';
import { keepLastWords } from '../../../src/foreman/lastWords.ts';
import { placesOf, type Places } from '../../../src/foreman/places.ts';
import type { Repository } from '../../../src/ports/git.ts';
import type { Polecat, Session } from '../../../src/town/polecat.ts';
import { reason } from '../../../src/town/reason.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { Scene, askId } from '../../fakes/scene.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';

describe('what an agent that goes on gets to know', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let places: Places;
  let scene: Scene;
  let nux: Polecat;
  let worktree: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', '.gitignore': '*.log\n' });
    repository = await box.repository();
    places = placesOf(repository, path.join(box.folder, 'state'), null);
    worktree = places.worktree('nux');
    scene = await new Scene(new FakeControl()).open();
    await scene.convoy('Durations everywhere', [{ title: 'Parse durations' }]);
    const [first] = await scene.start();
    assert.ok(first !== undefined);
    nux = first;
    await box.git.addWorktree(repository, worktree, nux.branch, await box.at('main'));
  });
  afterEach(() => box.end());

  const died = reason('agent_died', { polecat: 'nux', signal: 'SIGKILL', exitCode: null });

  /** What a session of this runner is told; the town knows of the former one what the test made of it. */
  async function told(
    more: Partial<Session> = {},
    before: Partial<Polecat> = {},
    form?: 'full',
  ): Promise<string> {
    const { control } = scene;
    const now = control.state.polecats[nux.id] ?? nux;
    assert.ok(now.session !== null);
    const token = now.session.token + 1;
    const session = { ...now.session, token, purpose: 'resume', feedback: died, ...more } as const;
    const polecat = { ...now, worktree, base: await box.at('main'), session, ...before };
    const bead = control.state.beads[nux.bead];
    assert.ok(bead !== undefined);
    return frameFor({ git: box.git, repository, places, control }, bead, polecat, session, form);
  }
  async function commit(file: string, text: string, subject: string): Promise<void> {
    await writeFile(path.join(worktree, file), text);
    await box.personIn(worktree, 'add', '-A');
    await box.personIn(worktree, 'commit', '-q', '-m', subject);
  }
  async function transcript(token: number, ...happenings: readonly object[]): Promise<void> {
    const file = places.transcript(nux.id, token);
    await mkdir(path.dirname(file), { recursive: true });
    await appendFile(file, happenings.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  const claude = { seat: { runner: 'claude-code', provider: 'claude', tank: 'claude', model: '' } };

  it('is what its worktree really holds: commits, their size, and what is not committed', async () => {
    await commit('parse.js', '1\n2\n', 'Parse hours');
    await commit('parse.js', '1\n', 'Parse minutes');
    await writeFile(path.join(worktree, 'half.js'), 'x');
    await writeFile(path.join(worktree, 'noise.log'), 'x');
    const text = await told();
    assert.match(text, /newest first:\n- Parse minutes\n- Parse hours\n\n/);
    assert.match(text, /\(\+1 -0\):\n- parse\.js\n\nNot committed yet:\n- half\.js\n\n/);
    assert.match(text, /ended in the middle of its work \(signal SIGKILL\)/);
    assert.match(text, /part of this goal: Durations everywhere/);
    assert.doesNotMatch(text, /noise/);
  });

  it('is nothing of all that at the beginning', async () => {
    const text = await told({ purpose: 'begin', feedback: null });
    assert.doesNotMatch(text, /What happened so far|goal/);
  });

  it('is what the built-in agent said and ran last, up to where it was torn off', async () => {
    const token = nux.token;
    await transcript(token - 1, { kind: 'text', text: 'of an earlier one' });
    await transcript(
      token,
      { kind: 'text', text: 'I look at the parser.' },
      { kind: 'tool', name: 'read', about: 'parse.js' },
      { kind: 'tool', name: 'run', about: 'npm run migrate' },
      { kind: 'typed', text: 'Mind the docs.' },
    );
    await appendFile(places.transcript(nux.id, token), '{"kind":"text","text":"torn');
    await transcript(token + 1, { kind: 'text', text: 'of the new one itself' });
    const text = await told();
    assert.match(text, /agent: I look at the parser\.\nperson: Mind the docs\.\n`/);
    assert.match(text, /It ran these\.[^]*\nnpm run migrate\n`/);
    assert.doesNotMatch(text, /parse\.js|earlier one|the new one|torn/);
  });

  it('is what a vendor’s agent said last, and what its person let it run', async () => {
    await mkdir(places.agent(nux.id), { recursive: true });
    await keepLastWords(places, nux.id, 'Only the docs are left.');
    const { id, token } = nux;
    const asked = { type: 'askPermission', polecat: id, token, tool: 'run' } as const;
    await scene.say({ ...asked, ask: askId(1), detail: 'npm run deploy' });
    await scene.say({ type: 'answerAsk', ask: askId(1), answer: 'allow' });
    await scene.say({ ...asked, ask: askId(2), detail: 'rm -rf build' });
    await scene.say({ type: 'answerAsk', ask: askId(2), answer: 'deny' });
    const text = await told({}, { conversations: { codex: 'c-1' } });
    assert.match(text, /agent: Only the docs are left\./);
    assert.match(text, /It ran these\.[^]*npm run deploy/);
    assert.doesNotMatch(text, /rm -rf/);
  });

  it('is what was asked of the person, with the answer that came meanwhile, and its notes', async () => {
    const { id, token } = nux;
    await scene.say({ type: 'askQuestion', ask: askId(1), polecat: id, token, question: 'Weeks too?' });
    await scene.say({ type: 'answerAsk', ask: askId(1), answer: 'reply', reply: 'Yes, weeks too.' });
    const note = { id: 'n-1', kind: 'checkpoint', text: 'minutes are through' } as const;
    await scene.say({ type: 'noteWork', polecat: id, token, note });
    const text = await told();
    assert.match(text, /asked: Weeks too\?\nanswer: Yes, weeks too\./);
    assert.match(text, /checkpoint: minutes are through/);
  });

  it('is the last check run with the end of what it printed, also when the agent died after it', async () => {
    const output = path.join(box.folder, 'output.log');
    await writeFile(output, `${'noise\n'.repeat(20_000)}expected 1, got 2\n`);
    const { state } = scene.control;
    const bead = state.beads[nux.bead];
    assert.ok(bead !== undefined);
    const red = { ...bead, reason: reason('check_failed', { name: 'test', exitCode: 1, output }) };
    scene.control.state = { ...state, beads: { ...state.beads, [bead.id]: red } };
    const text = await told();
    assert.match(text, /Last check run: test failed\./);
    assert.match(text, /expected 1, got 2/);
    assert.ok(text.length < 16_000);
  });

  it('is short where the same vendor’s own session goes on, and whole when it asks for its task again', async () => {
    await commit('parse.js', '1\n', 'Parse hours');
    const own = { conversations: { 'claude-code': 's-1' } };
    const short = await told(claude, own);
    assert.match(short, /This is your own session[^]*- Parse hours/);
    assert.doesNotMatch(short, /# Rules/);
    assert.match(await told(claude, own, 'full'), /# What happened so far[^]*# Rules/);
  });

  it('is whole where another worked here since, whatever the vendor remembers', async () => {
    const both = { conversations: { 'claude-code': 's-1', codex: 'c-1' } };
    assert.match(await told(claude, both), /# What happened so far[^]*# Rules/);
    await transcript(nux.token, { kind: 'text', text: 'by the built-in agent' });
    assert.match(
      await told(claude, { conversations: { 'claude-code': 's-1' } }),
      /by the built-in agent[^]*# Rules/,
    );
  });
});
