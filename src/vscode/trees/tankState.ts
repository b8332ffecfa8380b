import { gaugeAt, lowestOf } from '../../town/gauge.ts';
import { type Tank, levelOf } from '../../town/tank.ts';
import { gaugeWords, levelWord, percentLeft } from '../../words/tanks.ts';
import { thresholdsOf } from '../../town/routing.ts';
import { routingIn } from './fuelView.ts';
import { gaugeNode } from './gauge.ts';
import type { Node } from './node.ts';
import { type View, described } from './view.ts';

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
