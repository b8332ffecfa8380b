import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Wish } from '../../../src/foreman/control.ts';
import { assemble } from '../../../src/foreman/hands/assemble.ts';
import type { HandContext } from '../../../src/foreman/hands/context.ts';
import { offer as offerRequest } from '../../../src/foreman/hands/offer.ts';
import { lookAt, watchOffers } from '../../../src/foreman/hands/watchOffers.ts';
import type { ForgeAnswer, PullRequest } from '../../../src/ports/forge.ts';
import { GitError, type MergeResult } from '../../../src/ports/git.ts';
import type { BeadId, CommitId } from '../../../src/town/ids.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { Scene } from '../town/scene.ts';
import * as say from '../town/words.ts';

const url = 'https://forge.example/pull/1';
const moved = say.commitId(900);
const before = say.commitId(899);
const conflict: MergeResult = { ok: false, files: ['a'] } as never;
const nothing: MergeResult = { ok: true, commit: moved, tree: 't', empty: true };
const something: MergeResult = { ok: true, commit: say.commitId(901), tree: 't', empty: false };

describe('looking at what is with the forge', () => {
  const { signal } = new AbortController();
  let town: Scene;
  let first: BeadId;
  let second: BeadId;
  let wishes: Wish[];
  let seen: ForgeAnswer<PullRequest>;
  /** Where the target is at the remote, and here. */
  let there: CommitId;
  let here: CommitId;
  /** What comes of a merge on top of a commit. */
  let onto: (commit: CommitId) => MergeResult;
  /** Commits that git cannot find. */
  let missing: readonly CommitId[];
  let pushed: number;

  beforeEach(() => {
    town = new Scene();
    town.queue = { ...defaultQueueSettings, style: 'pullRequest' };
    [first, second] = town.lined(2) as [BeadId, BeadId];
    for (const bead of [first, second]) {
      town.assembled();
      town.ran();
      const { id: request, head } = town.request(bead);
      town.tell({ type: 'offerOpened', request, pushed: head, url, reason: null });
    }
    wishes = [];
    seen = { ok: true, value: { state: 'open', url, merged: null } };
    there = moved;
    here = moved;
    onto = () => something;
    missing = [];
    pushed = 0;
  });

  const context = (): HandContext =>
    ({
      repository: { remote: 'origin' },
      state: () => town.state,
      settings: () => ({ refinery: town.queue }),
      clock: { now: () => town.now, sleep: () => Promise.reject(new Error('enough')) },
      say: () => undefined,
      git: {
        remoteTip: () => Promise.resolve(there),
        tip: () => Promise.resolve({ commit: here }),
        isAncestor: (_: unknown, one: CommitId, of: CommitId) =>
          missing.includes(one)
            ? Promise.reject(new GitError('failed', 'Not a valid commit name'))
            : Promise.resolve(one === of || (one === before && of === moved)),
        mergeOnto: (_: unknown, commit: CommitId) => Promise.resolve(onto(commit)),
        firstParents: () => Promise.resolve([say.commitId(902), moved, before].map((commit) => ({ commit }))),
        log: () => Promise.resolve([]),
        land: () => Promise.resolve({ ok: true, checkout: { kind: 'moved_along' } }),
        push: () => {
          pushed += 1;
          return Promise.resolve({ ok: false, why: 'unreachable', detail: 'no network' });
        },
      },
      forge: { see: () => Promise.resolve(seen), find: () => Promise.resolve(seen) },
      wish: (wish: Wish) => {
        wishes.push(wish);
        return Promise.resolve({ ok: true });
      },
    }) as unknown as HandContext;
  const request = (): MergeRequest => town.request(first);
  const types = (): readonly string[] =>
    wishes.map((wish) => (wish.type === 'notOffered' ? wish.reason.code : wish.type));
  const look = (): Promise<boolean> => lookAt(context(), request(), signal);

  it('has one proven anew that no forge can merge any more, so that its agent gets the conflict', async () => {
    onto = () => conflict;
    await look();
    assert.deepEqual(types(), ['reprove']);
    const [wish] = wishes;
    town.tell(wish as never);
    assert.deepEqual([request().stage, request().reason?.code], ['queued', 'target_moved']);
  });

  it('leaves one that can be merged, and one that would be found mergeable here, as they are', async () => {
    await look();
    here = say.commitId(700);
    onto = (commit) => (commit === moved ? conflict : something);
    await look();
    there = request().candidate?.onto ?? assert.fail();
    onto = () => conflict;
    await look();
    assert.deepEqual(types(), ['offerOpened', 'offerOpened', 'offerOpened']);
  });

  it('takes one as landed where nobody can be asked and nothing of it is left to merge', async () => {
    seen = { ok: false, why: 'absent', detail: '' };
    assert.equal(await look(), false);
    assert.deepEqual(wishes, []);
    there = say.commitId(902);
    onto = (commit) => (commit === before ? something : nothing);
    assert.equal(await look(), true);
    const told = { type: 'offerMerged', request: request().id, commit: moved, onto: before };
    assert.deepEqual(wishes, [told], 'with the commit that brought it, not with what came after it');
  });

  it('does not offer again what is there', async () => {
    const { id } = request();
    town.tell({ type: 'reprove', request: id, reason: { code: 'person_said', facts: {} } });
    town.tick();
    town.assembled();
    assert.equal(request().offer?.opened, false);
    onto = () => nothing;
    await offerRequest(context(), { request: id }, signal);
    assert.deepEqual([types(), pushed], [['offerMerged'], 0]);
  });

  it('goes on to ask the forge where its commit is not there any more', async () => {
    missing = [request().head];
    seen = { ok: true, value: { state: 'merged', url, merged: moved } };
    assert.equal(await look(), true);
    assert.deepEqual(types(), ['offerMerged']);
  });

  it('looks at the others where one cannot be looked at, and says so', async () => {
    const { head } = request();
    const base = context();
    const git = {
      ...base.git,
      isAncestor: (_: unknown, one: CommitId) =>
        one === head ? Promise.reject(new GitError('timeout' as never, 'Too slow')) : Promise.resolve(false),
    };
    await watchOffers({ ...base, git }, signal);
    assert.deepEqual(types(), ['offer_unseen', 'offerOpened']);
    const fenced = () => Promise.reject(new GitError('fenced', 'Another owner'));
    await assert.rejects(watchOffers({ ...base, git: { ...git, remoteTip: fenced } }, signal), (error) =>
      GitError.is(error, 'fenced'),
    );
  });

  it('offers what it cannot look at, which says what is wrong', async () => {
    const { id } = request();
    const base = context();
    const remoteTip = () => Promise.reject(new GitError('failed', 'No access'));
    await offerRequest({ ...base, git: { ...base.git, remoteTip } }, { request: id }, signal);
    assert.deepEqual([types(), pushed], [['offer_unreachable'], 1]);
  });
});

