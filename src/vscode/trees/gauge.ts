import { type Forecast, forecastOf } from '../../town/forecast.ts';
import { gaugeAt } from '../../town/gauge.ts';
import { type Gauge, type Level, type Tank, gaugeKey, levelOf } from '../../town/tank.ts';
import {
  bar,
  burnWords,
  dryWords,
  gaugeWords,
  knownWords,
  levelWord,
  percentLeft,
} from '../../words/tanks.ts';
import { relative } from '../../words/times.ts';
import { thresholdsOf } from '../../town/routing.ts';
import { routingIn } from './fuelView.ts';
import { gaugeIcons } from './look.ts';
import type { Fact, Node } from './node.ts';
import { type View, described, rigViews } from './view.ts';

/** A limit of an account as it is told of everywhere: in its row, in the chart, in the status bar. */
export interface GaugeFace {
  /** As it shows now. */
  readonly gauge: Gauge;
  readonly forecast: Forecast | null;
  readonly level: Level;
  /** `5-hour window`. */
  readonly label: string;
  /** `38% left`. */
  readonly left: string;
  /** Level, what is left, and the rest. */
  readonly inWords: string;
  /** Level, when it is full again, and when it will be empty if it goes on so. */
  readonly rest: string;
  /** The same with all figures. */
  readonly facts: () => readonly Fact[];
}

export function gaugeFace(view: View, provider: string, told: Gauge): GaugeFace {
  const { t, now } = view;
  const gauge = gaugeAt(told, now);
  const level = levelOf(gauge.left, thresholdsOf(routingIn(view), provider));
  const forecast = forecastOf(told, now);
  const left = percentLeft(gauge.left, t);
  const { resetsAt } = gauge;
  const when = resetsAt === null ? '' : t('resets {when}', { when: relative(resetsAt, now, t) });
  const guess = gauge.certainty === 'estimated' ? t('estimated') : '';
  const dry = dryWords(forecast, view.clock, t);
  const outlook = [when, forecast?.dryAt === null ? '' : dry, guess];
  const label = gaugeWords(gauge.gauge, gauge.model, t);
  return {
    gauge,
    forecast,
    level,
    label,
    left,
    inWords: described(levelWord(level, t), left, ...outlook),
    rest: described(levelWord(level, t), ...outlook),
    facts: () => [
      { name: t('Limit'), value: label },
      { name: t('Left'), value: `${left} (${levelWord(level, t)})` },
      { name: t('Size'), value: sizeWords(view, gauge) },
      { name: t('Resets'), value: resetsAt === null ? t('not said') : view.clock(resetsAt) },
      { name: t('Used lately'), value: burnWords(forecast, t) || t('not known yet') },
      { name: t('If it goes on so'), value: dry || t('not known yet') },
      { name: t('Known'), value: knownWords(gauge, now, t) },
    ],
  };
}

/** One limit of an account, as a row. */
export function gaugeNode(
  view: View,
  tank: Pick<Tank, 'id' | 'provider'>,
  told: Gauge,
  parent: string,
): Node {
  const { gauge, level, label, left, inWords, rest, facts } = gaugeFace(view, tank.provider, told);
  return {
    id: `gauge/${parent}/${tank.id}/${gaugeKey(gauge.gauge, gauge.model)}`,
    kind: 'gauge',
    label,
    // A narrow side bar shows the first words only.
    description: `${left} ${bar(gauge.left)} ${rest}`,
    // Ten little squares read out one by one tell nobody anything.
    spoken: `${label}, ${inWords}`,
    icon: gaugeIcons[level],
    subject: { kind: 'gauge', rig: rigViews(view)[0]?.key ?? '', tank: tank.id, gauge: gauge.gauge },
    facts,
  };
}

function sizeWords({ t }: View, { capacity, capacityCertainty }: Gauge): string {
  if (capacity === null) return t('not known yet');
  const size = Math.round(capacity).toLocaleString('en');
  return capacityCertainty === 'measured' ? size : t('about {size}', { size });
}
