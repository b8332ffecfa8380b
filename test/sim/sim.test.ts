import assert from 'node:assert/strict';
import { type Report, playSeeds } from './crew.ts';
import { golden } from './golden.ts';
import { mutants } from './mutants.ts';

type Shrunk = Extract<Report, { kind: 'shrunk' }>;
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
    assert.deepEqual(brokenIn(await played(1, 120)), []);
  });

  for (const [place, { mended }] of golden.entries()) {
    it(`sees that it stays mended: ${mended}`, async () => {
      assert.deepEqual(brokenIn(await played(place, place, { golden: true })), []);
    });
  }

  it('plays a seed to the same trace whatever was played before it', async () => {
    const alone = await played(1, 12, { threads: 1 });
    const apart = await played(1, 12, { threads: 3 });
    assert.deepEqual(
      alone.map(({ hash }) => hash),
      apart.map(({ hash }) => hash),
    );
    assert.equal(new Set(alone.map(({ hash }) => hash)).size, 12);
  });

  it('shrinks what breaks to a plan that breaks the same promise, with its story', async () => {
    const shrunk: Shrunk[] = [];
    await playSeeds({
      from: 2,
      to: 2,
      threads: 1,
      mutant: 'always green',
      shrinks: true,
      onReport: (report) => {
        if (report.kind === 'shrunk') shrunk.push(report);
      },
    });
    const [found] = shrunk;
    assert.ok(found !== undefined && found.plan.items.length <= 3, JSON.stringify(found?.plan));
    assert.match(found.lines.at(-1) ?? '', /✘ invariant 3/);
  });

  for (const { name, breaks, from = 1 } of mutants) {
    it(`finds a bug that was planted: ${name}`, async () => {
      const found = brokenIn(await played(from, from + 159, { mutant: name }));
      assert.ok(
        found.some((one) => one.includes(`invariant ${String(breaks)}`)),
        found.join('\n') || 'nothing was found',
      );
    });
  }
});
