import { match, ok } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { type AgentRepository, makeAgentRepository } from '../harness/agentRepository.ts';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';

/** As slow as it takes to read along, in colours, and with the place of what is wrong. */
const check = `const { readdirSync, readFileSync } = require('node:fs');
const words = readdirSync('.').filter((name) => name.endsWith('.txt'));
let at = 0;
const next = () => {
  const word = words[at++];
  if (word === undefined) { console.log('\\u001b[32mevery word is spelled\\u001b[0m'); return; }
  console.log('reading \\u001b[1m' + word + '\\u001b[0m');
  if (readFileSync(word, 'utf8').includes('BROKEN')) {
    console.error('\\u001b[31merror\\u001b[0m ' + word + ':1 is misspelled');
    process.exit(1);
  }
  setTimeout(next, 700);
};
next();
`;

/** A person's own branches through the merge queue, with no agent at all. */
describe('The merge queue in a workbench', function () {
  this.timeout(120_000);
  // Its tests tell one story: what follows a failure would only wait for what does not come.
  this.bail(true);
  let repository: AgentRepository;
  let workbench: Workbench;
  let page: FrameLocator;

  before(async () => {
    repository = await makeAgentRepository('rigs queue é');
    const { folder, git } = repository;
    await writeFile(join(folder, 'check.cjs'), check);
    await git('commit', '--quiet', '-am', 'Check slowly');
    for (const [branch, word] of Object.entries({ good: 'apple\n', bad: 'BROKEN\n', late: 'plum\n' })) {
      await git('checkout', '--quiet', '-b', branch, 'main');
      await writeFile(join(folder, `${branch}.txt`), word);
      await git('add', '--', `${branch}.txt`);
      await git('commit', '--quiet', '-m', `Add the ${branch} word`);
    }
    await git('checkout', '--quiet', 'main');
    workbench = await openWorkbench({ folder });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.keepEvidence(this.currentTest.fullTitle());
  });

  after(async () => {
    await workbench.dispose();
    await repository.remove();
  });

  const lands = (file: string): Promise<void> =>
    workbench.eventually(`${file} landed`, async () => (await repository.landed(file)) !== null);
  const row = (words: RegExp) => page.locator('table.requests tbody tr', { hasText: words });
  const press = async (words: RegExp, action: string): Promise<void> =>
    row(words).locator(`[data-do="${action}"]`).click();

  async function add(branch: string): Promise<void> {
    await workbench.command('Rigs: Add Branch to Merge Queue…');
    await workbench.quickPick(branch);
    await workbench.toast(`${branch} is in the merge queue`).waitFor();
    await workbench.clearToasts();
  }

  it('asks for the checks when a repository is used for the first time, and then takes a branch', async () => {
    await workbench.command('Rigs: Add Branch to Merge Queue…');
    await workbench.quickPick('good');
    await workbench.toast(/prove what lands/).waitFor();
    await workbench.screenshot('queue-no-checks');
    await workbench.pressInToast(/prove what lands/, 'Confirm Checks');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.toast(/good is in the merge queue/).waitFor();
    await workbench.clearToasts();
    await workbench.showRigs();
  });

  it('is paused from its page, and gathers what is brought meanwhile', async () => {
    page = await workbench.webview('Merge Queue');
    await page.locator('[data-do="turn pause"]').click();
    await page.locator('.bar.paused').waitFor();
    for (const branch of ['bad', 'late']) await add(branch);
    page = await workbench.webview('Merge Queue');
    await row(/late word/).waitFor();
    await workbench.command('Rigs: Move to Front');
    await workbench.quickPick('Add the late word');
    await workbench.eventually('the late one before the bad one', async () =>
      /late word[^]*bad word/.test(await page.locator('table.requests').innerText()),
    );
    await workbench.screenshots('queue-paused');
  });

  it('shows the batch with what its check prints, lands what is green, and gives the red one back', async () => {
    await press(/bad word/, 'land');
    await press(/good word/, 'land');
    await page.locator('[data-do="turn resume"]').click();
    await page.locator('.batch:not([hidden])').waitFor();
    await page.locator('[data-do^="run "]').first().click();
    await page.locator('.output', { hasText: /reading/ }).waitFor();
    // Where the palette's Escape would not close the output.
    await workbench.page.locator('.part.editor').click();
    await workbench.screenshots('queue-batch');
    await lands('good.txt');
    await row(/bad word/)
      .locator('td.stage', { hasText: /fail/i })
      .waitFor();
    ok((await repository.landed('bad.txt')) === null);
    await row(/bad word/)
      .locator('[data-do^="output "]')
      .click();
    await page.locator('.output', { hasText: /misspelled/ }).waitFor();
    await workbench.page.locator('.part.editor').click();
    await workbench.screenshots('queue-red');
  });

  it('lands what was proven ahead once it is approved', async () => {
    await press(/late word/, 'approve');
    await lands('late.txt');
    await page
      .locator('vscode-collapsible.landed-part')
      .locator('tr', { hasText: /late word/ })
      .waitFor({ state: 'attached' });
  });

  it('takes a landing back on a branch of its own, when its person approves that', async () => {
    await workbench.command('Rigs: Revert Landing…');
    await workbench.quickPick('Add the good word');
    await workbench.dialog(/good word/).waitFor();
    await workbench.screenshot('queue-revert');
    await workbench.pressInDialog(/good word/, 'Revert Landing');
    await workbench.toast(/takes the landing/).waitFor();
    await workbench.pressInToast(/takes the landing/, 'Approve Landing');
    await workbench.eventually('good.txt gone', async () => (await repository.landed('good.txt')) === null);
    match(await repository.git('log', '--format=%s', 'main'), /Revert "Add the good word"/);
  });

  it('is paused and resumed from the palette', async () => {
    await workbench.command('Rigs: Pause Merge Queue');
    await page.locator('.bar.paused').waitFor();
    await workbench.command('Rigs: Resume Merge Queue');
    await page.locator('.bar.paused').waitFor({ state: 'detached' });
    await page.locator('vscode-collapsible.history').click({ position: { x: 20, y: 8 } });
    await workbench.screenshots('queue-history');
  });
});
