import type { Store } from '../../../src/ports/store.ts';
import { type Measurement, figure } from '../figure.ts';
import { type LargeRig, sharedRig } from '../largeRig.ts';
import { interleaved } from '../ratio.ts';

/** A single question takes so little that the clock's own steps would be measured. */
const questions = 200;

async function measure(beads: number, fewer: number): Promise<Measurement> {
  const open = async (rig: Promise<LargeRig>): Promise<Store> => (await rig).open({ mode: 'reader' });
  const stores = [await open(sharedRig(beads)), await open(sharedRig(fewer))] as const;
  const [large, small] = stores.map(({ read }) => () => {
    for (let one = 0; one < questions; one += 1) {
      const { length } = read.beads({ ready: true, limit: 20 });
      if (length !== 20) throw new Error(`${String(length)} beads are ready`);
    }
  });
  if (large === undefined || small === undefined) throw new Error('there is nothing to ask');
  const found = await interleaved({ subject: large, baseline: small, warmUp: 5, rounds: 25 });
  for (const store of stores) await store.close();
  const { subjectMs, baselineMs, runs } = found;
  return { value: subjectMs / baselineMs, baseline: baselineMs / questions, runs };
}

figure({
  name: 'ready.top20.100k',
  unit: 'x',
  target: 2,
  against: 'the same question among 1,000 beads, ms',
  measure: () => measure(100_000, 1_000),
});
