import { forecastOf } from '../../town/forecast.ts';
import type { Fuel } from '../../town/fuel.ts';
import type { Tank } from '../../town/tank.ts';
import { plain } from '../../words/plain.ts';
import { burnWords, dryWords, heldBackWords, knownWords } from '../../words/tanks.ts';
import { clock, relative } from '../../words/times.ts';
import { plainEnglish as t } from '../../words/translate.ts';
import { fields, parts, section } from '../print/lines.ts';
import type { Reach } from '../reach.ts';
import { gaugesOf, leftText, levelText } from '../tanks.ts';

/** All about one account, limit by limit. */
export function tankText(reach: Reach, tank: Tank, fuel: Fuel): string {
  const now = reach.now();
  const at = (when: number): string => clock(when, now);
  const draws = fuel.draws.filter((one) => one.tank === tank.id);
  const reserved = draws.reduce((sum, { rest }) => sum + Math.max(0, rest.tokens), 0);
  return parts(
    plain(tank.id, 60),
    fields([
      ['provider', tank.provider],
      ['held back', heldBackWords(tank, now, at, t)],
      [
        'at work',
        draws.length === 0
          ? ''
          : `${String(draws.length)} on it, of all your rigs; up to ${reserved.toLocaleString('en')} tokens are kept for them`,
      ],
    ]),
    ...gaugesOf(reach, tank).map(({ name, gauge, told, level }) => {
      const forecast = forecastOf(told, now);
      return section(
        name,
        fields([
          ['level', levelText(level)],
          ['left', leftText(gauge.left)],
          [
            'size',
            gauge.capacity === null
              ? ''
              : `${gauge.capacity.toLocaleString('en')}, ${gauge.capacityCertainty}`,
          ],
          [
            'resets',
            gauge.resetsAt === null ? '' : `${relative(gauge.resetsAt, now, t)} (${at(gauge.resetsAt)})`,
          ],
          ['burn', burnWords(forecast, t)],
          ['if it goes on so', dryWords(forecast, at, t)],
          ['known', knownWords(gauge, now, t)],
        ]),
      );
    }),
  );
}
