import { emptyQueue } from '../../../src/town/queue.ts';
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DoorError } from '../../../src/gateway/doorError.ts';
import { type FollowParts, type FollowedRig, followRig } from '../../../src/gateway/followedRig.ts';
import { type FollowMessage, printMessage } from '../../../src/gateway/followMessages.ts';
import { readDoor, readPersonToken, writeDoor } from '../../../src/gateway/home.ts';
import { newDoorKey, proofOf } from '../../../src/gateway/proof.ts';
import type { Door, DoorParts } from '../../../src/gateway/server.ts';
import type { Archive } from '../../../src/ports/store.ts';
import { version } from '../../../src/system/version.ts';
import { type BeadId, type ConvoyId, polecatId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import { emptyRig } from '../../../src/town/state.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { beadCreated, beadIdOf, beadMoved, plainDraft, rigId } from '../../fakes/events.ts';
import { noticeAt } from '../store/contract.ts';
import { until } from '../worker/until.ts';
import { type Rig, fakeDesk, rigFolder } from './fixtures.ts';

const one = beadIdOf(1);

describe('a window that follows a rig', () => {
  let owner: Rig;
  let door: Door;
  const followers: FollowedRig[] = [];
  const programs: Server[] = [];

  beforeEach(async () => {
    owner = await rigFolder();
    owner.control.happen(beadCreated(one), beadMoved(one, 'queued'));
    door = await owner.open();
  });

  afterEach(async () => {
    for (const follower of followers.splice(0)) follower.close();
    await door.close();
    for (const program of programs.splice(0)) {
      program.closeAllConnections();
      program.close();
    }
    await rm(owner.folder, { recursive: true });
  });

  async function follow(own: Partial<FollowParts> = {}): Promise<FollowedRig> {
    const { home, control } = owner;
    const { repository } = control;
    const archive = (): Archive => control.store.archive;
    const follower = await followRig({ home, repository, archive, patienceMs: 10_000, ...own });
    followers.push(follower);
    return follower;
  }

  async function reopen(own: Partial<DoorParts> = {}): Promise<void> {
    await door.close();
    door = await owner.open(fakeDesk(), own);
  }

  it('sees the rig as it stands, and each change of it', async () => {
    const follower = await follow();
    assert.deepEqual(follower.state, owner.control.state);
    let changes = 0;
    follower.onChange(() => (changes += 1));
    owner.control.happen(beadCreated(beadIdOf(2)));
    owner.control.happen(beadMoved(one, 'assigned'));
    await until(() => follower.store.read.seq() === owner.control.seq);
    assert.deepEqual(follower.state, owner.control.state);
    assert.ok(changes >= 1 && changes <= 2);
  });

  it('sees thousands of beads in the order in which they came', async () => {
    owner.control.happen(...Array.from({ length: 700 }, (_, index) => beadCreated(beadIdOf(index + 10))));
    const follower = await follow();
    assert.deepEqual(Object.keys(follower.state.beads), Object.keys(owner.control.state.beads));
    assert.equal(follower.store.read.countByStatus().pending, 700);
  });

  it('misses nothing that happens while it is told where the rig stands', async () => {
    owner.control.happen(...Array.from({ length: 700 }, (_, index) => beadCreated(beadIdOf(index + 10))));
    const coming = follow();
    await until(() => owner.control.listeners > 0);
    for (let at = 0; at < 20; at += 1) owner.control.happen(beadMoved(beadIdOf(at + 10), 'queued'));
    const follower = await coming;
    await until(() => follower.store.read.seq() === owner.control.seq);
    assert.deepEqual(follower.state, owner.control.state);
  });

  it('answers queries and tells why a bead waits as the owner does', async () => {
    const follower = await follow();
    owner.control.happen({
      type: 'rig.adopted',
      id: rigId,
      name: 'r',
      commonDir: '/r',
      target: 'main',
      at: 1,
    });
    owner.control.look({ seats: [], maxPolecats: 7 });
    await until(() => follower.why(one)?.code === owner.control.why(one)?.code);
    assert.deepEqual(follower.why(one), owner.control.why(one));
    assert.deepEqual(
      follower.store.read.beads({ ready: true }),
      owner.control.store.read.beads({ ready: true }),
    );
    assert.equal(follower.store.read.bead(one)?.status, 'queued');
    assert.equal(follower.why('gt-zzzzz' as BeadId), null);
  });

  it('has its wishes decided by the owner, and sees what came of them when it is answered', async () => {
    const follower = await follow();
    const convoy = 'cv-00001' as ConvoyId;
    const beads = [{ bead: beadIdOf(5), draft: plainDraft }];
    const wish = { type: 'createConvoy', convoy, title: 'Go', landing: 'review', held: true, beads } as const;
    assert.deepEqual(await follower.wish(wish), { ok: true });
    assert.equal(follower.state.beads[beadIdOf(5)]?.title, plainDraft.title);
    const again = await follower.wish(wish);
    assert.deepEqual(again, { ok: false, refusal: reason('already_exists', { what: 'convoy', id: convoy }) });
    assert.equal(owner.control.wishes.length, 2);
  });

  it('is not asked for what only a hand can have seen', async () => {
    const follower = await follow();
    const wish = { type: 'cleared', polecat: polecatId('nux', 1) } as const;
    assert.deepEqual(await follower.wish(wish), {
      ok: false,
      refusal: reason('invalid', { what: 'cleared' }),
    });
    assert.deepEqual(owner.control.wishes, []);
  });

  it('has the feed of before, and then each line once', async () => {
    owner.control.remembered.push(noticeAt(1), noticeAt(2));
    const follower = await follow();
    const heard: number[] = [];
    follower.onNotice(({ at }) => heard.push(at));
    owner.control.notice(noticeAt(3));
    await until(() => heard.length === 1);
    const recent = await follower.store.recentFeed(9);
    assert.deepEqual(
      recent.map(({ at }) => at),
      [1, 2, 3],
    );
  });

  it('is read-only when its owner is, and says why', async () => {
    const follower = await follow();
    assert.equal(follower.readOnly, null);
    const full = reason('store_read_only', { message: 'no space left' });
    owner.control.freeze(full);
    await until(() => follower.readOnly !== null);
    assert.deepEqual(follower.readOnly, full);
    assert.deepEqual((await follow()).readOnly, full);
  });

  it('goes on at the new address when the owner reloads, and hears what it missed', async () => {
    const follower = await follow();
    const heard: number[] = [];
    const seen: boolean[] = [];
    follower.onNotice(({ at }) => heard.push(at));
    follower.onChange(() => seen.push(follower.connected));
    await door.close();
    await until(() => !follower.connected);
    assert.equal(follower.readOnly?.code, 'not_reached');
    owner.control.remembered.push(noticeAt(1));
    owner.control.happen(beadMoved(one, 'assigned'));
    door = await owner.open();
    await until(() => follower.connected);
    assert.deepEqual(follower.state, owner.control.state);
    assert.equal(follower.epoch, 2);
    assert.equal(follower.readOnly, null);
    assert.deepEqual(heard, [1]);
    assert.deepEqual(seen, [false, true]);
  });

  it('begins anew when a number is missing', async () => {
    const follower = await follow();
    owner.control.seq += 1;
    owner.control.happen(beadMoved(one, 'assigned'));
    await until(() => follower.store.read.seq() === owner.control.seq);
    assert.deepEqual(follower.state, owner.control.state);
  });

  it('believes no former owner that wakes up, whatever stands in its file', async () => {
    await reopen({ epoch: 7 });
    const follower = await follow();
    await door.close();
    const former = new FakeControl();
    let asked = 0;
    const tell = former.follow.bind(former);
    former.follow = (one) => {
      asked += 1;
      return tell(one);
    };
    door = await owner.open(fakeDesk(), { epoch: 6, rig: former });
    const file = await readDoor(owner.home);
    assert.ok(file !== null);
    await writeDoor(owner.home, { ...file, epoch: 8 });
    await until(() => asked >= 2);
    assert.equal(follower.connected, false);
    assert.deepEqual(follower.state, owner.control.state);
    await reopen({ epoch: 8 });
    await until(() => follower.connected);
    assert.equal(follower.epoch, 8);
  });

  it('gives the rig up as lost when nobody answers any more', async () => {
    const follower = await follow({ patienceMs: 200 });
    const why = new Promise<DoorError>((resolve) => follower.onLost(resolve));
    await door.close();
    assert.equal((await why).reason, 'unreachable');
    assert.equal(follower.connected, false);
    assert.deepEqual(await follower.wish({ type: 'stopTown' }), {
      ok: false,
      refusal: reason('not_reached', { message: '' }),
    });
  });

  it('says at once that there is no owner to follow', async () => {
    await door.close();
    await assert.rejects(follow({ patienceMs: 0 }), { name: 'DoorError', reason: 'unreachable' });
  });

  it('takes an owner that says nothing for gone', async () => {
    await reopen({ followLimits: { pingMs: 1e6, patienceMs: 1e6, mostWaiting: 1e6 } });
    const follower = await follow({ silenceMs: 100 });
    await until(() => !follower.connected);
  });

  it('hears from time to time that its owner is there', async () => {
    await reopen({ followLimits: { pingMs: 10, patienceMs: 1e6, mostWaiting: 1e6 } });
    let heard = '';
    const authorization = `Bearer ${(await readPersonToken(owner.home)) ?? ''}`;
    const sent = get(`${door.address}/v1/follow`, { headers: { authorization }, agent: false });
    sent.on('response', (response) => response.on('data', (piece: Buffer) => (heard += piece.toString())));
    await until(() => heard.includes('"ping"') && heard.lastIndexOf('"ping"') > heard.indexOf('"ping"'));
    sent.on('error', () => undefined).destroy();
  });

  /** A follower that connects and then reads nothing. */
  async function deaf(): Promise<void> {
    const authorization = `Bearer ${(await readPersonToken(owner.home)) ?? ''}`;
    const sent = get(`${door.address}/v1/follow`, { headers: { authorization }, agent: false });
    sent.on('error', () => undefined);
    sent.on('response', (response) => response.pause().on('error', () => undefined));
    await until(() => owner.control.listeners > 0);
  }

  it('is dropped when it does not read, before it costs memory without bound', async () => {
    await reopen({ followLimits: { pingMs: 1e6, patienceMs: 1e6, mostWaiting: 1_000_000 } });
    await deaf();
    const facts = { name: 'x'.repeat(50_000) };
    let told = 0;
    await until(() => {
      for (let line = 0; line < 20 && owner.control.listeners > 0; line += 1) {
        owner.control.notice({ ...noticeAt(1), facts });
        told += 1;
      }
      return owner.control.listeners === 0;
    });
    // What the system itself buffers, and a megabyte.
    assert.ok(told * 50_000 < 40_000_000, String(told));
  });

  it('is dropped when it takes nothing for long', async () => {
    await reopen({ followLimits: { pingMs: 1e6, patienceMs: 100, mostWaiting: 1e9 } });
    await deaf();
    const facts = { name: 'x'.repeat(20_000_000) };
    owner.control.notice({ ...noticeAt(1), facts });
    await until(() => owner.control.listeners === 0);
  });

  it('leaves nothing behind at its owner when it goes', async () => {
    const follower = await follow();
    assert.ok(owner.control.listeners > 0);
    follower.close();
    await until(() => owner.control.listeners === 0);
  });

  const begin: FollowMessage = {
    type: 'begin',
    rigs: version,
    epoch: 1,
    seq: 0,
    rest: { rig: null, stopped: false, nextToken: 1, queue: emptyQueue },
    facts: { seats: [], maxPolecats: 1 },
    readOnly: null,
    feed: [],
  };
  const begun: FollowMessage = { type: 'begun' };

  /** An owner that proves itself and then says these lines. */
  async function owned(...lines: readonly string[]): Promise<void> {
    await door.close();
    const key = newDoorKey();
    const server = createServer((request, response) => {
      const proof = proofOf(key, address, request.headers['rigs-nonce']);
      if (request.url === '/v1/hello') response.end(JSON.stringify({ proof }));
      else response.write(lines.join(''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    programs.push(server);
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    await writeDoor(owner.home, { version: 1, address, epoch: 1, key });
  }

  it('follows no owner of another Rigs, and says which two there are', async () => {
    await owned(printMessage({ ...begin, rigs: '99.0.0' }), printMessage(begun));
    await assert.rejects(follow(), (error: DoorError) => {
      assert.equal(error.reason, 'other_version');
      assert.match(error.message, /has Rigs 99\.0\.0, this one /);
      return true;
    });
  });

  it('follows no owner that tells of events nobody knows', async () => {
    const event = { type: 'bead.flew', at: 1 } as unknown as ReturnType<typeof beadCreated>;
    const entry: FollowMessage = { type: 'entry', seq: 1, at: 1, events: [event] };
    await owned(...[begin, begun, entry].map(printMessage));
    await assert.rejects(follow(), { reason: 'other_version' });
  });

  for (const strange of ['no JSON\n', '{"type":"fly"}\n', '{"type":"entry","seq":"1"}\n', '[]\n', 'null\n']) {
    it(`takes ${JSON.stringify(strange)} for no word of an owner`, async () => {
      await owned(printMessage(begin), strange, printMessage(begun));
      await assert.rejects(follow({ patienceMs: 0 }), { reason: 'failed' });
    });
  }

  it('reads a line also when it comes in pieces', async () => {
    const text = printMessage(begin) + printMessage(begun);
    await owned(text.slice(0, 7), text.slice(7));
    assert.deepEqual((await follow()).state, emptyRig);
  });
});
