import { equal, notEqual } from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createChecks } from '../../../src/foreman/checks/checks.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';

describe('By what a green run counts again', () => {
  let folder: string;
  let check: CheckDefinition;
  const basis = (...definitions: readonly CheckDefinition[]): Promise<string> =>
    createChecks().basis(definitions);
  async function program(at: string, text: string): Promise<void> {
    await mkdir(path.dirname(at), { recursive: true });
    await writeFile(at, text);
    await chmod(at, 0o755);
  }

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs basis '));
    const bin = path.join(folder, 'bin');
    await program(path.join(bin, 'prove'), '#!/bin/sh\n');
    check = { name: 'test', command: 'prove', args: [], timeoutMs: 1, env: { PATH: bin } };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is the same as long as checks and programs are', async () => {
    equal(await basis(check), await basis({ ...check }));
    notEqual(await basis(check), await basis({ ...check, args: ['-v'] }));
    notEqual(await basis(check), await basis());
  });

  it('is another when the program was changed that the check finds on the path it sets', async () => {
    const before = await basis(check);
    await program(path.join(folder, 'bin', 'prove'), '#!/bin/sh\nexit 1\n');
    notEqual(await basis(check), before);
  });

  it('is there also for a program that is not, and for one in the tree', async () => {
    const gone = { ...check, command: 'no-such-program' };
    equal(await basis(gone), await basis({ ...gone }));
    notEqual(await basis(gone), await basis({ ...check, command: './prove' }));
  });
});