describe('a conflict that was settled before', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rigs-assemble-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function assembled(style: 'merge' | 'pullRequest'): Promise<Wish | undefined> {
    const town = new Scene();
    town.queue = { ...defaultQueueSettings, style };
    town.lined(1);
    const wishes: Wish[] = [];
    const tip = { commit: moved, tree: 't' };
    const made = { commit: say.commitId(950), tree: 'u', by: ['memory'], files: ['a'], lessons: [] };
    const context = {
      repository: {},
      state: () => town.state,
      settings: () => ({ refinery: { ...town.queue, maxRounds: 3 }, inspect: false }),
      clock: { now: () => town.now },
      places: { resolutions: folder, landingOutputs: () => folder },
      checks: { basis: () => Promise.resolve('basis') },
      git: {
        tip: () => Promise.resolve(tip),
        freshestBase: () => Promise.resolve(moved),
        mergeOnto: () => Promise.resolve({ ok: false, files: ['a'], conflicts: [], messages: '', diff: '' }),
        settleOnto: () => Promise.resolve(made),
        keep: () => Promise.resolve(),
      },
      wish: (wish: Wish) => {
        wishes.push(wish);
        return Promise.resolve({ ok: true });
      },
    } as unknown as HandContext;
    await assemble(context, { batch: town.batch().id }, new AbortController().signal);
    return wishes[0];
  }

  it('is settled so again where the queue merges, and not where a forge does, which would not merge that', async () => {
    const here = await assembled('merge');
    assert.ok(here?.type === 'assembled');
    assert.deepEqual([here.settled?.length, here.conflicts.length], [1, 0]);
    const there = await assembled('pullRequest');
    assert.ok(there?.type === 'assembled');
    assert.deepEqual([there.settled, there.chain.links], [[], []]);
    assert.deepEqual(
      there.conflicts.map(({ reason }) => reason.code),
      ['landing_conflict'],
    );
  });
});
