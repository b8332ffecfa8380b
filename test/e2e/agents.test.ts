import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printPlan } from '../../src/town/plan/print.ts';
import { planBeads } from '../fakes/planBeads.ts';
import { type AgentHomes, makeAgentHomes } from '../harness/agentHomes.ts';
import { type AgentRepository, makeAgentRepository } from '../harness/agentRepository.ts';
import { killAgentIn } from '../harness/killAgent.ts';
import { failures } from '../harness/wire/failures.ts';
import { Gate, type Step, committing, done, onceMet, run, runAsking, tasks } from '../harness/wire/play.ts';
import { say as report } from '../harness/toolchain.mjs';
import { type Wire, startWire } from '../harness/wire/wire.ts';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';
import type { Row } from '../harness/workbenchViews.ts';

const names = ['claude', 'codex', 'gemini'] as const;
type Name = (typeof names)[number];
type Book = Readonly<Record<string, readonly Step[]>>;

const title: Readonly<Record<Name, string>> = {
  claude: 'Write the word of Claude Code',
  codex: 'Write the word of Codex',
  gemini: 'Write the word of Gemini CLI',
};
const killed = 'Write two words, and be killed between them';
const moved = 'Write two words, the second by another agent';
const limited = 'Write a word after the reset';
const resetMs = 20_000;

/** What a person planned, by the name of the plan: each task and whose it is. */
const plans = {
  three: { [title.claude]: 'claude', [title.codex]: 'codex', [title.gemini]: 'gemini' },
  killed: { [killed]: 'claude' },
  moved: { [moved]: 'claude' },
  limited: { [limited]: 'claude' },
} as const;
type Plan = keyof typeof plans;

function printed(name: Plan): string {
  const tasks = Object.entries(plans[name]).map(([words, provider]) => ({ title: words, provider }));
  return printPlan({ goal: `Words of ${name}`, beads: planBeads(tasks) });
}

