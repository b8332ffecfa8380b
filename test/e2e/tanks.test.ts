import { match, ok } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printPlan } from '../../src/town/plan/print.ts';
import { planBeads } from '../fakes/planBeads.ts';
import { type AgentRepository, makeAgentRepository } from '../harness/agentRepository.ts';
import { Gate, type Step, tasks } from '../harness/wire/play.ts';
import { type Turn, type Wire, startWire } from '../harness/wire/wire.ts';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';
import type { Row } from '../harness/workbenchViews.ts';

const models = ['openai', 'deepseek'] as const;
type Model = (typeof models)[number];

const title = {
  shown: 'Write the word of OpenAI',
  beside: 'Write the word of DeepSeek',
  moved: 'Write a word though the account runs dry',
  kept: 'Write a word within the budget',
} as const;

/** What a person planned, by the name of the plan. */
const plans: Readonly<Record<string, Readonly<Record<string, Model>>>> = {
  both: { [title.shown]: 'openai', [title.beside]: 'deepseek' },
  moved: { [title.moved]: 'openai' },
  kept: { [title.kept]: 'openai' },
};

const headers = {
  'x-ratelimit-limit-requests': '60',
  'x-ratelimit-remaining-requests': '15',
  'x-ratelimit-reset-requests': '45s',
};
const waitsAnHour = { 'retry-after': '3600' };
const dry: Turn = {
  status: 429,
  headers: waitsAnHour,
  body: { error: { code: 'rate_limit_exceeded', type: 'requests', message: 'Slow.', param: null } },
};

const write = (path: string): Step => ({
  tools: [{ name: 'write', input: { path, content: `${path}\n` } }],
  headers,
});
const done: Step = { tools: [{ name: 'done', input: { summary: 'It is there.' } }], headers };

/** Two accounts whose services are played on loopback, through a whole day of a person in a real workbench. */
describe('What accounts have left', function () {
  this.timeout(180_000);
  // Its tests tell one story: what follows a failure would only wait for what does not come.
  this.bail(true);
  let wire: Wire;
  let repository: AgentRepository;
  let workbench: Workbench;
  const books: Record<Model, Readonly<Record<string, readonly Step[]>>> = { openai: {}, deepseek: {} };

  before(async () => {
    wire = await startWire();
    repository = await makeAgentRepository('rigs tanks é');
    for (const name of models) wire.queue(name, (request) => tasks(books[name])(request));
    const info = {
      currency: 'USD',
      total_balance: '12.50',
      granted_balance: '0',
      topped_up_balance: '12.50',
    };
    wire.page('deepseek', '/user/balance', {
      status: 200,
      body: { is_available: true, balance_infos: [info] },
    });
    for (const [name, jobs] of Object.entries(plans)) {
      const beads = planBeads(Object.entries(jobs).map(([words, provider]) => ({ title: words, provider })));
      const text = printPlan({ goal: `Words of ${name}`, beads });
      await writeFile(join(repository.folder, `${name}.plan.rigs.md`), text);
    }
    workbench = await openWorkbench({
      folder: repository.folder,
      settings: { 'rigs.maxPolecats': 3 },
      machineSettings: Object.fromEntries([
        ...['claude', 'gemini', 'ollama', 'vscode'].map((name) => [`rigs.providers.${name}.enabled`, false]),
        ...['claudeCode', 'codex', 'gemini'].map((name) => [`rigs.${name}.enabled`, false]),
        ...models.flatMap((name) => [
          [`rigs.providers.${name}.enabled`, true],
          [`rigs.providers.${name}.model`, name === 'openai' ? 'gpt-x' : 'deepseek-x'],
          [`rigs.providers.${name}.baseUrl`, wire.url(name)],
        ]),
      ]) as Readonly<Record<string, string | boolean>>,
      env: { OPENAI_API_KEY: 'a-key-of-nobody', DEEPSEEK_API_KEY: 'a-key-of-nobody', VSCODE_CLI: '1' },
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.keepEvidence(this.currentTest.fullTitle());
  });

  after(async () => {
    await workbench.dispose();
    await wire.close();
    await repository.remove();
  });

  const rows = (view: string): Promise<readonly Row[]> => workbench.tree(view).rows();
  const comes = async (view: string, words: RegExp): Promise<Row> => {
    let found: Row | undefined;
    await workbench.eventually(`${view}: ${words.source}`, async () => {
      found = (await rows(view)).find(({ label, description }) => words.test(`${label} ${description}`));
      return found !== undefined;
    });
    ok(found !== undefined);
    return found;
  };
  const press = async (words: RegExp, button: string): Promise<void> =>
    workbench.tree('Needs You').press((await comes('Needs You', words)).label, button);
  const landed = (file: string): Promise<void> =>
    workbench.eventually(`${file} landed`, async () => (await repository.landed(file)) !== null);

  async function execute(name: string): Promise<void> {
    await workbench.editor.open(`${name}.plan.rigs.md`);
    await workbench.editor.lens('Execute and Land');
    await workbench.showRigs();
  }

  it('shows in Tanks as its service said it, while its agent works', async () => {
    const gate = new Gate();
    books.openai = { [title.shown]: [write('one.txt'), gate.before(done)] };
    books.deepseek = { [title.beside]: [write('two.txt'), gate.before(done)] };
    await execute('both');
    await press(/check/i, 'Confirm Checks');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.press('Enter');
    // On a small screen a view shows few rows: what is not looked at makes room.
    for (const view of ['Convoys', 'Beads']) await workbench.tree(view).fold();
    await workbench.tree('Tanks').show();
    await comes('Tanks', /requests a minute.*\d+% left/i);
    await workbench.tree('Tanks').pressInTitle('Refresh');
    await comes('Tanks', /balance.*100% left/i);
    await workbench.screenshots('tanks');
    gate.open();
    await landed('one.txt');
    await landed('two.txt');
  });

  it('moves work on when it runs dry, once its person says so, with what was done kept', async () => {
    books.openai = { [title.moved]: [write('three.txt'), dry, dry, dry] };
    books.deepseek = { [title.moved]: [done] };
    await execute('moved');
    const { label } = await comes('Needs You', /is used up: may .* go on/);
    match(label, /openai.*deepseek/i);
    await comes('Tanks', /openai.*resets|resets.*openai|empty/i);
    await workbench.screenshot('tanks-dry');
    await workbench.tree('Needs You').press(label, 'Allow');
    await landed('three.txt');
  });

  it('explains why a bead waits for a budget, and goes on when that is raised', async () => {
    books.deepseek = { [title.kept]: [write('four.txt'), done] };
    books.openai = books.deepseek;
    await workbench.changeSettings({ 'rigs.budgets': { day: { tokens: 10 } } });
    await execute('kept');
    await comes('Needs You', /budget.* is spent: raise it/i);
    await workbench.tree('Tanks').fold();
    await workbench.tree('Beads').show();
    const bead = await comes('Beads', /within the budget/);
    match(bead.description, /budget/i);
    await workbench.tree('Beads').menu(bead.label, 'Explain Dispatch');
    await workbench.eventually('the explanation', async () => /budget/i.test(await workbench.editor.text()));
    await workbench.screenshots('dispatch-explained');
    await workbench.command('Rigs: Preview Dispatch');
    await workbench.eventually('the preview', async () =>
      (await workbench.editor.text()).includes(title.kept),
    );
    await press(/budget.* is spent: raise it/i, 'Allow');
    await landed('four.txt');
  });
});
