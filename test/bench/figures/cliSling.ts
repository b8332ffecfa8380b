/** What a task costs besides its agent: `rigs sling` → it runs, `rigs done` → answered, `rigs sling` → merged. */
import { type Measurement, figure } from '../figure.ts';
import { inTurns, timed } from '../ratio.ts';
import { SlungRig } from '../slungRig.ts';

const ten = 10;

interface Turns {
  readonly subject: (slung: SlungRig) => Promise<number>;
  readonly baseline: (slung: SlungRig) => Promise<number>;
  readonly rounds: number;
  readonly maxPolecats?: number;
}

async function compared({ subject, baseline, rounds, maxPolecats = 3 }: Turns): Promise<Measurement> {
  const slung = await SlungRig.open(maxPolecats);
  try {
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: async () => {
        const ms = await subject(slung);
        await slung.settle();
        return ms;
      },
      baseline: () => baseline(slung),
      // In the first one a person confirms the checks.
      warmUp: 1,
      rounds,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await slung.close();
  }
}

/** Ms until the last of so many agents runs. */
async function running(slung: SlungRig, count: number): Promise<number> {
  const since = Date.now();
  const [starts] = await slung.agreeing(Promise.all([slung.notes('started', count), slung.sling(count)]));
  return Math.max(...starts) - since;
}

async function tenRunning(slung: SlungRig): Promise<number> {
  await slung.hold(true);
  try {
    return await running(slung, ten);
  } finally {
    await slung.hold(false);
  }
}

async function done(slung: SlungRig): Promise<number> {
  const [took] = await slung.agreeing(Promise.all([slung.notes('done', 1), slung.sling(1)]));
  return took[0] ?? NaN;
}

function merged(slung: SlungRig): Promise<number> {
  return timed(async () => {
    await slung.agreeing(slung.sling(1));
    await slung.rig.until(() => slung.hasLanded());
  });
}

async function bareRunning(slung: SlungRig): Promise<number> {
  const since = Date.now();
  const { began } = await slung.bareStart();
  return began - since;
}

async function bareTen(slung: SlungRig): Promise<number> {
  let ms = 0;
  for (let at = 0; at < ten; at += 1) ms += await bareRunning(slung);
  return ms;
}

function bareMerged(slung: SlungRig): Promise<number> {
  return timed(async () => {
    const { branch, worktree } = await slung.bareStart();
    await slung.bareCheck(worktree);
    await slung.bareMerge(branch);
  });
}

const reported = { unit: 'x', target: null } as const;

figure({
  ...reported,
  name: 'cli.sling.running',
  against: 'git worktree add → its agent runs, ms',
  measure: () => compared({ subject: (slung) => running(slung, 1), baseline: bareRunning, rounds: 10 }),
});
figure({
  ...reported,
  name: 'cli.sling.ten',
  against: 'ten times that, one after the other, ms',
  measure: () => compared({ subject: tenRunning, baseline: bareTen, rounds: 3, maxPolecats: ten }),
});
figure({
  ...reported,
  name: 'cli.done',
  against: 'the one check alone (npm test), ms',
  measure: () => compared({ subject: done, baseline: (slung) => timed(() => slung.bareCheck()), rounds: 10 }),
});
figure({
  ...reported,
  name: 'cli.sling.merged',
  against: 'worktree add, agent, check, git merge, ms',
  measure: () => compared({ subject: merged, baseline: bareMerged, rounds: 10 }),
});