/** The vendors' real command lines in the terminals of a real workbench; their models are played on loopback. */
describe('Agents of three vendors', function () {
  this.timeout(180_000);
  let wire: Wire;
  let repository: AgentRepository;
  let homes: AgentHomes;
  let workbench: Workbench;
  let confirmed = false;
  const books: Record<Name, Book> = { claude: {}, codex: {}, gemini: {} };

  before(async () => {
    wire = await startWire();
    repository = await makeAgentRepository("rigs 'agents' é");
    const trusted = [repository.place, repository.folder];
    homes = await makeAgentHomes({ wire, trusted, claude: 'subscription' });
    for (const name of names) wire.queue(name, (request) => tasks(books[name])(request));
    for (const name of Object.keys(plans) as Plan[])
      await writeFile(join(repository.folder, `${name}.plan.rigs.md`), printed(name));
    workbench = await openWorkbench({
      folder: repository.folder,
      settings: {
        'rigs.maxPolecats': 4,
      },
      machineSettings: {
        'rigs.providers.claude.enabled': false,
        // This person trusts Codex' hooks without a review; who has not reviewed them is asked by Codex.
        'rigs.codex.args': ['--dangerously-bypass-hook-trust'],
      },
      // As started from a shell: else the editor asks a login shell for its PATH, which knows nothing of the bench.
      env: { ...homes.env, VSCODE_CLI: '1' },
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench.keepEvidence(this.currentTest.fullTitle());
    for (const { label, description } of await needs()) report(`${label} | ${description}`);
    report(await workbench.terminal.text().catch(() => 'no terminal'));
    for (const name of names)
      for (const { by, answered, results } of wire.requests(name).slice(-6))
        report(`${name} ${by} ${answered} ${results.at(-1)?.slice(-300) ?? ''}`);
  });

  after(async () => {
    await workbench.dispose();
    await wire.close();
    await repository.remove();
    await homes.remove();
  });

  async function execute(name: Plan): Promise<void> {
    await workbench.editor.open(`${name}.plan.rigs.md`);
    await workbench.editor.lens('Execute and Land');
    await workbench.showRigs();
    if (!confirmed) await confirmChecks();
    confirmed = true;
  }

  const needs = (): Promise<readonly Row[]> => workbench.tree('Needs You').rows();
  const polecats = async (): Promise<readonly Row[]> =>
    (await workbench.tree('Rigs').rows()).filter(({ level }) => level > 1);
  /** What the row of a task's polecat says; empty when it has none. */
  const says = async (task: string): Promise<string> =>
    (await polecats()).find(({ description }) => description.includes(task))?.description ?? '';
  const asked = (name: Name, task: string): ReturnType<Wire['requests']> =>
    wire.requests(name).filter(({ said, main }) => main && said.join('\n').includes(task));
  const lines = async (file: string): Promise<readonly string[]> =>
    ((await repository.landed(file)) ?? '').split('\n').filter((line) => line !== '');
  const comes = (what: string, holds: () => Promise<boolean>): Promise<void> =>
    workbench.eventually(what, holds, 90_000);

  async function confirmChecks(): Promise<void> {
    await comes('checks to confirm', async () => (await needs()).some(({ label }) => /check/i.test(label)));
    const row = (await needs()).find(({ label }) => /check/i.test(label));
    await workbench.tree('Needs You').press(row?.label ?? '', 'Confirm Checks');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.press('Enter');
  }

  /** Waits for a row about a polecat's request and presses its button. */
  async function press(words: RegExp, button: string): Promise<void> {
    await comes(`a row like ${words.source}`, async () =>
      (await needs()).some(({ label }) => words.test(label)),
    );
    const row = (await needs()).find(({ label }) => words.test(label));
    await workbench.tree('Needs You').press(row?.label ?? '', button);
  }

  const allow = (words: RegExp): Promise<void> => press(words, 'Allow');

  it('each ask, are answered where they can be, and carry their bead to merged', async () => {
    for (const name of names)
      books[name] = { [title[name]]: [runAsking(committing(`${name}.txt`, name)), done()] };
    await workbench.showRigs();
    await execute('three');
    // Codex stands still with its own dialog hidden, so Rigs keeps its question for 20 s only.
    await allow(/codex\.txt/);
    await comes('the others that ask', async () => {
      const rows = (await needs()).map(({ label }) => label).join();
      return rows.includes('claude.txt') && rows.includes('shows a dialog');
    });
    await workbench.screenshots('agents-ask');
    await allow(/claude\.txt/);
    await press(/shows a dialog/, 'Show Terminal');
    // All three stand side by side; the button put the keyboard into this one.
    await workbench.terminal.shows(/Allow once/);
    await workbench.screenshot('agents-three');
    await workbench.page.keyboard.press('Enter');
    await comes('all of it landed', async () => {
      const all = await Promise.all(names.map((name) => lines(`${name}.txt`)));
      return all.every((one) => one.length === 1);
    });
    for (const name of names) deepEqual(await lines(`${name}.txt`), [name]);
  });

  it('go on in their own session when they are killed half way', async () => {
    const gate = new Gate();
    books.claude = {
      [killed]: [
        run(committing('killed.txt', 'one')),
        gate.before(run(committing('killed.txt', 'two'))),
        done(),
      ],
    };
    await execute('killed');
    await allow(/killed\.txt/);
    await comes('the half way', () => Promise.resolve(gate.reached > 0));
    ok((await killAgentIn(`${repository.folder}.rigs`, /claude/)) > 0);
    await comes('it resumed', () => Promise.resolve(gate.reached > 1));
    await workbench.screenshots('agents-resumed');
    gate.open();
    await allow(/killed\.txt/);
    await comes('both words', async () => (await lines('killed.txt')).length > 0);
    deepEqual(await lines('killed.txt'), ['one', 'two']);
    const sessions = new Set(
      asked('claude', killed).map(({ headers }) => headers['x-claude-code-session-id']),
    );
    equal(sessions.size, 1);
  });

  it('take over from each other what was begun, and nothing is lost or done twice', async () => {
    const gate = new Gate();
    books.claude = { [moved]: [run(committing('moved.txt', 'one')), gate.before(done())] };
    books.codex = { [moved]: [run('git log --oneline -1'), run(committing('moved.txt', 'two')), done()] };
    await execute('moved');
    await allow(/moved\.txt/);
    await comes('the half way', () => Promise.resolve(gate.reached > 0));
    ok((await killAgentIn(`${repository.folder}.rigs`, /claude/)) > 0);
    const polecat = (await polecats()).find(({ description }) => description.includes(moved));
    await workbench.tree('Rigs').menu(polecat?.label ?? '', 'Continue With…');
    await workbench.quickPick('Codex');
    await comes('both words', async () => (await lines('moved.txt')).length > 0);
    deepEqual(await lines('moved.txt'), ['one', 'two']);
    const [first] = asked('codex', moved);
    match(first?.said.join('\n') ?? '', /Add one to moved\.txt/);
    match(asked('codex', moved)[1]?.results.join('\n') ?? '', /Add one to moved\.txt/);
  });

  it('wait for the reset of their limit, and go on by themselves', async () => {
    let resetsAt = 0;
    const limit: Step = () => {
      resetsAt = Date.now() + resetMs;
      return failures.claude.subscription(resetsAt);
    };
    books.claude = { [limited]: [onceMet([limit], run(committing('limited.txt', 'one'))), done()] };
    await execute('limited');
    await comes('its row says so', async () => (await says(limited)).includes('limited until'));
    await workbench.screenshots('agents-limited');
    await allow(/limited\.txt/);
    const again = asked('claude', limited).find(({ at }) => at > resetsAt);
    ok(again !== undefined && again.at < resetsAt + 60_000);
    await comes('its word', async () => (await lines('limited.txt')).length > 0);
  });

  it('reached nothing but the loopback server', () => {
    const explained = /^CONNECT raw\.githubusercontent\.com:443$/;
    deepEqual(
      wire.wanted.filter((one) => !explained.test(one)),
      [],
    );
  });
});
