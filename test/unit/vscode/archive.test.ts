import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { StoreError } from '../../../src/ports/store.ts';
import type { BeadDraft } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { archiveAfterMs } from '../../../src/town/decide/archive.ts';
import { archiveRows } from '../../../src/vscode/archive/archiveRows.ts';
import { type ArchiveAnswer, searchArchives } from '../../../src/vscode/archive/searchArchives.ts';
import { beadDocument } from '../../../src/vscode/documents/beadDocument.ts';
import { beadsTree } from '../../../src/vscode/trees/beads.ts';
import { type View, rigViews } from '../../../src/vscode/trees/view.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { beadIdOf } from '../../fakes/events.ts';
import { noAgents } from '../../../src/vscode/townAgents.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { noBooks } from '../../fakes/noBooks.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { Scene } from '../../fakes/scene.ts';

const books = () => Promise.resolve(noBooks);

const unreadable = new StoreError(
  'not_readable',
  '/s/archive-2026.jsonl',
  'archive-2026.jsonl is of another user.',
);

class Stage {
  readonly control: FakeControl;
  readonly town: FakeTown;
  readonly scene: Scene;

  constructor(town = new FakeTown(), name = 'almanac') {
    this.control = new FakeControl(`/${name}/.git`);
    this.town = town.add(name, this.control);
    this.scene = new Scene(this.control);
  }

  async open(): Promise<this> {
    await this.scene.open();
    return this;
  }

  /** A convoy that was cancelled and left the state 30 days later. */
  async archived(...drafts: readonly Partial<BeadDraft>[]): Promise<readonly BeadId[]> {
    const beads = await this.scene.convoy('Old things', drafts);
    for (const bead of beads) await this.scene.say({ type: 'cancelBead', bead });
    this.control.now += archiveAfterMs;
    await this.scene.say({ type: 'tick', seats: [], maxPolecats: 0 });
    deepEqual(this.control.state.beads, {});
    return beads;
  }

  get view(): View {
    return {
      rigs: this.town.rigs,
      t: plainEnglish,
      now: this.control.now,
      sentence: (why) => sentence(why, plainEnglish, this.control.now, 'UTC'),
      clock: (at) => new Date(at).toISOString().slice(0, 10),
      agents: noAgents,
    };
  }

  search(text: string, limit = 100): Promise<ArchiveAnswer> {
    return searchArchives(
      rigViews(this.view).map(({ rig }) => rig),
      text,
      limit,
    );
  }

  async labels(text: string, limit = 100): Promise<readonly string[]> {
    const rows = archiveRows(this.view, await this.search(text, limit), text);
    return rows.map(({ label, description, detail }) =>
      [label, description, detail].filter((one) => one !== undefined).join(' | '),
    );
  }

  text(bead: BeadId): Promise<string> {
    const rig = this.control.repository.commonDir;
    return beadDocument(this.view, { kind: 'bead', rig, bead }, books).then((one) => one.text);
  }
}

