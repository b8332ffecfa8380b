import assert from 'node:assert/strict';
import { beadIdOf } from '../../fakes/events.ts';
import { commit, requestId, seat } from '../../fakes/scene.ts';
import type { Wish } from '../../../src/foreman/control.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { Bench } from './fixtures.ts';

interface AttemptOut {
  readonly id: string;
  readonly status: string;
  readonly pickable: boolean;
  readonly picked: boolean;
  readonly provider: string | null;
  readonly commit: string | null;
  readonly checks: { readonly good: number; readonly all: number } | null;
  readonly files: number | null;
}

describe('rigs bead best', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
    await bench.scene.convoy('Durations', [{ title: 'Parse', estimate: 20_000 }]);
  });

  const about = beadIdOf(1);
  const attempts = async (): Promise<readonly AttemptOut[]> =>
    (await bench.json(`bead attempts ${about}`)) as readonly AttemptOut[];
  /** All attempts are at work and the first so many are proven. */
  const proven = async (count: number): Promise<void> => {
    const { scene } = bench;
    await scene.start();
    const all = bench.control.state.beads[about]?.contest?.attempts ?? [];
    for (const bead of all.slice(0, count)) {
      const polecat = Object.values(bench.control.state.polecats).find((one) => one.bead === bead);
      assert.ok(polecat);
      const { id, token } = polecat;
      await scene.say({ type: 'claimDone', polecat: id, token, claim: bead });
      const found: Wish = {
        ...{ type: 'evidenceFound', polecat: id, token, request: requestId(9) },
        evidence: {
          ...{ commit: commit('b'), tree: commit('c'), base: commit('a'), files: ['src/a.ts'] },
          ...{ insertions: 12, deletions: 3, committedForAgent: false, summary: 'Parsed.' },
          checks: [{ name: 'test', outcome: 'passed', exitCode: 0, durationMs: 9, outputFile: null }],
          at: bench.control.now,
        },
      };
      await scene.say(found);
    }
  };

  it('tries a bead in several seats and says what that may draw', async () => {
    const out = await bench.ok(`bead best ${about} -n 2`);
    assert.match(
      out,
      /^gt-\w{5} is tried in 2 seats: gt-\w{5}, gt-\w{5}\. 2 attempts may draw 40,000 tokens\./,
    );
    assert.deepEqual(
      (await attempts()).map(({ status }) => status),
      ['queued', 'queued'],
    );
    const { contest, status } = (await bench.json(`bead show ${about}`)) as {
      readonly contest: unknown;
      readonly status: string;
    };
    const ids = bench.control.state.beads[about]?.contest?.attempts;
    assert.deepEqual([contest, status], [{ attempts: ids, picked: null }, 'contested']);
    assert.match(await bench.ok(`bead show ${ids?.[0] ?? ''}`), new RegExp(`attempt at +${about}`));
  });

  it('makes three of them unless told, of the named providers first', async () => {
    await bench.ok(`bead best ${about} --provider claude`);
    const ids = bench.control.state.beads[about]?.contest?.attempts ?? [];
    const preferred = ids.map((id) => bench.control.state.beads[id]?.preferredProvider);
    assert.deepEqual(preferred, ['claude', null, null]);
  });

  it('tries a new bead so from the start, before any place could take it', async () => {
    const { id } = (await bench.json('bead create Round --best 3 --provider claude')) as { id: BeadId };
    const made = bench.control.state.beads[id];
    assert.deepEqual([made?.status, made?.contest?.attempts.length], ['contested', 3]);
    const first = bench.control.state.beads[made?.contest?.attempts[0] ?? id];
    assert.deepEqual([first?.title, first?.preferredProvider], ['Round', 'claude']);
    const before = Object.keys(bench.control.state.beads).length;
    assert.match(await bench.fails(2, 'bead create Print --best 1'), /2 to 5/);
    assert.equal(Object.keys(bench.control.state.beads).length, before);
  });

  it('refuses what is no number of attempts, a provider that is not there, and a bead that has begun', async () => {
    assert.match(await bench.fails(2, `bead best ${about} -n 9`), /2 to 5/);
    assert.match(await bench.fails(2, `bead best ${about} -n two`), /2 to 5/);
    assert.match(await bench.fails(4, `bead best ${about} --provider cluade`), /Did you mean claude/);
    await bench.scene.start();
    assert.match(await bench.fails(1, `bead best ${about}`), /bead show/);
    assert.match(await bench.fails(1, `bead attempts ${about}`), /not tried in several seats/);
  });

  it('does it once, however often it is said under the same id', async () => {
    const id = '0b0e7f6e-0000-4000-8000-000000000010';
    const first = await bench.ok(`bead best ${about}`, { id });
    assert.equal(await bench.ok(`bead best ${about}`, { id }), first);
    assert.equal(Object.keys(bench.control.state.beads).length, 4);
  });

  it('shows attempts side by side, from any of them', async () => {
    await bench.ok(`bead best ${about} -n 2`);
    await proven(1);
    const [one, two] = await attempts();
    assert.deepEqual(
      [one?.status, one?.pickable, one?.provider, one?.commit, one?.checks, one?.files],
      ['contending', true, seat.provider, commit('b'), { good: 1, all: 1 }, 1],
    );
    assert.deepEqual([two?.status, two?.pickable, two?.commit], ['in_progress', false, null]);
    const out = await bench.ok(`bead attempts ${two?.id ?? ''}`);
    assert.match(out, new RegExp(`^${about}  Parse\n`));
    assert.match(out, /ATTEMPT +STATE +SEAT +CHECKS +CRITERIA +FILES +LINES/);
    assert.match(out, new RegExp(`${one?.id ?? ''} +waits to be compared +.*✓ 1/1 +– +1 +\\+12 −3`));
  });

  it('picks one, keeps the others, and cleans them up', async () => {
    await bench.ok(`bead best ${about} -n 2`);
    await proven(2);
    assert.match(await bench.ok('status'), /2 attempts at “Parse”/);
    const [one, two] = await attempts();
    assert.match(await bench.fails(1, `bead pick ${about}`), /no attempt/);
    assert.match(await bench.ok(`bead pick ${two?.id ?? ''}`), /is picked and lands for gt-/);
    assert.deepEqual(
      (await attempts()).map(({ status, picked }) => [status, picked]),
      [
        ['not_picked', false],
        ['merging', true],
      ],
    );
    const request = (await bench.json(`mq show ${about}`)) as { readonly bead: string };
    assert.equal(request.bead, two?.id, 'what lands for a bead is found by its id');
    assert.match(await bench.ok(`bead clean ${about}`), /^1 attempt at .* cleaned up/);
    assert.equal(bench.control.state.beads[(one?.id ?? '') as BeadId]?.status, 'cancelled');
    assert.match(await bench.ok(`bead clean ${about}`), /Nothing of gt-\w{5} is kept/);
  });

  it('counts once in its convoy', async () => {
    await bench.ok(`bead best ${about} -n 3`);
    const [convoy] = (await bench.json('convoy list')) as readonly { readonly total: number }[];
    assert.equal(convoy?.total, 1);
  });
});
