import type { Sample } from '../../town/tank.ts';
import { clock } from '../../words/times.ts';
import { json } from '../print/json.ts';
import { table } from '../print/table.ts';
import { iso } from '../shapes.ts';
import { type ShownGauge, gaugesOf, leftText, tanksIn, tanksNamed } from '../tanks.ts';
import { durationOf } from '../values.ts';
import type { Run } from '../verb.ts';

interface Past {
  readonly shown: ShownGauge;
  readonly sample: Sample;
}

const usualPeriod = 24 * 60 * 60 * 1000;

/** `tank history`. */
export const tankHistory: Run = async (reach, asked) => {
  const { given } = asked;
  const fuel = await reach.accounts.fuel();
  const name = given.maybe('provider');
  const tanks = name === null ? tanksIn(fuel) : tanksNamed(fuel, name);
  const period = given.maybe('period');
  const since = reach.now() - (period === null ? usualPeriod : durationOf(period));
  const past = tanks
    .flatMap((tank) => gaugesOf(reach, tank))
    .flatMap((shown) => shown.gauge.samples.map((sample): Past => ({ shown, sample })))
    .filter(({ sample }) => sample.at >= since)
    .sort((a, b) => a.sample.at - b.sample.at);
  if (given.is('json'))
    return json(
      past.map(({ shown: { tank, gauge }, sample: { at, left } }) => {
        return {
          at: iso(at),
          provider: tank.provider,
          account: tank.id,
          window: gauge.gauge,
          model: gauge.model,
          left,
        };
      }),
    );
  if (past.length === 0) return 'Nobody told a level in that time. `rigs tank list` shows what is known now.';
  return table<Past>(
    [
      { head: 'AT', cell: ({ sample }) => clock(sample.at, reach.now()) },
      { head: 'ACCOUNT', cell: ({ shown }) => shown.tank.id },
      { head: 'LIMIT', cell: ({ shown }) => shown.name, gives: true },
      { head: 'LEFT', cell: ({ sample }) => leftText(sample.left) },
    ],
    past,
    asked,
  );
};
