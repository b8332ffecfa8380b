import { type Measurement, figure } from '../figure.ts';
import { drawn, plays, requests } from '../mergeQueue/drawn.ts';

/** What the queue decided before: enough to have an idea of the rate. */
const seen = 40;

function toSerial(percent: number, known: number): Measurement {
  return {
    value: drawn({ percent, slots: 1, seen: known }).runs / requests,
    baseline: requests,
    runs: plays,
  };
}

function worst(most: number, known: number): Measurement {
  const all = Array.from({ length: most / 5 + 1 }, (_, step) => toSerial(step * 5, known));
  return all.reduce((one, other) => (other.value > one.value ? other : one));
}

const rates = [
  { percent: 0, times: 18 },
  { percent: 5, times: 3 },
  { percent: 20, times: 1.25 },
] as const;

for (const { percent, times } of rates)
  figure({
    name: `mq.search.p${String(percent)}`,
    unit: 'x',
    target: 1 / times,
    against: `runs for 20 requests of which ${String(percent)} % fail, 40 seen before; one for each`,
    measure: () => Promise.resolve(toSerial(percent, seen)),
  });

figure({
  name: 'mq.search.worst',
  unit: 'x',
  target: 1 / 0.95,
  against: 'the same at the worst rate of 0, 5 … 60 %; one for each',
  measure: () => Promise.resolve(worst(60, seen)),
});

figure({
  name: 'mq.search.cold',
  unit: 'x',
  target: 1.15,
  against: 'the same with nothing seen before, at the worst rate of 0, 5 … 100 %; one for each',
  measure: () => Promise.resolve(worst(100, 0)),
});

figure({
  name: 'mq.search.slots2',
  unit: 'x',
  target: 1 / 1.3,
  against: 'time for 20 requests of which 5 % fail with two slots; with one, in runs',
  measure: () => {
    const [one, two] = [1, 2].map((slots) => drawn({ percent: 5, slots, seen }).elapsed);
    if (one === undefined || two === undefined) throw new Error('nothing was played');
    return Promise.resolve({ value: two / one, baseline: one, runs: plays });
  },
});
