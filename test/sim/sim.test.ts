import assert from 'node:assert/strict';
import { type Report, playSeeds } from './crew.ts';
import { golden } from './golden.ts';
import { mutants } from './mutants.ts';

type Played = Extract<Report, { kind: 'played' }>;

async function played(
  from: number,
  to: number,
  more: { threads?: number; mutant?: string; golden?: boolean } = {},
): Promise<Played[]> {
  const all: Played[] = [];
  const { threads = 2, ...rest } = more;
  await playSeeds({
    from,
    to,
    threads,
    ...rest,
    stopAtFirst: more.mutant !== undefined,
    onReport: (report) => {
      if (report.kind === 'played') all.push(report);
    },
  });
  return all.sort((a, b) => a.seed - b.seed);
}

function brokenIn(reports: readonly Played[]): readonly string[] {
  return reports.flatMap(({ seed, broken }) => (broken === null ? [] : [`seed ${String(seed)}: ${broken}`]));
}

describe('the simulator', function () {
  this.timeout(60_000);

  it('sees every promise kept in the first seeds', async () => {
    assert.deepEqual(brokenIn(await played(1, 160)), []);
  });

  for (const [place, { mended }] of golden.entries()) {
    it(`sees that it stays mended: ${mended}`, async () => {
      assert.deepEqual(brokenIn(await played(place, place, { golden: true })), []);
    });
  }

  it('plays a seed to the same trace whatever was played before it', async () => {
    const alone = await played(1, 24, { threads: 1 });
    const apart = await played(1, 24, { threads: 3 });
    assert.deepEqual(
      alone.map(({ hash }) => hash),
      apart.map(({ hash }) => hash),
    );
    assert.equal(new Set(alone.map(({ hash }) => hash)).size, 24);
  });

  for (const { name, breaks } of mutants) {
    it(`finds a bug that was planted: ${name}`, async () => {
      const found = brokenIn(await played(1, 60, { mutant: name }));
      assert.ok(
        found.some((one) => one.includes(`invariant ${String(breaks)}`)),
        found.join('\n') || 'nothing was found',
      );
    });
  }
});
