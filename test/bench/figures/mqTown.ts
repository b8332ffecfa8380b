import { type Measurement, figure } from '../figure.ts';
import { requests } from '../mergeQueue/drawn.ts';
import { townDrawn, townPlays } from '../mergeQueue/townDrawn.ts';

/** What the queue decided before: enough to have an idea of the rate. */
const seen = 40;

function toSerial(percent: number, known: number): Measurement {
  const { runs } = townDrawn({ percent, slots: 1, seen: known });
  return { value: runs / requests, baseline: requests, runs: townPlays };
}

function worst(): Measurement {
  const all = Array.from({ length: 11 }, (_, step) => toSerial(step * 10, 0));
  return all.reduce((one, other) => (other.value > one.value ? other : one));
}

figure({
  name: 'mq.town.p5',
  unit: 'x',
  target: 1 / 3,
  against: 'runs of the whole town for 20 requests of which 5 % fail, 40 seen before; one for each',
  measure: () => Promise.resolve(toSerial(5, seen)),
});

figure({
  name: 'mq.town.cold',
  unit: 'x',
  target: 1.15,
  against: 'the same with nothing seen before, at the worst rate of 0, 10 … 100 %; one for each',
  measure: () => Promise.resolve(worst()),
});

figure({
  name: 'mq.town.slots2',
  unit: 'x',
  target: 1 / 1.3,
  against: 'time of the whole town for 20 requests of which 5 % fail with two slots; with one, in runs',
  measure: () => {
    const [one, two] = [1, 2].map((slots) => townDrawn({ percent: 5, slots, seen }).elapsed);
    if (one === undefined || two === undefined) throw new Error('nothing was played');
    return Promise.resolve({ value: two / one, baseline: one, runs: townPlays });
  },
});
