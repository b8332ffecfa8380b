import { deepEqual, match } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../harness/workbench.ts';
import type { Workbench } from '../harness/workbench.ts';

describe('A workbench with Rigs installed', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigs-smoke-'));
    await writeFile(join(folder, 'greet.js'), '// TODO: greet by name\n');
    workbench = await openWorkbench({ folder });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.keepEvidence(this.currentTest.fullTitle());
  });

  after(async () => {
    await workbench.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows Rigs in its activity bar', async () => {
    await workbench.showRigs();
    await workbench.page.locator('.part.sidebar .title-label', { hasText: 'Rigs' }).waitFor();
    await workbench.screenshots('container');
  });

  it('runs a command from its palette', async () => {
    await workbench.command('Terminal: Create New Terminal');
    await workbench.terminal.type('echo $((40 + 2))\n');
    await workbench.terminal.shows(/42/);
  });

  it('opens a file of its folder', async () => {
    await workbench.editor.open('greet.js');
    await workbench.editor.line(/greet\sby\sname/).waitFor();
    match(await workbench.editor.text(), /TODO: greet by name/);
    deepEqual(await workbench.toasts(), []);
  });

  it('comes back after a reload', async () => {
    await workbench.reload();
    await workbench.editor.tab('greet.js').waitFor();
  });
});
