import { relative } from '../../words/times.ts';
import { plain } from '../text.ts';
import type { Gauge } from '../townAgents.ts';
import { gaugeIcons } from './look.ts';
import type { Node } from './node.ts';
import { type View, described } from './view.ts';

/** Levels of what remains; exactly at a threshold counts as the better one. */
const red = 0.1;
const yellow = 0.25;

type Level = keyof typeof gaugeIcons;

function levelOf(remaining: number): Level {
  if (remaining <= 0) return 'empty';
  if (remaining < red) return 'red';
  return remaining < yellow ? 'yellow' : 'green';
}

/** One limit window of an account: how much is left, and when it is full again. */
export function gaugeNode(view: View, gauge: Gauge, parent: string): Node {
  const { t, now } = view;
  const remaining = Math.min(1, Math.max(0, 1 - gauge.used));
  const left = t('{percent}% left', { percent: Math.round(remaining * 100) });
  const resets = gauge.resetsAt;
  const when = resets === null || resets <= now ? '' : relative(resets, now, t);
  return {
    id: `gauge/${parent}/${gauge.tank}/${gauge.window}`,
    kind: 'gauge',
    label: plain(gauge.window, 40),
    description: described(left, when === '' ? '' : t('resets {when}', { when })),
    icon: gaugeIcons[levelOf(remaining)],
    facts: () => [
      { name: t('Window'), value: gauge.window },
      { name: t('Left'), value: left },
      { name: t('Resets'), value: resets === null ? t('not said') : view.clock(resets) },
    ],
  };
}
