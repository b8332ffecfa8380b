import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRunGit } from '../../../src/git/run.ts';
import type { Playbook } from '../../../src/providers/rehearsal/playbook.ts';
import { playbookFor, readPlaybook } from '../../../src/providers/rehearsal/playbooks.ts';
import { createSample } from '../../../src/providers/rehearsal/sample.ts';
import { type Tree, perform } from './performer.ts';
import { checkFolder, mediaFolder, readTree, writeTree } from './sampleTree.ts';

const runGit = createRunGit('git');
const ical = 'Export rules as iCalendar events';
const grid = 'Draw a month as a grid';
const ends = 'Count days from the end of the month';
const far = 'Start far ranges without walking there';
const except = 'Skip the dates a rule excepts';
const carry = 'Carry exceptions into exported calendars';

describe("the sample's first goal, with real git", () => {
  let into: string;
  let folder: string;
  let book: Playbook;

  before(async () => {
    ({ playbook: book } = await readPlaybook(playbookFor('sample', mediaFolder)));
  });

  beforeEach(async () => {
    into = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs play ')));
    folder = await createSample({ git: runGit, mediaFolder, into });
  });

  afterEach(async () => {
    await rm(into, { recursive: true, force: true });
  });

  async function git(...args: string[]): Promise<string> {
    const { stdout } = await runGit(args, { cwd: folder, answers: [0, 1], env: { GIT_EDITOR: 'true' } });
    return stdout.toString('utf8').trim();
  }

  /** An agent begins on what the target is now, and says done. */
  async function work(title: string, branch: string): Promise<void> {
    await git('checkout', '--quiet', '-b', branch, 'main');
    await commit(
      perform(book, title, await readTree(folder), { refusals: title === ends ? 1 : 0 }).tree,
      title,
    );
  }

  async function commit(tree: Tree, message: string): Promise<void> {
    await writeTree(folder, tree);
    await git('add', '--all');
    await git('commit', '--quiet', '--no-verify', '-m', message);
  }

  /** Rebases as the queue does; a conflict goes back to its agent. Returns the files that conflicted. */
  async function land(title: string, branch: string): Promise<readonly string[]> {
    await git('checkout', '--quiet', branch);
    await git('rebase', 'main');
    const conflicts = (await git('diff', '--name-only', '--diff-filter=U'))
      .split('\n')
      .filter((one) => one !== '');
    if (conflicts.length > 0) {
      const { tree, errors } = perform(book, title, await readTree(folder), { purpose: 'revise' });
      assert.deepEqual(errors, []);
      await writeTree(folder, tree);
      await git('add', '--all');
      await git('rebase', '--continue');
    }
    await git('checkout', '--quiet', 'main');
    await git('merge', '--quiet', '--ff-only', branch);
    return conflicts;
  }

  const orders = [
    [grid, ical, ends, far],
    [far, ends, ical, grid],
  ];
  for (const order of orders) {
    it(`lands green with one conflict when "${String(order[0])}" lands first`, async function () {
      this.timeout(60_000);
      for (const [index, title] of order.entries()) await work(title, `wave-${index}`);
      const conflicts: string[] = [];
      for (const [index, title] of order.entries()) {
        for (const file of await land(title, `wave-${index}`)) conflicts.push(`${title}: ${file}`);
        if (title !== ends) continue;
        // What waited for it begins while the others are still on their way.
        await work(except, 'exceptions');
      }
      assert.deepEqual(await land(except, 'exceptions'), []);
      await work(carry, 'carried');
      assert.deepEqual(await land(carry, 'carried'), []);
      const second = order.filter((title) => title === grid || title === ical)[1];
      assert.deepEqual(conflicts, [`${String(second)}: src/index.js`]);
      const result = await checkFolder(folder);
      assert.ok(result.ok, result.output);
    });
  }
});
