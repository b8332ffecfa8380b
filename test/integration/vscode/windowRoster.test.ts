import { deepEqual, equal, rejects } from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentMode, AgentTask } from '../../../src/ports/agents.ts';
import { codex } from '../../../src/providers/codex/codex.ts';
import type { RigsProgram, VendorSettings } from '../../../src/providers/vendor.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { RigsInstall } from '../../../src/vscode/compose/rigsInstall.ts';
import { WindowRoster } from '../../../src/vscode/compose/windowRoster.ts';

const program: RigsProgram = { bin: '/bin', hook: ['/bin/rigs', 'x'], mcp: { file: 'n', args: [], env: {} } };
const task = {
  caller: { polecat: polecatId('nux', 1), token: 3 },
  seat: { runner: 'codex', provider: 'codex', tank: 'codex', model: '' },
} as unknown as AgentTask;

describe('The agents of a rig in a window', () => {
  let folder: string;
  let launches: unknown[];
  let settings: VendorSettings;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'roster-'));
    const command = path.join(folder, 'codex');
    await writeFile(command, '#!/bin/sh\necho "codex-cli 0.169.0"\n');
    await chmod(command, 0o755);
    launches = [];
    settings = { enabled: true, command, args: [], model: '', mode: 'bypass' };
  });
  afterEach(() => rm(folder, { recursive: true }));

  function roster(install: () => Promise<unknown>): WindowRoster {
    const vendor = {
      ...codex,
      start: () => Promise.resolve({ file: 'codex', args: [], env: {} }),
    };
    return new WindowRoster({
      rehearsal: null,
      apis: () => [],
      assayer: () => null,
      worker: { file: 'node', args: ['worker'], env: {} },
      vendors: () => [{ vendor, settings }],
      rigs: new RigsInstall(program, install, () => undefined),
      launched: (caller, mode: AgentMode) => {
        launches.push([caller, mode]);
        return Promise.resolve();
      },
    });
  }

  it('have their seats while the rigs command is set up, and start once it is there', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const agents = roster(() => promise);
    equal((await agents.seats()).length, 1);
    let started = false;
    const starting = agents.start(task).then((found) => {
      started = true;
      return found;
    });
    await agents.runners(true);
    deepEqual([started, launches], [false, []]);
    resolve(undefined);
    equal((await starting).file, 'codex');
  });

  it('have none without the rigs command', async () => {
    const agents = roster(() => Promise.reject(new Error('no room')));
    await rejects(agents.start(task));
    deepEqual(await agents.seats(), []);
  });

  it('are remembered with the mode in which they were started', async () => {
    await roster(() => Promise.resolve()).start(task);
    deepEqual(launches, [[task.caller, 'bypass']]);
  });
});
