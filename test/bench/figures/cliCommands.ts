import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installBin } from '../../../src/cli/bin.ts';
import { ownerReach } from '../../../src/cli/ownerReach.ts';
import { runCommand } from '../../../src/cli/runCommand.ts';
import { readPersonToken } from '../../../src/gateway/home.ts';
import { openDoor } from '../../../src/gateway/server.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import type { RigState, TownEvent } from '../../../src/town/state.ts';
import { whyAll } from '../../../src/town/why.ts';
import { fakeDesk } from '../../integration/gateway/fixtures.ts';
import { Bench } from '../../unit/cli/fixtures.ts';
import { built } from '../built.ts';
import { callMs, crowdMs, workingRungs } from '../cliCalls.ts';
import { type Measurement, figure } from '../figure.ts';
import { emptyRepository } from '../largeRig.ts';
import { inTurns } from '../ratio.ts';

/** `rigs` of a person at a rig with a real door and memory. */
interface Owned {
  readonly rigs: string;
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

async function owned(beads: number, workers: number): Promise<Owned> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  const bench = new Bench(folder);
  await bench.scene.open();
  if (beads > 0)
    await bench.scene.convoy(
      'Everything',
      Array.from({ length: beads }, (_, at) => ({ title: `Bead ${String(at)}` })),
    );
  bench.scene.maxPolecats = workers;
  if (workers > 0) await bench.scene.start();
  const store = await emptyRepository().open();
  const home = join(folder, 'door');
  const reach = ownerReach({ ...bench.parts(), rig: durable(bench, store) });
  const door = await openDoor({
    home,
    desk: fakeDesk(),
    rig: bench.control,
    run: (speaker, call, signal) => runCommand(reach, speaker, call, signal),
    tokens: await openTokenBook(join(folder, 'tokens.json')),
    epoch: 1,
    limits: { perSecond: Infinity, burst: Infinity, waiting: 99, patient: 99 },
  });
  const [rung] = (await workingRungs()).values();
  const distFolder = await built();
  const parts = { execPath: process.execPath, nodeEnv: {}, distFolder };
  const { bin } = await installBin(join(folder, 'bin'), rung === undefined ? parts : { ...parts, rung });
  const token = (await readPersonToken(home)) ?? '';
  return {
    rigs: join(bin, 'rigs'),
    env: { PATH: process.env['PATH'], RIGS_HOME: home, RIGS_TOKEN: token },
    close: async () => {
      await door.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Says yes only when what came of a wish is on the disk. */
function durable({ control }: Bench, store: Store) {
  const came: TownEvent[] = [];
  control.follow({
    entry: ({ events }) => came.push(...events),
    facts: () => undefined,
    notice: () => undefined,
  });
  let known: { readonly of: RigState; readonly whys: ReturnType<typeof whyAll> } | null = null;
  // Once for a state, as the foreman does.
  const whys = (): ReturnType<typeof whyAll> => {
    if (known?.of !== control.state)
      known = { of: control.state, whys: whyAll(control.state, control.facts) };
    return known.whys;
  };
  return {
    get state() {
      return control.state;
    },
    get facts() {
      return control.facts;
    },
    store: control.store,
    why: (bead: BeadId) => whys()[bead] ?? null,
    wish: async (wish: Parameters<typeof control.wish>[0]) => {
      const answer = await control.wish(wish);
      await store.append(control.now, came.splice(0));
      return answer;
    },
  };
}

const times = 5;

/** How many starts of an ordinary small program a whole command takes. */
async function againstGit(beads: number, workers: number, args: readonly string[]): Promise<Measurement> {
  const rig = await owned(beads, workers);
  const { rigs, env } = rig;
  try {
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: () => callMs({ file: rigs, args, env, times }),
      baseline: () => callMs({ file: 'git', args: ['--version'], env, times }),
      warmUp: 2,
      rounds: 12,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await rig.close();
  }
}

const ready = ['bead', 'list', '--ready', '--limit', '20'];

async function growth(): Promise<Measurement> {
  const [large, small] = [await owned(6_700, 0), await owned(1_000, 0)];
  try {
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: () => callMs({ file: large.rigs, args: ready, env: large.env, times }),
      baseline: () => callMs({ file: small.rigs, args: ready, env: small.env, times }),
      warmUp: 2,
      rounds: 12,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await large.close();
    await small.close();
  }
}

const creates = 20;

/** How long many at once take of the time that they take one after the other. */
async function atOnce(args: readonly string[]): Promise<Measurement> {
  const rig = await owned(0, 0);
  const { rigs, env } = rig;
  const calls = { file: rigs, args, env, times: creates };
  try {
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: () => crowdMs(calls),
      baseline: async () => (await callMs(calls)) * creates,
      warmUp: 1,
      rounds: 8,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await rig.close();
  }
}

const unit = 'x';
const git = 'git --version, ms';

figure({
  name: 'cli.ready.1k',
  unit,
  target: null,
  against: git,
  measure: () => againstGit(1_000, 0, ready),
});
figure({
  name: 'cli.ready.growth',
  unit,
  target: null,
  against: '1k beads (these: 6.7k), ms',
  measure: growth,
});
figure({
  name: 'cli.status.ten',
  unit,
  target: null,
  against: git,
  measure: () => againstGit(50, 10, ['status']),
});
figure({
  name: 'cli.create.parallel20',
  unit,
  target: null,
  against: '20 serial, ms',
  measure: () => atOnce(['bead', 'create', 'A bead']),
});
// What the clients' own processes leave of it on this machine's cores: nothing is asked of the rig, nothing written.
figure({
  name: 'cli.nothing.parallel20',
  unit,
  target: null,
  against: '20 serial, ms',
  measure: () => atOnce(['version']),
});
