import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePersonToken, prepareHome } from '../../../src/gateway/home.ts';
import { keepCreate, outboxOf, report } from '../../../src/gateway/outbox.ts';
import { takeUpOutbox } from '../../../src/gateway/takeUpOutbox.ts';
import type { Notice } from '../../../src/ports/notices.ts';
import { reason } from '../../../src/town/reason.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { plainDraft } from '../../fakes/events.ts';
import { type Rig, nux, rigFolder } from './fixtures.ts';
import { Listening } from './listening.ts';

const id = '11111111-1111-4111-8111-111111111111';
const now = { patienceMs: 0, now: () => 1 };

describe('work that was kept while no window answered', () => {
  let rig: Rig;
  let secret: string;
  let person: string;
  let desk: Listening;
  let notices: Notice[];

  beforeEach(async () => {
    rig = await rigFolder();
    await prepareHome(rig.home);
    secret = await rig.tokens.issue(nux);
    person = await ensurePersonToken(rig.home);
    desk = new Listening();
    notices = [];
  });

  afterEach(() => rm(rig.folder, { recursive: true }));

  const parts = () => ({
    home: rig.home,
    tokens: rig.tokens,
    desk,
    control: rig.control,
    notices: { post: (notice: Notice) => void notices.push(notice) },
    now: () => 100,
  });
  const takeUp = () => takeUpOutbox(parts());
  const beads = () => Object.values(rig.control.state.beads);
  const create = (title: string, at = 1, call = id) =>
    keepCreate(rig.home, person, { id: call, draft: { ...plainDraft, title } }, { now: () => at });

  it("is an agent's checkpoint, hand-over and new beads", async () => {
    await report(rig.home, secret, 'note', { id, kind: 'checkpoint', text: 'half' }, now);
    await report(rig.home, secret, 'handOff', { id: id.replaceAll('1', '2'), text: 'tired' }, now);
    const drafts = [{ title: 'Other', description: '', criteria: [] }];
    await report(rig.home, secret, 'split', { id: id.replaceAll('1', '3'), drafts }, now);
    assert.equal((await takeUp()).taken.length, 3);
    assert.deepEqual(desk.heard, [
      'nux-1 checkpoint half',
      'nux-1 handed off, checkpoint tired',
      'nux-1 split 33 Other',
    ]);
  });

  it('is no checkpoint any more when its agent has said a newer one since', async () => {
    const say = (text: string, at: number, call: string) =>
      report(rig.home, secret, 'note', { id: call, kind: 'checkpoint', text }, { ...now, now: () => at });
    const noted = (note: string, at: number): Rig['control'] => {
      const notes = [{ id: note, kind: 'checkpoint', text: '', at }];
      const state = { ...rig.control.state, polecats: { [nux.polecat]: { notes } } };
      return { state } as unknown as Rig['control'];
    };
    const taken = async (control: Rig['control']) =>
      (await takeUpOutbox({ ...parts(), control })).taken.length;
    await say('old', 5, id);
    assert.deepEqual([await taken(noted('newer', 6)), desk.heard], [1, []]);
    await say('old', 5, id.replaceAll('1', '2'));
    await taken(noted('older', 4));
    assert.deepEqual(desk.heard, ['nux-1 checkpoint old']);
    // The town heard of that one late, at 90; it was said before this one.
    await say('new', 7, id.replaceAll('1', '3'));
    await taken(noted(id.replaceAll('1', '2'), 90));
    assert.deepEqual(desk.heard, ['nux-1 checkpoint old', 'nux-1 checkpoint new']);
  });

  it("is a person's bead, which is made once however often its word is taken up", async () => {
    await create('Add a parser');
    assert.equal((await takeUp()).taken.length, 1);
    assert.deepEqual(
      beads().map(({ title, source }) => ({ title, source })),
      [{ title: 'Add a parser', source: plainDraft.source }],
    );
    const [first] = beads();
    await rig.control.wish({
      type: 'editBead',
      bead: first?.id ?? ('' as BeadId),
      changes: { title: 'Add two' },
    });
    await create('Add a parser');
    assert.equal((await takeUp()).taken.length, 1);
    assert.equal(beads().length, 1);
    await create('Add a parser', 2, id.replaceAll('1', '2'));
    await takeUp();
    assert.equal(beads().length, 2);
  });

  it('is not lost when the id it comes to is that of an older bead', async () => {
    await create('Add a parser');
    await takeUp();
    await create('Another', rig.control.now + 1);
    assert.equal((await takeUp()).taken.length, 1);
    assert.deepEqual(
      beads()
        .map(({ title }) => title)
        .toSorted(),
      ['Add a parser', 'Another'],
    );
  });

  it('is left for the next time when it cannot be written down, and named when it is refused', async () => {
    await create('Add a parser');
    const wish = rig.control.wish.bind(rig.control);
    rig.control.wish = () => Promise.resolve({ ok: false, refusal: reason('taken_over') });
    assert.equal((await takeUp()).left.length, 1);
    rig.control.wish = wish;
    const draft = { ...plainDraft, dependencies: ['gt-99999' as BeadId] };
    await keepCreate(rig.home, person, { id: id.replaceAll('1', '2'), draft }, { now: () => 2 });
    const { taken, setAside } = await takeUp();
    assert.deepEqual([taken.length, setAside.length, beads().length], [1, 1, 1]);
    assert.match(String(notices[0]?.facts['message']), /gt-99999/);
  });

  it('is nobody else’s to say: an agent makes no bead in the name of the person, nor a person an agent’s', async () => {
    await keepCreate(rig.home, secret, { id, draft: plainDraft }, { now: () => 1 });
    await keepCreate(rig.home, 'made up', { id, draft: plainDraft }, { now: () => 2 });
    await report(
      rig.home,
      person,
      'note',
      { id, kind: 'note', text: 'I am nux' },
      {
        ...now,
        now: () => 3,
      },
    );
    const { refused, setAside } = await takeUp();
    assert.deepEqual([refused.length, setAside.length, beads().length, desk.heard], [1, 2, 0, []]);
    assert.equal((await readdir(join(outboxOf(rig.home), 'aside'))).length, 2);
  });
});