describe('The search of the archive', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await new Stage().open();
  });

  it('shows what left the trees, with its id, how it ended and when', async () => {
    const [parse] = await stage.archived({ title: 'Parse $(x) durations' }, { title: 'Print' });
    deepEqual(await stage.labels('$(x)'), [
      `Parse $ (x) durations | ${String(parse)} | cancelled · A person decided so. · 2026-03-07`,
    ]);
  });

  it('looks through every open rig, the last ended first, and names the rig when there are several', async () => {
    await stage.archived({ title: 'Parse' });
    const other = await new Stage(stage.town, 'barometer').open();
    other.control.now += 86_400_000;
    await other.archived({ title: 'Print' });
    deepEqual(await stage.labels(''), [
      'Print | gt-00001 · barometer | cancelled · A person decided so. · 2026-03-08',
      'Parse | gt-00001 · almanac | cancelled · A person decided so. · 2026-03-07',
    ]);
  });

  it('says that there are more than it shows', async () => {
    await stage.archived({ title: 'Parse' }, { title: 'Print' }, { title: 'Round' });
    const rows = await stage.labels('', 2);
    equal(rows.length, 3);
    match(rows.at(-1) ?? '', /^Only the newest 2 are shown\./);
    equal((await stage.labels('', 3)).length, 3);
  });

  it('says of an empty archive when beads go there', async () => {
    deepEqual(await stage.labels(''), [
      'No archived beads. | Beads go to the archive 30 d after they ended. Until then the Beads view shows them.',
    ]);
    await stage.archived({ title: 'Parse' });
    match(
      (await stage.labels('round')).join(),
      /^No archived bead has “round” in its id, title or description\./,
    );
  });

  it('says that an archive cannot be read, never that there is nothing', async () => {
    await stage.archived({ title: 'Parse' });
    stage.control.archiveProblem = unreadable;
    const said = 'The archive of almanac cannot be read. | archive-2026.jsonl is of another user.';
    deepEqual(await stage.labels(''), [said]);
    await (await new Stage(stage.town, 'barometer').open()).archived({ title: 'Print' });
    deepEqual(await stage.labels(''), [
      said,
      'Print | gt-00001 · barometer | cancelled · A person decided so. · 2026-03-07',
    ]);
  });

  it('says how many lines are damaged, beside what it found', async () => {
    await stage.archived({ title: 'Parse' });
    stage.control.archiveDamage = 2;
    const damaged =
      'Damaged lines in the archive of almanac: 2. Their beads are not found. | archive-2026.jsonl';
    deepEqual(await stage.labels('round'), [damaged]);
    deepEqual(await stage.labels('parse'), [
      damaged,
      'Parse | gt-00001 | cancelled · A person decided so. · 2026-03-07',
    ]);
  });

  it('hides no failure that nobody foresaw', async () => {
    stage.control.archiveProblem = new TypeError('a mistake of ours');
    await rejects(stage.search(''), /a mistake of ours/);
  });

  it('is offered on the groups of ended beads', async () => {
    const [parse] = await stage.scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    await stage.scene.say({ type: 'cancelBead', bead: parse ?? beadIdOf(1) });
    const groups = beadsTree(stage.view)(100).nodes;
    deepEqual(
      groups.map(({ label, kind }) => [label, kind]),
      [
        ['Ready', 'group'],
        ['Cancelled', 'group.ended'],
      ],
    );
  });
});

describe('The document of a bead', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await new Stage().open();
  });

  it('is read from the archive when the bead left the state, with its convoy and what it waited for', async () => {
    const [, print] = await stage.archived(
      { title: 'Parse' },
      { title: 'Print', description: 'On paper.', dependencies: [beadIdOf(1)] },
    );
    const text = await stage.text(print ?? beadIdOf(2));
    match(text, /^# Print\n/);
    match(text, /- State: cancelled\n/);
    match(text, /- Convoy: Old things\n/);
    match(text, /- Archived: 2026-04-06\n/);
    match(text, /On paper\./);
    match(text, /- gt-00001: Parse \(cancelled\)/);
  });

  it('is looked at again only as long as the rig can still change it', async () => {
    const rig = stage.control.repository.commonDir;
    const settled = async (bead: BeadId, of = rig): Promise<boolean> =>
      (await beadDocument(stage.view, { kind: 'bead', rig: of, bead }, books)).settled;
    const [bead = beadIdOf(1)] = await stage.archived({ title: 'Parse' });
    equal(await settled(bead), true);
    equal(await settled(bead, '/not/open/yet'), false);
    stage.control.archiveProblem = unreadable;
    equal(await settled(bead), false);
    const [open = beadIdOf(1)] = await stage.scene.convoy('New things', [{ title: 'Round' }]);
    equal(await settled(open), false);
  });

  it('tells a bead that nobody knows from one that cannot be read', async () => {
    match(await stage.text(beadIdOf(9)), /is not known in any rig/);
    stage.control.archiveDamage = 1;
    match(
      await stage.text(beadIdOf(9)),
      /may be in the archive of almanac, on a damaged line of archive-2026/,
    );
    stage.control.archiveProblem = unreadable;
    match(await stage.text(beadIdOf(9)), /The archive of almanac, .* cannot be read\. .* of another user\./);
  });
});
