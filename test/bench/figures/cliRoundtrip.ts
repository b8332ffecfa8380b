import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installBin } from '../../../src/cli/bin.ts';
import type { Rung } from '../../../src/cli/rung.ts';
import { openDoor } from '../../../src/gateway/server.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { fakeDesk, fakeRun } from '../../integration/gateway/fixtures.ts';
import { built } from '../built.ts';
import { callMs, workingRungs } from '../cliCalls.ts';
import { type Measurement, figure } from '../figure.ts';
import { inTurns } from '../ratio.ts';

const rounds = 12;
/** A call takes so little that one alone would be measured with the shell that starts it. */
const times = { rung: 8, node: 2 } as const;
/** As a vendor's hook brings after a tool read a file. */
const hookBody = JSON.stringify({ tool_response: 'a line of some file\n'.repeat(1_000) });

interface Subject {
  /** Node's program for it. */
  readonly script: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** A whole process, from its start to its answer, against Node's that says the same at the same door. */
async function measure(rung: Rung, subject: (folder: string) => Subject): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  const home = join(folder, 'door');
  const tokens = await openTokenBook(join(folder, 'tokens.json'));
  const secret = await tokens.issue({ polecat: polecatId('nux', 1), token: 1 });
  writeFileSync(join(folder, 'rig.json'), JSON.stringify({ commonDir: folder }));
  writeFileSync(join(folder, 'hook.json'), hookBody);
  const distFolder = await built();
  const parts = { execPath: process.execPath, nodeEnv: {}, distFolder, rung };
  const { bin } = await installBin(join(folder, 'bin'), parts);
  const door = await openDoor({
    home,
    desk: fakeDesk(),
    rig: new FakeControl(),
    run: fakeRun,
    tokens,
    epoch: 1,
    limits: { perSecond: Infinity, burst: Infinity, waiting: 9, patient: 9 },
  });
  try {
    const env = { PATH: process.env['PATH'], RIGS_HOME: home, RIGS_TOKEN: secret };
    const { args, stdin, script } = subject(folder);
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: () => callMs({ file: join(bin, 'rigs'), args, stdin, env, times: times.rung }),
      baseline: () =>
        callMs({
          file: process.execPath,
          args: [join(distFolder, script), ...args],
          stdin,
          env,
          times: times.node,
        }),
      warmUp: 2,
      rounds,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await door.close();
    rmSync(folder, { recursive: true });
  }
}

/** At most this part of what Node takes. */
const targets: Readonly<Record<Rung['name'], number | null>> = {
  nc: 1 / 6,
  perl: 1 / 2.5,
  curl: 1 / 2.5,
  node: null,
};
const plain = (): Subject => ({ script: 'cli.cjs', args: ['bead', 'show', 'gt-aaaaa'], stdin: '/dev/null' });
const hook = (folder: string): Subject => ({
  script: 'hook.cjs',
  args: ['agent-hook', 'PostToolUse'],
  stdin: join(folder, 'hook.json'),
});

const working = await workingRungs();
for (const [name, rung] of working)
  figure({
    name: `cli.roundtrip.${name}`,
    unit: 'x',
    target: targets[name],
    against: 'node cli.cjs, ms',
    measure: () => measure(rung, plain),
  });

const [fastest] = working.values();
if (fastest !== undefined)
  figure({
    name: 'cli.hook',
    unit: 'x',
    target: null,
    // A bundle of its own, a fifth of the other's size.
    against: 'node hook.cjs, ms',
    measure: () => measure(fastest, hook),
  });
