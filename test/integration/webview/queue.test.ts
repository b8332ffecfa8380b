import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { DrawnBatch } from '../../../src/vscode/messages/queueBatch.ts';
import {
  conflicts,
  drawnBatch,
  landedRow,
  outputPiece,
  queue,
  queueRow,
  rig,
  rigHead,
  someHistory,
} from './examples.ts';
import { type PageInBrowser, type Pages, startPages } from './pageInBrowser.ts';
import { themes } from './themes.ts';

function hostileBatch(text: string): DrawnBatch {
  const { line, runs } = drawnBatch();
  return drawnBatch({
    ...{ text, target: text },
    line: line.map((place) => ({ ...place, title: text })),
    runs: runs.map((run) => ({ ...run, text })),
  });
}

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
    await view.page.locator('.landed-part').waitFor();
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
      { type: 'follow', following: 1, source: { kind: 'check', ...about, check: 0 } },
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
      rigs: [rigHead({ rigName: title, text: title, batch: hostileBatch(title) })],
      landed: [{ ...landedRow(1), title }],
      notes: [title],
    });
    const files = [title];
    await view.post(conflicts({ target: title, conflicts: [{ one: 0, other: null, files, moreFiles: 0 }] }));
    await view.page.locator('td.clash').waitFor();
    equal(await view.page.locator('main img, main b').count(), 0);
    equal(
      await view.page.locator('td .title').first().innerText(),
      '<img src=x onerror="sent.push(1)">⟨U+202E⟩exe.gnp',
    );
    deepEqual(await view.sent(), [{ type: 'ready' }]);
  });

  it('drops messages that were not agreed on and keeps what it shows', async () => {
    await shown([queueRow()]);
    await view.post(queue([queueRow({ actions: ['push' as never] })]));
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
    await view.page.locator('.landed-part h3').click();
    await view.page.getByText('Landed thing 2').waitFor();
    equal(await view.page.locator('.commit').first().innerText(), 'abc1234567');
    await view.page.reload();
    await shown([], { landed });
    await view.page.getByText('Landed thing 2').waitFor();
  });

  it('shows a paused queue with why and its button, which is pressed once', async () => {
    const why = 'It stopped itself. main itself fails check test.';
    await shown([], { rigs: [rigHead({ paused: { why, byPerson: false, since: 0 } })] });
    await view.page.getByText(why).waitFor();
    for (const _ of [1, 2]) await button('Resume').click();
    deepEqual((await view.sent()).slice(1), [{ type: 'turn', to: 'resume', rig }]);
    await shown([], { rigs: [rigHead()] });
    await button('Pause').click();
    deepEqual((await view.sent())[2], { type: 'turn', to: 'pause', rig });
  });

  it('draws the culprit search: the line with what is known of each, and each run under what it tests', async () => {
    await shown([], { rigs: [rigHead({ batch: drawnBatch() })] });
    const words = await view.page.locator('.place .word').allInnerTexts();
    deepEqual(words, ['proven', 'proven', 'suspected', 'suspected', 'not proven yet']);
    const ends = (selector: string): Promise<readonly number[]> =>
      view.page.evaluate(
        `[...document.querySelectorAll('${selector}')].map((one) => Math.round(one.getBoundingClientRect().right))`,
      );
    const places = await ends('.place');
    deepEqual(await ends('.run .span'), [places[1], places[3], places[2]]);
    await view.page.getByText('about 1 min left').waitFor();
    await view.page.getByText('less than a minute left').waitFor({ state: 'detached' });
  });

  it('keeps the focus on a run’s button while the runs change around it', async () => {
    const batch = drawnBatch();
    await shown([], { rigs: [rigHead({ batch })] });
    await view.page.locator('[data-do="run 3"]').focus();
    const runs = batch.runs.map((run) =>
      run.length === 3 ? { ...run, text: 'The first 3: running lint' } : run,
    );
    await shown([], { rigs: [rigHead({ batch: drawnBatch({ runs }) })] });
    await view.page.getByText('running lint').waitFor();
    equal(await view.page.evaluate('document.activeElement.dataset.do'), 'run 3');
  });

  it('follows the output of a run in its colours, as text, and gives the keyboard back when it is closed', async () => {
    await shown([], { rigs: [rigHead({ batch: drawnBatch() })] });
    await view.page.locator('[data-do="run 3"]').click();
    const source = { kind: 'run', rig, batch: 7, length: 3 };
    deepEqual((await view.sent())[1], { type: 'follow', following: 1, source });
    await view.post(outputPiece('\u001b[31m<b>1) fai', { anew: true }));
    await view.post(outputPiece('ls</b>\u001b[0m\n10%\r100%'));
    await view.post(outputPiece('of another', { following: 9 }));
    await view.until("document.querySelectorAll('.out').length === 2");
    deepEqual(await view.page.locator('.out').allInnerTexts(), ['<b>1) fails</b>', '100%']);
    equal(await view.page.locator('.out .fg-1').innerText(), '<b>1) fails</b>');
    equal(await view.page.locator('.output b').count(), 0);
    equal(await view.page.locator('.output .state').innerText(), 'still running');
    await view.page.keyboard.press('Escape');
    deepEqual((await view.sent()).at(-1), { type: 'leave' });
    equal(await view.page.evaluate('document.activeElement.dataset.do'), 'run 3');
  });

  it('finds text in the output, forward and back, and opens the whole file', async () => {
    await shown([queueRow()]);
    await button('test: passed, 1.2 s').click();
    const lines = Array.from({ length: 300 }, (_, number) => `line ${number} of (three) hundred`).join('\n');
    await view.post(outputPiece(lines, { anew: true, live: false, skipped: 4_000 }));
    await view.page.getByText('The beginning is not shown here.').waitFor();
    await view.page.keyboard.press('Control+f');
    await view.page.keyboard.type('LINE 1');
    const count = view.page.locator('.find .count');
    equal(await count.innerText(), '1 of 111');
    await view.page.keyboard.press('Enter');
    equal(await count.innerText(), '2 of 111');
    for (const _ of [1, 2]) await view.page.keyboard.press('Shift+Enter');
    equal(await count.innerText(), '111 of 111');
    await view.page.locator('.find input').fill('(three');
    equal(await count.innerText(), '1 of 300');
    await view.page.locator('.find input').fill('nothing like it');
    equal(await count.innerText(), 'No results');
    await button('Open in Editor').click();
    const source = { kind: 'check', rig, request: 'mr-00001', check: 0 };
    deepEqual((await view.sent()).at(-1), { type: 'open', source });
  });

  it('keeps an endless output within bounds, and says so', async () => {
    await shown([queueRow()]);
    await button('test: passed, 1.2 s').click();
    for (let piece = 0; piece < 12; piece += 1)
      await view.post(outputPiece('x\n'.repeat(1_000), { anew: piece === 0 }));
    await view.page.getByText('The beginning is not shown here.').waitFor();
    await view.until("document.querySelectorAll('.out').length === 5000");
  });

  it('says in a table and in words which requests will conflict, and in which files', async () => {
    await shown([queueRow()]);
    await view.post(conflicts());
    await view.page.getByText('gt-00003 and main conflict in src/words.ts').last().waitFor();
    equal(await view.page.locator('td.clash').count(), 2);
    equal(await view.page.locator('td.clean').count(), 4);
    const said = 'gt-00003 and gt-00001 conflict in src/words.ts, src/parse.ts and 3 more';
    equal(await view.page.locator('td.clash').last().getAttribute('title'), said);
    await view.post(
      conflicts({ requests: [], conflicts: [], problem: 'What conflicts could not be told: x' }),
    );
    await view.page.getByText('What conflicts could not be told: x').waitFor();
  });

  it('shows what landed per day and what it took, or what will be seen there', async () => {
    await shown([]);
    await view.page.locator('.history h3').click();
    await view.page.getByText('is shown here once the first has landed').waitFor();
    await shown([], { history: someHistory() });
    await view.page.getByText('21 runs of the checks for 55 landings').waitFor();
    equal(await view.page.locator('.day').count(), 14);
    await button('gt-0000z').click();
    deepEqual((await view.sent()).at(-1), { type: 'bead', rig, id: 'gt-0000z' });
  });

  it('lists what is flaky with its bead, and forgets what its person says once', async () => {
    await shown([], { history: someHistory() });
    await view.page.locator('.history h3').click();
    const rows = view.page.locator('.flaky tbody tr');
    await rows.filter({ hasText: 'rounds to the minute' }).waitFor();
    match(await rows.last().innerText(), /check lint.*once/s);
    await button('gt-0000y').click();
    for (let press = 0; press < 2; press += 1) await rows.first().locator('[data-do="forget"]').click();
    deepEqual((await view.sent()).slice(-2), [
      { type: 'bead', rig, id: 'gt-0000y' },
      { type: 'forget', rig, flaky: 'flaky-0000000a' },
    ]);
  });

  it('names every control and every icon’s meaning in words, in each theme', async () => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      const page = await pages.open('queue', { theme });
      const rigs = [rigHead({ batch: drawnBatch() })];
      await page.post(queue([queueRow()], { rigs, landed: [landedRow(1)], history: someHistory() }));
      await page.post(conflicts());
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
