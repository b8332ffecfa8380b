import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { pageOf, webAddress } from '../../../src/town/offer.ts';
import { queueFigures } from '../../../src/town/queueFigures.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { reason } from '../../../src/town/reason.ts';
import { openPullLines } from '../../../src/words/openPulls.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const url = 'https://forge.example/pull/1';

describe('a request that lands through a pull request', () => {
  let town: Scene;
  let first: BeadId;
  let second: BeadId;

  beforeEach(() => {
    town = new Scene();
    town.queue = { ...defaultQueueSettings, style: 'pullRequest' };
    [first, second] = town.lined(2) as [BeadId, BeadId];
    town.assembled();
    town.ran();
  });

  const opened = (bead: BeadId): void => {
    const { id: request, head } = town.request(bead);
    town.tell({ type: 'offerOpened', request, pushed: head, url, reason: null });
  };
  const needs = (): readonly string[] =>
    needsYou(town.state).map((need) => (need.kind === 'offer' ? need.reason.code : need.kind));

  it('is the forge\u2019s once it is proven, alone, and the next is proven at once', () => {
    assert.equal(town.request(first).stage, 'offered');
    assert.deepEqual(town.batch().line, [town.request(second).id]);
    assert.deepEqual(town.due(), ['assemble', 'offer']);
    assert.equal(town.why(first).code, 'in_merge_queue');
    opened(first);
    assert.deepEqual(town.due(), ['assemble', 'watchOffers']);
    assert.deepEqual([town.why(first).code, town.bead(first).status], ['at_the_forge', 'merging']);
    assert.deepEqual(needs(), []);
    const [past] = town.state.queue.past;
    assert.deepEqual([past?.offered, past?.landed, past?.runs], [[town.request(first).id], [], 1]);
    assert.equal(queueFigures([town.state]).runsPerLanding, 1);
  });

  it('lands with what the forge made of it, and keeps whose checks were green', () => {
    opened(first);
    const { id: request, candidate } = town.request(first);
    town.tell({ type: 'offerMerged', request, commit: say.commitId(200), onto: say.commitId(150) });
    const landed = town.request(first);
    assert.deepEqual(
      [landed.stage, landed.landed, town.bead(first).status],
      ['landed', say.commitId(200), 'completed'],
    );
    assert.deepEqual([landed.candidate?.onto, landed.candidate?.tip], [say.commitId(150), candidate?.commit]);
    assert.ok(!town.due().includes('watchOffers'), 'nothing is left to look at');
  });

  it('is tried again by itself where nobody answered, and waits for its person where somebody refused', () => {
    const { id: request } = town.request(first);
    town.tell({ type: 'notOffered', request, reason: reason('offer_unreachable') });
    assert.ok(town.due().includes('offer'));
    assert.deepEqual(needs(), []);
    town.tell({ type: 'notOffered', request, reason: reason('offer_login') });
    assert.ok(!town.due().includes('offer'));
    assert.deepEqual(needs(), ['offer_login']);
    town.tell({ type: 'reprove', request, reason: reason('person_said') });
    assert.deepEqual(needs(), []);
  });

  it('tells once, and not at each look, that it was closed or cannot be seen', () => {
    opened(first);
    const { id: request } = town.request(first);
    const closed = { type: 'notOffered', request, reason: reason('offer_closed', { url }) } as const;
    assert.equal(town.tell(closed).length, 1);
    assert.equal(town.tell(closed).length, 0);
    assert.deepEqual(needs(), ['offer_closed']);
    opened(first);
    assert.deepEqual(needs(), [], 'opened again at the forge');
    const { head } = town.request(first);
    const again = { type: 'offerOpened', request, pushed: head, url, reason: null } as const;
    assert.equal(town.tell(again).length, 0);
  });

  it('is not proven again by ticks, and goes back to its agent when its person says what is missing', () => {
    opened(first);
    const before = town.state.requests[town.request(first).id];
    town.tick();
    assert.deepEqual(town.state.requests[town.request(first).id], before);
    town.tell({ type: 'sendBack', bead: first, words: 'Say what 1h30 is.' });
    assert.deepEqual([town.request(first).stage, town.bead(first).status], ['ejected', 'in_progress']);
    assert.equal(
      town.refused({
        type: 'offerMerged',
        request: town.request(first).id,
        commit: say.commitId(1),
        onto: say.commitId(0),
      }),
      'late_report',
    );
  });

  it('is looked at anew when a person asks, and nothing is where nothing is offered', () => {
    opened(first);
    const before = town.due();
    assert.ok(town.tell({ type: 'refreshQueue' }).some(({ type }) => type === 'queue.asked'));
    assert.deepEqual(town.due(), before);
    const other = new Scene();
    other.tell({ type: 'refreshQueue' });
    other.tick();
    assert.deepEqual(other.due(), []);
  });

  it('is not put before others, which it does not stand before', () => {
    assert.equal(town.refused({ type: 'moveToFront', request: town.request(first).id }), 'not_now');
  });

  it('begins anew alone where a batch was formed before the style was set', () => {
    const other = new Scene();
    const beads = other.lined(3);
    other.assembled();
    assert.equal(other.batch().line.length, 3);
    other.queue = { ...defaultQueueSettings, style: 'pullRequest' };
    other.tick();
    assert.equal(other.batch().line.length, 1);
    assert.equal(beads.length, 3);
  });

  it('is looked at while the queue is paused, and not while the town is stopped', () => {
    opened(first);
    town.tell({ type: 'pauseQueue' });
    assert.ok(town.due().includes('watchOffers'));
    town.tell({ type: 'stopTown' });
    assert.ok(!town.due().includes('watchOffers'));
  });
});

