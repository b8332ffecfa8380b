import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type InPath, isOnPath, putInPath, takeFromPath } from '../../../src/vscode/path/rigsInPath.ts';

describe('rigs in a folder of PATH', () => {
  let root: string;
  let folder: string;
  let bin: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'path-')));
    folder = join(root, 'local', 'bin');
    bin = join(root, 'rigs-bin');
    await mkdir(bin);
    await writeFile(join(bin, 'rigs'), '#!/bin/sh\n', { mode: 0o755 });
  });
  afterEach(() => rm(root, { recursive: true }));

  async function put(known: InPath | null = null, platform: NodeJS.Platform = 'linux'): Promise<InPath> {
    const found = await putInPath(folder, bin, known, platform);
    ok(found.kind === 'put');
    return found.inPath;
  }

  it('is a link, in a folder that is made for it, and goes again', async () => {
    const inPath = await put();
    equal(await readlink(join(folder, 'rigs')), join(bin, 'rigs'));
    equal(await takeFromPath(inPath, 'linux'), true);
    equal(await takeFromPath(inPath, 'linux'), false);
  });

  it('is put there twice with the effect of once, and moved along to a newer version', async () => {
    const first = await put();
    deepEqual(await put(first), first);
    const old = bin;
    bin = join(root, 'newer');
    const second = await put(first);
    equal(second.target, join(bin, 'rigs'));
    ok(old !== bin);
    equal(await readlink(second.file), second.target);
  });

  it('never takes the place of what another put there, nor takes that away', async () => {
    const inPath = await put();
    await rm(inPath.file);
    await writeFile(inPath.file, 'mine');
    deepEqual(await putInPath(folder, bin, inPath, 'linux'), { kind: 'taken' });
    equal(await takeFromPath(inPath, 'linux'), false);
    equal(await readFile(inPath.file, 'utf8'), 'mine');
    await rm(inPath.file);
    await symlink('/elsewhere/rigs', inPath.file);
    deepEqual(await putInPath(folder, bin, inPath, 'linux'), { kind: 'taken' });
    ok((await lstat(inPath.file)).isSymbolicLink());
  });

  it('is a file that calls it where links need rights', async () => {
    const inPath = await put(null, 'win32');
    equal(await readFile(join(folder, 'rigs.cmd'), 'utf8'), `@"${join(bin, 'rigs.cmd')}" %*\r\n`);
    deepEqual(await put(inPath, 'win32'), inPath);
    equal(await takeFromPath(inPath, 'win32'), true);
  });

  it('calls a place of any name, as cmd reads it', async () => {
    for (const name of ['100% mine', '%PATH%', 'größer']) {
      bin = join(root, name);
      const inPath = await put(null, 'win32');
      const text = await readFile(inPath.file, 'utf8');
      equal(text.includes(`@"${inPath.target.replaceAll('%', '%%')}" %*`), true, text);
      equal(text.startsWith('@chcp 65001 >nul\r\n'), name === 'größer');
      deepEqual(await put(inPath, 'win32'), inPath);
      equal(await takeFromPath(inPath, 'win32'), true);
    }
  });

  it('is found when its folder is one of PATH, however that is written', () => {
    equal(isOnPath(folder, ['/usr/bin', `${folder}/`].join(delimiter)), true);
    equal(isOnPath(folder, `/usr/bin${delimiter}`), false);
    equal(isOnPath(folder, undefined), false);
  });
});
