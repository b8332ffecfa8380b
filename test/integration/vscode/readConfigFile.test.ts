import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfigFile } from '../../../src/vscode/config/readConfigFile.ts';

describe('A configuration file that anybody may have put there', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'rc ')));
    await mkdir(join(folder, 'repo', '.rigs'), { recursive: true });
    file = join(folder, 'repo', '.rigs', 'config.toml');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const read = (): ReturnType<typeof readConfigFile> => readConfigFile(file, join(folder, 'repo'));
  const why = async (): Promise<string> => {
    const found = await read();
    return found.kind === 'unread' ? found.why : found.kind;
  };

  it('is read as it is, and one that is not there is none', async () => {
    deepEqual(await read(), { kind: 'none' });
    await writeFile(file, 'x = 1');
    deepEqual(await read(), { kind: 'text', text: 'x = 1' });
  });

  it('is not followed out of its repository', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), file);
    equal(await why(), 'outside');
    equal((await readConfigFile(file, null)).kind, 'text');
  });

  it('is not waited for when it is a pipe, and not read when it is a folder, too long or no text', async () => {
    execFileSync('mkfifo', [file]);
    equal(await why(), 'not_a_file');
    await rm(file);
    await mkdir(file);
    equal(await why(), 'not_a_file');
    await rm(file, { recursive: true });
    await writeFile(file, '#'.repeat(70_000));
    equal(await why(), 'too_long');
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x00]));
    equal(await why(), 'not_text');
  });
});
