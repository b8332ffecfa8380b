import assert from 'node:assert/strict';
import path from 'node:path';
import type { Playbook, Turn } from '../../../src/providers/rehearsal/playbook.ts';
import { playbookFor, readPlaybook } from '../../../src/providers/rehearsal/playbooks.ts';
import { speech } from '../../../src/providers/rehearsal/speech.ts';
import { type Tree, perform } from './performer.ts';
import { check, mediaFolder, readTree } from './sampleTree.ts';

describe("the sample's playbook", () => {
  let book: Playbook;
  let sample: Tree;

  before(async () => {
    ({ playbook: book } = await readPlaybook(playbookFor('sample', mediaFolder)));
    sample = await readTree(path.join(mediaFolder, 'sample'));
  });

  /** A goal's titles in an order in which they may be worked. */
  function titlesOf(goal: Playbook['goals'][number]): readonly string[] {
    return goal.plan.beads.map(({ title }) => title);
  }

  function slung(): readonly string[] {
    const planned = book.goals.flatMap(titlesOf);
    return Object.keys(book.tasks).filter((title) => !planned.includes(title));
  }

  function played(titles: readonly string[], begun: Tree): Tree {
    return titles.reduce((tree, title) => {
      const { errors, tree: next, dones } = perform(book, title, tree, { refusals: refusalsOf(title) });
      assert.deepEqual(errors, []);
      assert.ok(dones.length > 0, `${title} never says done`);
      return next;
    }, begun);
  }

  /** The one script that is wrong at first on purpose. */
  function refusalsOf(title: string): number {
    return title === 'Count days from the end of the month' ? 1 : 0;
  }

  /** What has to be landed before a task can begin, in order. */
  function neededBy(title: string): readonly string[] {
    const goal = book.goals.find((one) => titlesOf(one).includes(title));
    const bead = goal?.plan.beads.find((one) => one.title === title);
    const direct = goal?.plan.beads.filter((one) => bead?.depends_on.includes(one.key)) ?? [];
    return [...new Set(direct.flatMap((one) => [...neededBy(one.title), one.title]))];
  }

  it('has three goals, the first with six beads of which four could begin at once', () => {
    const [main] = book.goals;
    assert.equal(book.goals.length, 3);
    assert.equal(main?.plan.beads.length, 6);
    assert.equal(main.plan.beads.filter(({ depends_on }) => depends_on.length === 0).length, 4);
  });

  it('has one task that lasts long enough to be killed in the middle, and keeps the others short', () => {
    const seconds = Object.fromEntries(
      Object.entries(book.tasks).map(([title, { begin }]) => [
        title,
        begin.reduce((sum, one) => sum + secondsOf(one), 0),
      ]),
    );
    const long = Object.keys(seconds).filter((title) => (seconds[title] ?? 0) > 15);
    assert.deepEqual(long, ['Export rules as iCalendar events']);
    assert.ok((seconds[String(long[0])] ?? 0) > 25);
  });

  function secondsOf({ say, tools, pauseMs }: Turn): number {
    const choice = { key: '', say, calls: tools, pauseMs, fault: null };
    const request = { model: '', max_tokens: 100_000, stream: true, system: '', messages: [], tools: [] };
    return [...speech(choice, request)].reduce((sum, { waitMs }) => sum + waitMs, 0) / 1000;
  }

  it('has a script for every TODO of the sample', () => {
    const todos = [...sample.values()].flatMap((content) =>
      [...content.matchAll(/\/\/ (?:TODO|FIXME): (.+)/g)].map((match) => match[1]),
    );
    assert.equal(todos.length, 4);
    assert.deepEqual(new Set(todos), new Set(slung()));
  });

  it('begins with a sample whose checks are green', async () => {
    const result = await check(sample);
    assert.ok(result.ok, result.output);
  });

  it('is red where it says done too early, and green after the same session mended it', async () => {
    const { dones } = perform(book, 'Count days from the end of the month', sample, { refusals: 1 });
    const [early, late] = dones;
    assert.ok(early !== undefined && late !== undefined);
    const red = await check(early);
    assert.equal(red.ok, false);
    assert.match(red.output, /find the last day, however long the month is/);
    const green = await check(late);
    assert.ok(green.ok, green.output);
  });

  it('asks for a command outside the checks exactly once in its first goal', () => {
    const [main] = book.goals;
    assert.ok(main !== undefined);
    const commands = titlesOf(main).flatMap(
      (title) =>
        perform(book, title, played(neededBy(title), sample), { refusals: refusalsOf(title) }).commands,
    );
    assert.deepEqual(commands, ['node scripts/benchmark.mjs']);
  });

  it('leaves the checks green after every single task', async function () {
    this.timeout(120_000);
    for (const title of Object.keys(book.tasks)) {
      const result = await check(played([...neededBy(title), title], sample));
      assert.ok(result.ok, `${title}\n${result.output}`);
    }
  });

  it('leaves the checks green whatever goals and TODOs came before', async function () {
    this.timeout(60_000);
    const parts = [...book.goals.map(titlesOf), slung()];
    for (const first of parts.keys()) {
      const order = [...parts.slice(first), ...parts.slice(0, first)].flat();
      const result = await check(played(order, sample));
      assert.ok(result.ok, `${order.join('\n')}\n${result.output}`);
    }
  });

  it('resolves a conflict also when the agent is killed in the middle of that', () => {
    for (const title of ['Export rules as iCalendar events', 'Draw a month as a grid']) {
      const { tree } = perform(book, title, sample);
      const both =
        "<<<<<<< main\nexport { monthGrid } from './grid.js';\n=======\nexport { toICalendar } from './ical.js';\n>>>>>>> mine\n";
      const torn = new Map(tree).set('src/index.js', both);
      const resumed = perform(book, title, torn, { purpose: 'resume' });
      const revised = perform(book, title, torn, { purpose: 'revise' });
      assert.deepEqual([resumed.errors, revised.errors], [[], []]);
      assert.deepEqual(resumed.tree, revised.tree);
      assert.doesNotMatch(revised.tree.get('src/index.js') ?? '', /[<=>]{7}/);
    }
  });

  it('comes to the same end wherever an agent is killed and its session resumed', () => {
    for (const title of Object.keys(book.tasks)) {
      const begun = played(neededBy(title), sample);
      const whole = perform(book, title, begun, { refusals: refusalsOf(title) });
      for (let call = 0; call < whole.calls; call += 1) {
        const killed = perform(book, title, begun, { refusals: refusalsOf(title), killedBefore: call });
        const resumed = perform(book, title, killed.tree, { purpose: 'resume' });
        assert.deepEqual(resumed.tree, whole.tree, `${title}, killed before call ${call}`);
        assert.deepEqual(resumed.errors, [], `${title}, killed before call ${call}`);
        assert.equal(resumed.dones.length, 1, `${title}, killed before call ${call}`);
      }
    }
  });
});
