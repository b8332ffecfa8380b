import { deepEqual, equal, ok } from 'node:assert/strict';
import { landedRow, queue, queueRow, rig } from './examples.ts';
import { type PageInBrowser, type Pages, startPages } from './pageInBrowser.ts';
import { themes } from './themes.ts';

describe('The merge queue page', function () {
  let pages: Pages;
  let view: PageInBrowser;

  before(async function () {
    const started = await startPages();
    if (started === null) this.skip();
    pages = started;
  });
  after(async () => {
    await (pages as Pages | undefined)?.close();
  });
  beforeEach(async () => {
    view = await pages.open('queue');
  });
  afterEach(async () => {
    deepEqual(await view.violations(), []);
    await view.close();
  });

  const lines = () => view.page.locator('tr[data-key]');
  const button = (name: string) => view.page.getByRole('button', { name, exact: true });
  const shown = async (...of: Parameters<typeof queue>): Promise<void> => {
    await view.post(queue(...of));
    await view.page.locator('vscode-collapsible').waitFor();
  };

  it('says in words that the queue is empty, and when it starts to fill', async () => {
    equal(await view.page.locator('.blank:visible').innerText(), 'Reading the queue…');
    await shown([]);
    await view.page.getByText('The queue is empty. A request appears here when').waitFor();
  });

  it('shows bead, title, stage and step, checks and reason of each request', async () => {
    await shown([
      queueRow(),
      queueRow({
        id: 'mr-00002',
        stage: 'failed',
        stageText: 'check failed',
        step: 'running lint',
        checks: [
          { index: 0, name: 'lint', outcome: 'failed', detail: 'failed with exit code 2', hasOutput: true },
        ],
        reason: 'On top of main, check lint failed.',
        actions: ['diff'],
      }),
    ]);
    equal(await lines().count(), 2);
    const text = (await lines().nth(1).innerText()).replace(/\s+/g, ' ');
    for (const part of [
      'check failed',
      'running lint',
      'gt-00001',
      'Split long words',
      'lint failed with exit code 2',
    ])
      ok(text.toLowerCase().includes(part.toLowerCase()), `${part} in ${text}`);
    ok(text.includes('On top of main, check lint failed.'));
  });

  it('sends what a button stands for, with ids only, once until it is answered', async () => {
    await shown([queueRow()]);
    for (const name of ['Approve', 'Approve', 'Diff', 'Retry', 'Eject', 'gt-00001', 'test: passed, 1.2 s'])
      await button(name).click();
    const about = { rig, request: 'mr-00001' };
    deepEqual((await view.sent()).slice(1), [
      { type: 'act', action: 'approve', ...about },
      { type: 'act', action: 'diff', ...about },
      { type: 'act', action: 'retry', ...about },
      { type: 'act', action: 'eject', ...about },
      { type: 'bead', rig, id: 'gt-00001' },
      { type: 'output', ...about, check: 0 },
    ]);
    await shown([queueRow()]);
    await button('Approve').click();
    equal((await view.sent()).length, 8);
  });

  it('offers only what the host offers', async () => {
    await shown([queueRow({ actions: ['diff'] })]);
    equal(await button('Diff').count(), 1);
    equal(await button('Approve').count(), 0);
  });

  it('shows hostile text as text', async () => {
    const title = '<img src=x onerror="sent.push(1)">\u202eexe.gnp';
    const checks = [
      { index: 0, name: '<b>\u001b[1mx', outcome: 'passed' as const, detail: 'ok', hasOutput: true },
    ];
    await shown([queueRow({ title, checks, reason: title, step: title, rigName: title })], {
      severalRigs: true,
      landed: [{ ...landedRow(1), title }],
      notes: [title],
    });
    equal(await view.page.locator('main img, td b').count(), 0);
    equal(
      await view.page.locator('.title').first().innerText(),
      '<img src=x onerror="sent.push(1)">⟨U+202E⟩exe.gnp',
    );
    deepEqual(await view.sent(), [{ type: 'ready' }]);
  });

  it('drops messages that were not agreed on and keeps what it shows', async () => {
    await shown([queueRow()]);
    await view.post(queue([queueRow({ actions: ['land' as never] })]));
    await view.post({ ...queue([]), type: 'clear' });
    await view.until('sent.length === 3');
    equal(await lines().count(), 1);
  });

  it('keeps the focus while the queue changes under it', async () => {
    await shown([queueRow(), queueRow({ id: 'mr-00002', stage: 'queued', actions: ['diff', 'eject'] })]);
    await lines().nth(1).locator('[data-do="eject"] button').focus();
    await shown([queueRow({ id: 'mr-00002', stage: 'proving', actions: ['diff', 'eject'] })]);
    await view.until("document.querySelectorAll('tr[data-key]').length === 1");
    equal(await view.page.evaluate('document.activeElement.dataset.do'), 'eject');
    // The button itself goes: the keyboard stays on the line.
    await shown([queueRow({ id: 'mr-00002', stage: 'landing', actions: ['diff'] })]);
    await view.until("document.activeElement.localName === 'tr'");
  });

  it('is walked with the arrow keys, and Enter shows the diff', async () => {
    await shown([queueRow(), queueRow({ id: 'mr-00002' })]);
    equal(await view.page.locator('tr[tabindex="0"]').count(), 1);
    await lines().first().focus();
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('Enter');
    deepEqual((await view.sent())[1], { type: 'act', action: 'diff', rig, request: 'mr-00002' });
  });

  it('has a column for the rig only when there are several', async () => {
    await shown([queueRow()]);
    equal(await view.page.getByRole('columnheader', { name: 'Rig' }).count(), 0);
    await shown([queueRow()], { severalRigs: true });
    await view.page.getByRole('columnheader', { name: 'Rig' }).waitFor();
  });

  it('lists what landed with its commit, and remembers that it was opened', async () => {
    const landed = [landedRow(2), landedRow(1)];
    await shown([], { landed });
    await view.page.locator('vscode-collapsible h3').click();
    await view.page.getByText('Landed thing 2').waitFor();
    equal(await view.page.locator('.commit').first().innerText(), 'abc1234567');
    await view.page.reload();
    await shown([], { landed });
    await view.page.getByText('Landed thing 2').waitFor();
  });

  it('names every control and every icon’s meaning in words, in each theme', async () => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      const page = await pages.open('queue', { theme });
      await page.post(queue([queueRow()], { landed: [landedRow(1)] }));
      await page.page.locator('tr[data-key]').waitFor();
      const spoken: number = await page.page.evaluate(
        `document.querySelectorAll('.codicon:not([aria-hidden="true"])').length`,
      );
      equal(spoken, 0);
      const unnamed: number = await page.page.evaluate(
        "[...document.querySelectorAll('[data-do]')].filter((one) => !one.textContent.trim()).length",
      );
      equal(unnamed, 0);
      deepEqual(await page.violations(), []);
      await page.close();
    }
  });
});
