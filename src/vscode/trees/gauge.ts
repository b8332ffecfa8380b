import { forecastOf } from '../../town/forecast.ts';
import { gaugeAt } from '../../town/gauge.ts';
import { type Gauge, type Tank, gaugeKey, levelOf } from '../../town/tank.ts';
import {
  bar,
  burnWords,
  certaintyWords,
  dryWords,
  gaugeWords,
  levelWord,
  percentLeft,
} from '../../words/tanks.ts';
import { relative } from '../../words/times.ts';
import { thresholdsOf } from './fuelView.ts';
import { gaugeIcons } from './look.ts';
import type { Node } from './node.ts';
import { type View, described, rigViews } from './view.ts';

/** One limit of an account: how much is left, when it is full again, and when it will be empty if it goes on so. */
export function gaugeNode(
  view: View,
  tank: Pick<Tank, 'id' | 'provider'>,
  told: Gauge,
  parent: string,
): Node {
  const { t, now } = view;
  const gauge = gaugeAt(told, now);
  const level = levelOf(gauge.left, thresholdsOf(view, tank.provider));
  const forecast = forecastOf(told, now);
  const left = percentLeft(gauge.left, t);
  const { resetsAt } = gauge;
  const when = resetsAt === null ? '' : t('resets {when}', { when: relative(resetsAt, now, t) });
  const guess = gauge.certainty === 'estimated' ? t('estimated') : '';
  const dry = dryWords(forecast, view.clock, t);
  const label = gaugeWords(gauge.gauge, gauge.model, t);
  const inWords = described(levelWord(level, t), left, when, forecast?.dryAt === null ? '' : dry, guess);
  return {
    id: `gauge/${parent}/${tank.id}/${gaugeKey(gauge.gauge, gauge.model)}`,
    kind: 'gauge',
    label,
    description: `${bar(gauge.left)} ${inWords}`,
    // Ten little squares read out one by one tell nobody anything.
    spoken: `${label}, ${inWords}`,
    icon: gaugeIcons[level],
    subject: { kind: 'gauge', rig: rigViews(view)[0]?.key ?? '', tank: tank.id, gauge: gauge.gauge },
    facts: () => [
      { name: t('Limit'), value: label },
      { name: t('Left'), value: `${left} (${levelWord(level, t)})` },
      { name: t('Size'), value: sizeWords(view, gauge) },
      { name: t('Resets'), value: resetsAt === null ? t('not said') : view.clock(resetsAt) },
      { name: t('Used lately'), value: burnWords(forecast, t) || t('not known yet') },
      { name: t('If it goes on so'), value: dry || t('not known yet') },
      { name: t('Known'), value: `${certaintyWords(gauge, t)}, ${relative(gauge.at, now, t)}` },
    ],
  };
}

function sizeWords({ t }: View, { capacity, capacityCertainty }: Gauge): string {
  if (capacity === null) return t('not known yet');
  const size = Math.round(capacity).toLocaleString('en');
  return capacityCertainty === 'measured' ? size : t('about {size}', { size });
}
