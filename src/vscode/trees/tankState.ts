import { gaugeAt, lowestOf } from '../../town/gauge.ts';
import { type Tank, levelOf } from '../../town/tank.ts';
import { plain } from '../text.ts';
import { gaugeWords, levelWord, percentLeft } from '../../words/tanks.ts';
import { thresholdsOf } from '../../town/routing.ts';
import { routingIn } from './fuelView.ts';
import { gaugeNode } from './gauge.ts';
import type { Node } from './node.ts';
import { type View, described } from './view.ts';

/** What keeps work out of an account though its gauges would give; empty when nothing does. */
export function heldBack({ t, now, clock }: View, { problem, breaker }: Tank): string {
  const detail = plain(problem?.detail ?? '', 120);
  if (problem?.kind === 'auth')
    return detail === '' ? t('does not let Rigs in') : t('does not let Rigs in: {detail}', { detail });
  if (problem?.kind === 'credit')
    return detail === '' ? t('has no credit') : t('has no credit: {detail}', { detail });
  if (breaker.until !== null && breaker.until > now)
    return t('left alone until {time} after {count} errors in a row', {
      time: clock(breaker.until),
      count: breaker.errors,
    });
  return '';
}

/** `5-hour window 62% left`: the gauge that decides; empty when none is known. */
export function lowestWords(view: View, tank: Tank): string {
  const lowest = lowestOf(tank, view.now);
  if (lowest === null) return '';
  const { left } = gaugeAt(lowest, view.now);
  const level = levelOf(left, thresholdsOf(routingIn(view), tank.provider));
  const words = `${gaugeWords(lowest.gauge, lowest.model, view.t)} ${percentLeft(left, view.t)}`;
  return level === 'green' ? words : described(words, levelWord(level, view.t));
}

/** The gauges of an account, the lowest first. */
export function tankChildren(view: View, tank: Tank, parent: string): readonly Node[] {
  return Object.values(tank.gauges)
    .toSorted((a, b) => gaugeAt(a, view.now).left - gaugeAt(b, view.now).left || (a.gauge < b.gauge ? -1 : 1))
    .map((gauge) => gaugeNode(view, tank, gauge, parent));
}
