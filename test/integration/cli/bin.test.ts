import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installBin } from '../../../src/cli/bin.ts';
import { lastRung } from '../../../src/cli/rung.ts';
import { rungsHere } from '../../../src/cli/rungs.ts';

describe('the rigs command of a person', () => {
  let folder: string;
  let distFolder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigs-bin-test-'));
    distFolder = join(folder, 'dist');
    await mkdir(distFolder);
    await copyFile(join(import.meta.dirname, '../../../src/cli/rigs.sh'), join(distFolder, 'rigs.sh'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const parts = (rung = lastRung) => ({
    execPath: "/opt/it's a node",
    nodeEnv: { ELECTRON_RUN_AS_NODE: '1' },
    distFolder,
    rung,
  });

  it('is written for its owner only, also by two windows at once', async function () {
    const bin = join(folder, 'a', 'bin');
    await Promise.all([installBin(bin, parts()), installBin(bin, parts())]);
    assert.deepEqual(
      (await readdir(bin)).filter((name) => !name.includes('.')),
      ['rgt', 'rigs'],
    );
    const text = await readFile(join(bin, 'rigs'), 'utf8');
    assert.ok(text.startsWith("#!/bin/sh\nr_program='rigs'\nr_rung='node'\n"));
    assert.ok(text.includes(`r_node='/opt/it'\\''s a node'\n`));
    assert.ok(text.includes("r_node_env() { export ELECTRON_RUN_AS_NODE='1'; :; }\n"));
    if (process.platform === 'win32') this.skip();
    for (const name of ['.', 'rigs', 'rgt']) assert.equal((await stat(join(bin, name))).mode & 0o777, 0o700);
  });

  it('is left alone where it is right, and renewed where it is not', async () => {
    const bin = join(folder, 'bin');
    await installBin(bin, parts());
    const { ino } = await stat(join(bin, 'rigs'));
    await writeFile(join(bin, 'rgt'), 'of an older version');
    await installBin(bin, parts());
    assert.equal((await stat(join(bin, 'rigs'))).ino, ino);
    assert.match(await readFile(join(bin, 'rgt'), 'utf8'), /^#!\/bin\/sh\n/);
  });

  it('is told to vendors as a program, its hook, and an MCP server', async () => {
    const { bin, hook, mcp } = await installBin(join(folder, 'bin'), parts());
    assert.equal(bin, join(folder, 'bin'));
    assert.equal(hook[0], process.platform === 'win32' ? parts().execPath : join(bin, 'rigs'));
    assert.equal(hook.at(-1), 'agent-hook');
    const file = join(distFolder, 'mcp.cjs');
    assert.deepEqual(mcp, { file: "/opt/it's a node", args: [file], env: { ELECTRON_RUN_AS_NODE: '1' } });
  });

  it('looks for programs in folders that PATH names whole, and in no other', async () => {
    assert.deepEqual(await rungsHere('bin::.:relative/bin:/nowhere'), []);
  });
});