describe('a request whose pull request is open', () => {
  let town: Scene;
  let bead: BeadId;

  beforeEach(() => {
    town = new Scene();
    town.queue = { ...defaultQueueSettings, style: 'pullRequest' };
    [bead] = town.lined(1) as [BeadId];
    town.assembled();
    town.ran();
  });
  const open = (): void => {
    const { id: request, head } = town.request(bead);
    town.tell({ type: 'offerOpened', request, pushed: head, url, reason: null });
  };
  const left = (): string => sentence(town.request(bead).reason ?? assert.fail(), plainEnglish);

  it('is not opened in a pause, and waits for that by name', () => {
    town.tell({ type: 'pauseQueue' });
    assert.deepEqual([town.due(), town.why(bead).code], [[], 'queue_paused']);
    town.tell({ type: 'resumeQueue' });
    assert.ok(town.due().includes('offer'));
  });

  it('says that it stays open, and where, when it is taken out, goes back or its bead is cancelled', () => {
    open();
    const { state } = town;
    const { id: request } = town.request(bead);
    assert.equal(openPullLines(state, bead, plainEnglish).length, 1);
    const ask = 'ak-00001' as never;
    for (const word of [
      { type: 'eject', request, ask, reason: reason('person_said') },
      { type: 'sendBack', bead, words: 'More.' },
      { type: 'cancelBead', bead },
    ] as const) {
      town.state = state;
      town.tell(word);
      assert.equal(town.request(bead).stage, 'ejected');
      assert.match(left(), /pull request is still open.*https:\/\/forge\.example\/pull\/1$/, word.type);
    }
    assert.deepEqual(openPullLines(town.state, bead, plainEnglish), []);
  });

  it('says nothing of one that was closed, or was never opened', () => {
    const before = town.state;
    open();
    const { id: request } = town.request(bead);
    town.tell({ type: 'notOffered', request, reason: reason('offer_closed', { url }) });
    town.tell({ type: 'cancelBead', bead });
    assert.doesNotMatch(left(), /still open/);
    town.state = before;
    town.tell({ type: 'cancelBead', bead });
    assert.doesNotMatch(left(), /still open/);
  });
});

describe('an address that a forge names', () => {
  it('is shown where a browser would go, and nothing else is', () => {
    assert.equal(webAddress(url), url);
    for (const bad of [
      'http://forge.example/1',
      'javascript:alert(1)',
      'https://a@b.example/x',
      'https://x.example/"><b>',
      'https://x.example/a b',
      'command:rigs.x',
    ])
      assert.equal(webAddress(bad), null, bad);
  });

  it('is that of the page which opens a pull request, where a person is to do that', () => {
    const by = { target: 'main', since: 1, opened: true, pushed: null, tries: 0 };
    const why = reason('offer_by_hand', { url });
    assert.equal(pageOf({ offer: { ...by, url: null, why } }), url);
    assert.equal(
      pageOf({ offer: { ...by, url: null, why: reason('offer_by_hand', { url: 'file:///x' }) } }),
      null,
    );
    assert.equal(pageOf({}), null);
  });
});
