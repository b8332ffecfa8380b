import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makePlan } from '../harness/mainJob.ts';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';
import { type Sample, makeSample } from './rehearsal.ts';

describe('An everyday with Rigs', function () {
  this.timeout(180_000);
  // Its tests tell one story: what follows a failure would only wait for what does not come.
  this.bail(true);
  let sample: Sample;
  let workbench: Workbench;

  before(async () => {
    sample = await makeSample("rigs 'e2e' é 🦊", { speed: 4, slow: 'align columns of numbers to the right' });
    workbench = await openWorkbench({ folder: sample.folder });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.keepEvidence(this.currentTest.fullTitle());
  });

  after(async () => {
    await workbench.dispose();
    await sample.remove();
  });

  async function confirmChecks(): Promise<void> {
    const needs = workbench.tree('Needs You');
    await workbench.eventually('checks to confirm', async () =>
      (await needs.rows()).some((row) => /check/i.test(row.label)),
    );
    const row = (await needs.rows()).find((one) => /check/i.test(one.label));
    await needs.press(row?.label ?? '', 'Confirm Checks');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.press('Enter');
  }

  const atWork = async (): Promise<boolean> =>
    (await workbench.tree('Rigs').rows()).some((row) => row.description.includes('working') && row.level > 1);

  const landed = async (): Promise<string> => sample.git('log', '--format=%s', 'main');

  it('says in every empty view what to do', async () => {
    await workbench.showRigs();
    await workbench.tree('Rigs').welcome.first().waitFor();
    await workbench.screenshots('empty');
  });

  it('slings a TODO by right-click, and finds the first bead when it is slung again', async () => {
    await workbench.editor.open('src/duration.js');
    await workbench.editor.menu(/accept\sISO/, 'Sling to Rig');
    await workbench.showRigs();
    await confirmChecks();
    const beads = workbench.tree('Beads');
    await workbench.eventually('the bead in its tree', async () =>
      (await beads.rows()).some((row) => row.label.includes('ISO 8601')),
    );
    await workbench.editor.menu(/accept\sISO/, 'Sling to Rig');
    await workbench.eventually('a word about the first bead', async () =>
      (await workbench.toasts()).some((one) => /already|gt-/.test(one)),
    );
    const rows = (await beads.rows()).filter((row) => row.label.includes('ISO 8601'));
    equal(rows.length, 1);
    await workbench.clearToasts();
  });

  it("shows the agent's terminal, and its work for approval with the diff in the editor", async () => {
    const needs = workbench.tree('Needs You');
    await workbench.eventually('an approval', async () =>
      (await needs.rows()).some((row) => /approve/i.test(row.label)),
    );
    const row = (await needs.rows()).find((one) => /approve/i.test(one.label));
    await needs.press(row?.label ?? '', 'Show Diff');
    await workbench.page.locator('.multiDiffEntry, .monaco-diff-editor').first().waitFor();
    await workbench.screenshots('diff');
    await needs.press(row?.label ?? '', 'Approve Landing');
    await workbench.eventually('the landing', async () => (await landed()).includes('accept ISO 8601'));
    await workbench.eventually(
      'the checkout moved along',
      async () => (await sample.git('status', '--porcelain')) === '',
    );
  });

  it('goes on after the window was reloaded in the middle, and Execute and Land asks nobody', async () => {
    await makePlan(workbench, 'Write durations out in words, also on the command line');
    await workbench.editor.lens('Execute and Land');
    await workbench.eventually('an agent at work', atWork);
    await workbench.screenshots('working');
    await workbench.reload();
    await workbench.showRigs();
    await workbench.eventually(
      'both beads landed',
      async () => {
        const log = await landed();
        return (
          log.includes('Write durations out in words') &&
          log.includes('Convert durations on the command line')
        );
      },
      120_000,
    );
    deepEqual(await workbench.tree('Needs You').rows(), []);
  });

  it('stays stopped across a reload, until it is started', async () => {
    await workbench.command('Rigs: Stop Town');
    await workbench.editor.open('src/table.js');
    await workbench.editor.lens('Sling to Rig');
    const beads = workbench.tree('Beads');
    const waits = async (): Promise<boolean> =>
      (await beads.rows()).some((row) => row.label.includes('align columns'));
    await workbench.eventually('the waiting bead', waits);
    await workbench.reload();
    await workbench.showRigs();
    // A busy machine takes its time to bring a window up.
    await workbench.statusBar(/stopped/i).waitFor({ timeout: 60_000 });
    await workbench.eventually('the waiting bead, after the reload', waits);
    ok(
      !(await workbench.tree('Rigs').rows()).some(
        (row) => /working|starting/.test(row.description) && row.level > 1,
      ),
    );
    await workbench.screenshots('stopped');
    await workbench.command('Rigs: Start Town');
    await workbench.eventually('its agent at work', atWork);
  });

  it('asks how it goes on when a person closed the terminal, and goes on with the work kept', async () => {
    await workbench.command('Terminal: Kill All Terminals');
    const needs = workbench.tree('Needs You');
    await workbench.eventually('the question', async () =>
      (await needs.rows()).some((row) => /nux|align/.test(row.label)),
    );
    await workbench.screenshots('terminal-closed');
    const [row] = await needs.rows();
    await needs.press(row?.label ?? '', 'Resume Work');
    await workbench.eventually('its approval', async () =>
      (await needs.rows()).some((one) => /approve/i.test(one.label)),
    );
  });

  it('leaves no worktree behind but its own, and nothing in the repository', async () => {
    equal(await sample.git('status', '--porcelain'), '');
    const worktrees = await readdir(`${sample.folder}.rigs`);
    ok(worktrees.filter((name) => !name.startsWith('.')).length <= 1, worktrees.join(', '));
    match((await readdir(join(`${sample.folder}.rigs`, '.trash'))).join(' '), /./);
  });

  it('shows its feed and its merge queue', async () => {
    const feed = await workbench.webview('Feed');
    await feed.locator('text=/landed as/').first().waitFor();
    await workbench.webview('Merge Queue');
    await workbench.screenshots('panel');
  });
});
