import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync, chmodSync } from 'node:fs';
import path from 'node:path';
import type { Wish } from '../../../src/foreman/control.ts';
import { gitHub } from '../../../src/foreman/forge/gitHub.ts';
import type { HandContext } from '../../../src/foreman/hands/context.ts';
import { offer as offerRequest } from '../../../src/foreman/hands/offer.ts';
import { revertLanding } from '../../../src/foreman/revertLanding.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { type CommitId, type RequestId, parseRequestId } from '../../../src/town/ids.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { reason } from '../../../src/town/reason.ts';
import { beadIdOf } from '../../fakes/events.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { GhProgram } from './ghProgram.ts';
import { QueueRig, gitNow } from './queueRig.ts';

describe('Work that lands through a pull request', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig;
  let bare: string;
  let gh: GhProgram;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n' });
    bare = path.join(box.folder, 'remote.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
    const address = 'https://github.com/acme/app.git';
    await box.person('remote', 'add', 'origin', address);
    await box.person('config', `url.${bare}.insteadOf`, address);
    await box.person('push', '--quiet', 'origin', 'main');
    gh = new GhProgram(box.folder, bare);
    rig = await QueueRig.open(box, {
      style: 'pullRequest',
      forge: (git) => gitHub({ git, environment: () => gh.environment() }),
    });
  });
  afterEach(async () => {
    await rig.close();
    await box.end();
  });

  const branch = async (name: string, ...files: readonly string[]): Promise<void> => {
    let at = await box.at('main');
    for (const file of files) at = await box.beside(at, { [file]: `${file}\n` });
    await box.person('branch', '-f', name, at);
  };
  const offered = async (name: string, ...files: readonly string[]): Promise<RequestId> => {
    await branch(name, ...(files.length === 0 ? [name] : files));
    const [id] = await rig.enter(name);
    if (id === undefined) throw new Error('nothing entered');
    await rig.until(() => rig.request(id).offer?.opened === true || rig.request(id).offer?.why != null);
    return id;
  };
  const there = (name: string): string => gitNow(bare, 'rev-parse', `refs/heads/${name}`);
  const refresh = async (): Promise<void> => {
    await rig.foreman.wish({ type: 'refreshQueue' });
  };
  const landed = async (id: RequestId): Promise<MergeRequest> => {
    await refresh();
    await rig.until(() => rig.request(id).stage === 'landed');
    return rig.request(id);
  };
  const needs = (): readonly string[] =>
    needsYou(rig.foreman.state).map((need) => (need.kind === 'offer' ? need.reason.code : need.kind));

  it('is pushed and opened, and nothing is merged here', async () => {
    const before = await box.at('main');
    const id = await offered('feature');
    const request = rig.request(id);
    assert.equal(request.stage, 'offered', rig.story());
    assert.equal(request.offer?.url, 'https://github.com/acme/app/pull/1');
    assert.deepEqual([there('feature'), await box.at('main')], [request.head, before]);
    const [pull] = gh.pulls;
    assert.deepEqual([pull?.head, pull?.base, pull?.title], ['feature', 'main', 'feature']);
    assert.match(pull?.body ?? '', /✓ test passed/);
    assert.match(pull?.body ?? '', new RegExp(`Bead: ${request.bead}`));
    assert.deepEqual(needs(), []);
  });

  it('keeps nothing that is behind it, and each is proven on the target alone', async () => {
    await branch('one', 'one');
    await branch('two', 'two');
    await branch('red', 'red');
    const ids = await rig.enter('one', 'red', 'two');
    await rig.until(() => rig.queue.batch === null && ids.every((id) => rig.request(id).stage !== 'queued'));
    assert.deepEqual(rig.stagesOf(ids), ['offered', 'failed', 'offered'], rig.story());
    const bases = ids.map((id) => rig.request(id).candidate?.onto);
    assert.deepEqual([bases[0], bases[2]], [await box.at('main'), await box.at('main')]);
    assert.deepEqual(
      rig.queue.past.map(({ culprit, offered: given = [] }) => culprit ?? given[0]),
      ids,
    );
  });

  it('has landed once the forge merged it, and the checked-out target moves along', async () => {
    const id = await offered('feature');
    const before = await box.at('main');
    const merged = gh.merge(1);
    const request = await landed(id);
    assert.deepEqual([request.landed, request.candidate?.onto], [merged, before]);
    assert.equal(rig.foreman.state.beads[request.bead]?.status, 'completed');
    assert.equal(await box.at('main'), merged);
    assert.equal(await box.read('feature'), 'feature\n');
  });

  it('has landed where the forge made one commit of it, or put its commits anew on the target', async () => {
    const first = await offered('squashed', 's1', 's2');
    const second = await offered('rebased', 'r1', 'r2');
    const before = there('main');
    const squash = gh.merge(1, 'squash');
    const rebase = gh.merge(2, 'rebase');
    const [one, two] = [await landed(first), await landed(second)];
    assert.deepEqual([one.landed, one.candidate?.onto], [squash, before]);
    assert.deepEqual([two.landed, two.candidate?.onto], [rebase, squash], 'all of its commits, and no other');
    assert.equal(await box.at('main'), rebase);
  });

  it('is taken back like any other landing, by a pull request of its own', async () => {
    const id = await offered('rebased', 'r1', 'r2');
    gh.merge(1, 'rebase');
    await landed(id);
    const request = parseRequestId('mr-rever') ?? assert.fail();
    const entrance = {
      ...{ repository: await box.repository(), git: rig.git, clock: systemClock, control: rig.foreman },
    };
    const entered = await revertLanding(entrance, { landing: id, bead: beadIdOf(9_000), request });
    assert.ok(entered.ok, JSON.stringify(entered));
    await rig.foreman.wish({ type: 'approve', request });
    await rig.until(() => rig.request(request).offer?.opened === true);
    gh.merge(2);
    await landed(request);
    assert.deepEqual(gitNow(bare, 'ls-tree', '--name-only', 'main').split('\n'), ['a.txt']);
  });

  it('goes back to its person when it is closed without being merged, and is opened anew when they retry it', async () => {
    const id = await offered('feature');
    gh.close(1);
    await refresh();
    await rig.until(() => needs().includes('offer_closed'));
    assert.equal(rig.request(id).stage, 'offered');
    await rig.foreman.wish({ type: 'reprove', request: id, reason: reason('person_said') });
    await rig.until(() => rig.request(id).offer?.opened === true && rig.request(id).offer?.why === null);
    assert.deepEqual(
      gh.pulls.map(({ state }) => state),
      ['CLOSED', 'OPEN'],
    );
    gh.merge(2);
    await landed(id);
  });

  it('is pushed, and its person told where to go on, where gh is not there', async () => {
    gh.remove();
    const id = await offered('feature');
    const { offer, head } = rig.request(id);
    assert.deepEqual([there('feature'), offer?.opened, offer?.url], [head, true, null]);
    assert.deepEqual(needs(), ['offer_by_hand']);
    assert.equal(offer?.why?.facts['url'], 'https://github.com/acme/app/compare/main...feature?expand=1');
    // Whoever merges it, and however: what is in the target has landed.
    const tree = gitNow(bare, 'merge-tree', '--write-tree', 'main', 'feature');
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.invalid'];
    const both = ['-p', 'main', '-p', 'feature', '-m', 'by hand'];
    gitNow(bare, 'update-ref', 'refs/heads/main', gitNow(bare, ...who, 'commit-tree', tree, ...both));
    await landed(id);
  });

  it('waits for its person where gh is not logged in, and is opened once they retry it', async () => {
    gh.logOut();
    const id = await offered('feature');
    assert.deepEqual(needs(), ['offer_login']);
    assert.equal(rig.request(id).offer?.opened, false);
    gh.logIn();
    await rig.foreman.wish({ type: 'reprove', request: id, reason: reason('person_said') });
    await rig.until(() => rig.request(id).offer?.opened === true);
    assert.deepEqual(needs(), []);
  });

  it('is not forced over other commits, nor into a remote that refuses it', async () => {
    const stranger = await box.beside(await box.at('main'), { theirs: 'theirs\n' });
    await box.person('push', '--quiet', 'origin', `${stranger}:refs/heads/taken`);
    const taken = await offered('taken');
    assert.deepEqual([needs(), there('taken')], [['offer_branch_taken'], stranger]);
    await rig.foreman.wish({
      ...{ type: 'eject', request: taken, reason: reason('person_said') },
      ask: 'ak-00001' as never,
    });
    const hook = path.join(bare, 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho no thanks >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const refused = await offered('refused');
    assert.deepEqual(needs(), ['offer_refused']);
    assert.match(String(rig.request(refused).offer?.why?.facts['detail']), /no thanks/);
    assert.deepEqual(gh.pulls, []);
  });

  it('has one pull request, also when it was killed between the opening and the word about it', async () => {
    gh.dieAfterCreating();
    await branch('feature', 'feature');
    const [id = assert.fail()] = await rig.enter('feature');
    await rig.until(() => gh.pulls.length === 1);
    rig.kill();
    rig = await rig.reopen();
    await rig.until(() => rig.request(id).offer?.opened === true);
    assert.equal(rig.request(id).offer?.url, 'https://github.com/acme/app/pull/1');
    assert.equal(gh.pulls.length, 1);
  });

  it('goes on in the same pull request when its branch moved on', async () => {
    const id = await offered('feature');
    await rig.foreman.wish({
      ...{ type: 'eject', request: id, reason: reason('person_said') },
      ask: 'ak-00002' as never,
    });
    const next = await box.beside(rig.request(id).head, { more: 'more\n' });
    await box.person('branch', '-f', 'feature', next);
    const [again = assert.fail()] = await rig.enter('feature');
    await rig.until(() => rig.request(again).offer?.opened === true);
    assert.deepEqual([there('feature'), gh.pulls.length], [next, 1]);
    gh.merge(1);
    await landed(again);
  });

  it('goes on from what was pushed before where its agent began anew on a newer target, also when it is said again', async () => {
    const id = await offered('feature');
    const first = rig.request(id);
    const moved = await box.beside(await box.at('main'), { x: 'x\n' });
    const anew = await box.beside(moved, { feature: 'anew\n' });
    const request = parseRequestId('mr-anew1') ?? assert.fail();
    const offer = { target: 'main', since: 1, opened: false, pushed: null, url: null, tries: 0, why: null };
    const next: MergeRequest = { ...first, id: request, head: anew, offer };
    const { requests } = rig.foreman.state;
    const state = { ...rig.foreman.state, requests: { ...requests, [request]: next } };
    const wishes: Wish[] = [];
    const context = {
      ...{ git: rig.git, repository: await box.repository(), state: () => state },
      forge: gitHub({ git: rig.git, environment: () => gh.environment() }),
      settings: () => ({ refinery: { style: 'pullRequest' } }),
      wish: (wish: Wish) => {
        wishes.push(wish);
        return Promise.resolve({ ok: true });
      },
    } as unknown as HandContext;
    for (let time = 0; time < 2; time += 1)
      await offerRequest(context, { request }, new AbortController().signal);
    const parents = gitNow(bare, 'rev-list', '--parents', '-1', 'feature').split(' ').slice(1);
    assert.deepEqual(parents, [first.head, anew]);
    assert.equal(gitNow(bare, 'show', 'feature:feature'), 'anew');
    const pushed = there('feature');
    const url = 'https://github.com/acme/app/pull/1';
    const told = { type: 'offerOpened', request, pushed, url, reason: null };
    assert.deepEqual([wishes, gh.pulls.length], [[told, told], 1]);
  });

  it('is proven once, however often the target moves while it waits', async () => {
    const id = await offered('feature');
    const runs = rig.queue.past.reduce((sum, one) => sum + one.runs, 0);
    for (const name of ['x', 'y']) {
      const moved: CommitId = await box.beside(await box.at('main'), { [name]: `${name}\n` });
      await box.person('push', '--quiet', 'origin', `${moved}:refs/heads/main`);
      await box.person('fetch', '--quiet', 'origin');
      await box.person('merge', '--quiet', '--ff-only', 'origin/main');
      await refresh();
      await rig.foreman.refresh();
    }
    assert.equal(rig.request(id).stage, 'offered');
    assert.equal(
      rig.queue.past.reduce((sum, one) => sum + one.runs, 0),
      runs,
    );
    gh.merge(1);
    await landed(id);
  });

  it('goes back to whoever made it once it conflicts with what the target moved to', async () => {
    const id = await offered('feature');
    const moved = await box.beside(await box.at('main'), { feature: 'theirs\n' });
    await box.person('push', '--quiet', 'origin', `${moved}:refs/heads/main`);
    await refresh();
    await rig.until(() => rig.request(id).stage === 'conflict');
    assert.equal(rig.request(id).reason?.code, 'landing_conflict');
  });

  it('has landed where nobody can be asked and the target has all of it, made anew', async () => {
    gh.remove();
    const id = await offered('feature', 'one', 'two');
    const before = await box.at('main');
    const squash = await box.beside(await box.beside(before, { one: 'one\n' }), { two: 'two\n' });
    const after = await box.beside(squash, { other: 'other\n' });
    await box.person('push', '--quiet', 'origin', `${after}:refs/heads/main`);
    const request = await landed(id);
    assert.deepEqual([request.landed, await box.at('main')], [squash, after]);
  });

  it('leaves a target of yours that went apart from its remote where it is, and says so', async () => {
    const id = await offered('feature');
    const mine = await box.commit({ mine: 'mine\n' });
    gh.merge(1);
    await landed(id);
    assert.equal(await box.at('main'), mine);
    assert.equal(rig.said('target.apart').length, 1);
  });

  it('asks nobody anything while nothing is offered', async () => {
    const id = await offered('feature');
    gh.merge(1);
    await landed(id);
    const before = gh.calls.length;
    await refresh();
    await rig.foreman.refresh();
    assert.equal(gh.calls.length, before);
  });
});
