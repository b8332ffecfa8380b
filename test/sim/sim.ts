/**
 * The simulator. One number, the seed, decides everything: what people wish, how agents behave, in which order calls
 * are answered, which fail, when a window is killed, when the power goes and what the disk has kept. The foreman, its
 * hands, the town and the store are the real ones; what they stand on is simulated. After every step the invariants of
 * product.md are looked at, and at the end, with all faults gone, everything must come to rest.
 *
 *   npm run sim -- --seeds 1..10000          plays them all, ends with a line of figures
 *   npm run sim -- --seeds 42..42            plays one again and prints what happened, shrunk if something broke
 *
 * Where things are: `plan.ts` what befalls a seed · `run.ts` how one is played · `world.ts` what stands on the machine
 * and where faults strike · `scheduler.ts` whose turn it is · `disk.ts`, `machine.ts` and `system/` what `src/` gets
 * instead of Node's file system · `gitWorld.ts`, `simGit.ts` the repository · `sessions.ts`, `agent.ts` the agents ·
 * `person.ts` the person · `model.ts`, `invariants.ts` what must hold · `mutants.ts` planted bugs that must be found.
 *
 * To add an organ (a tank, a gate, the witness):
 *  1. Its port gets a stand-in here whose every call goes through `Scheduler.call`, so that it takes its turn, may fail,
 *     and may be the last thing a window does. What survives its process lives in `World`, the rest in `Window`.
 *  2. What people or the outside can do to it becomes a `Wishing` (`person.ts`), a `Temper` (`agent.ts`) or an `Item`
 *     (`plan.ts`): drawn before the seed begins, so that shrinking can take it away.
 *  3. What it promises becomes a check in `invariants.ts`, called where it can first be broken, and a way to be at rest
 *     in `unrest`.
 *  4. A planted bug in `mutants.ts` shows that the check can fail.
 * Draw from a `Random` of its own name: then old seeds keep their meaning as far as they can.
 */
import { parseArgs } from 'node:util';
import { type Report, playSeeds } from './crew.ts';
import { add, emptyTally, figures } from './tally.ts';

type Shrunk = Extract<Report, { kind: 'shrunk' }>;

/** Failures after which more of them say nothing new. */
const enough = 5;

/** Plays what the arguments ask for; the exit code. */
export async function sim(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1..10000' },
      threads: { type: 'string', default: '2' },
      trace: { type: 'boolean', default: false },
      mutant: { type: 'string' },
    },
  });
  const [from, to] = rangeOf(values.seeds);
  const began = performance.now();
  const sum = emptyTally();
  const broken: number[] = [];
  const single = from === to;
  await playSeeds({
    from,
    to,
    threads: Number(values.threads),
    withTrace: values.trace,
    shrinks: true,
    ...(values.mutant === undefined ? {} : { mutant: values.mutant }),
    onReport: (report) => {
      if (report.kind === 'ended') return;
      if (report.kind === 'shrunk') {
        if (single || broken.length <= enough) showShrunk(report);
        return;
      }
      add(sum, report.tally);
      if (values.trace) console.log(report.lines.join('\n'));
      if (report.broken === null) return;
      broken.push(report.seed);
      console.log(
        `✘ seed ${String(report.seed)}: ${report.broken}\n  npm run sim -- --seeds ${String(report.seed)}..${String(report.seed)}`,
      );
    },
  });
  console.log(figures(sum, (performance.now() - began) / 1000));
  if (broken.length === 0) return 0;
  console.log(`✘ ${String(broken.length)} seeds broke a promise: ${broken.slice(0, 20).join(' ')}`);
  return 1;
}

function showShrunk({ seed, plan, lines }: Shrunk): void {
  const { items, ...rest } = plan;
  console.log(`  shrunk to ${JSON.stringify(rest)}`);
  for (const item of items) console.log(`    ${JSON.stringify(item)}`);
  console.log(`  what happened in the shrunk seed ${String(seed)}:`);
  for (const line of lines) console.log(`  ${line}`);
}

function rangeOf(text: string): readonly [number, number] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to))
    throw new Error(`Say --seeds A..B, not ${JSON.stringify(text)}.`);
  return [Number(from), Number(to)];
}
