import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { firstVersion, versionOf } from '../../../src/providers/find.ts';
import { findProgram } from '../../../src/system/findProgram.ts';

describe('Programs of this machine', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs find '));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function script(name: string, ...lines: readonly string[]): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    return file;
  }

  const env = {
    ...{ PATH: process.env['PATH'], KEPT: 'kept' },
    ...{ RIGS_TOKEN: 'secret', GTR_AGENT: 'nux', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1' },
  };

  it('are files that may be executed: no folder, no text, no link into nothing', async () => {
    for (const name of ['folder', 'text', 'link', 'good'])
      await mkdir(path.join(folder, name), { recursive: true });
    await mkdir(path.join(folder, 'folder/agent'));
    await writeFile(path.join(folder, 'text/agent'), 'no program');
    await symlink(path.join(folder, 'gone'), path.join(folder, 'link/agent'));
    const good = await script('good/agent', 'exit 0');
    const places = ['missing', 'folder', 'text', 'link', 'good'].map((name) => path.join(folder, name));
    assert.equal(await findProgram('agent', { PATH: places.join(path.delimiter) }), good);
    await chmod(good, 0o644);
    assert.equal(await findProgram('agent', { PATH: places.join(path.delimiter) }), null);
  });

  it('say their version without a terminal, without input, and without what is of the session or the editor', async () => {
    const seen = path.join(folder, 'seen');
    const agent = await script(
      'agent',
      `{ echo "$1"; env; cat; tty; } > '${seen}'`,
      'echo "agent 1.20.3 (tried)"',
    );
    assert.equal(await versionOf(agent, firstVersion, env), '1.20.3');
    const text = await readFile(seen, 'utf8');
    assert.match(text, /^--version\n/);
    assert.match(text, /^KEPT=kept$/m);
    assert.match(text, /not a tty/);
    assert.doesNotMatch(text, /secret|GTR_AGENT|VSCODE_|ELECTRON_/);
  });

  it('are asked once, and again when they were replaced, though npm dates every file alike', async () => {
    const asked = path.join(folder, 'asked');
    const agent = await script('agent', `echo once >> '${asked}'`, 'echo 1.0.0');
    await Promise.all([versionOf(agent, firstVersion, env), versionOf(agent, firstVersion, env)]);
    assert.equal(await versionOf(agent, firstVersion, env), '1.0.0');
    assert.equal(await readFile(asked, 'utf8'), 'once\n');
    const newer = await script('newer', `echo once >> '${asked}'`, 'echo 2.0.0');
    await rename(newer, agent);
    assert.equal(await versionOf(agent, firstVersion, env), '2.0.0');
  });

  it('that fail, hang or are gone have no version, and are asked again', async () => {
    const agent = await script('agent', `[ -e '${folder}/well' ] || exit 3`, 'echo 1.0.0');
    assert.equal(await versionOf(agent, firstVersion, env), null);
    await writeFile(path.join(folder, 'well'), '');
    assert.equal(await versionOf(agent, firstVersion, env), '1.0.0');
    const hung = await script('hung', 'sleep 60 & wait');
    assert.equal(await versionOf(hung, firstVersion, env, 200), null);
    assert.equal(await versionOf(path.join(folder, 'gone'), firstVersion, env), null);
    assert.equal(await versionOf(`${agent}\0`, firstVersion, env), null);
  });

  it('that cannot even be tried to start have no version', async () => {
    // As a `.cmd` of Windows, a variable with a hole has `spawn` throw before it tries.
    const agent = await script('agent', 'echo 1.0.0');
    assert.equal(await versionOf(agent, firstVersion, { ...env, HOLE: 'a\0b' }), null);
  });
});
