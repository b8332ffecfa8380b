import { plain } from './text.ts';
import { nameOf } from '../words/nameOf.ts';
import { percentOf } from '../words/tanks.ts';
import { type LowestTank, lowestTank } from './lowestTank.ts';
import type { View } from './trees/view.ts';

/** What the status bar says of tanks. */
export interface TankItem {
  readonly text: string;
  readonly tooltip: string;
  /** For a screen reader. */
  readonly label: string;
  /** Work waits, and there is hardly anything left for it. */
  readonly warns: boolean;
}

/** Null: nothing is known of any account that matters. */
export function tankItem(view: View): TankItem | null {
  const lowest = lowestTank(view);
  if (lowest === null) return null;
  const { t } = view;
  const { face, use } = lowest;
  const name = nameOf(lowest.tank);
  const tank = plain(name, 24);
  const title = `${name}, ${face.label}: ${face.inWords}`;
  return {
    text: `$(dashboard) ${tank} ${shortWords(view, lowest)}`,
    tooltip: [
      title,
      useWords(view, use),
      '',
      ...face.facts().map(({ name, value }) => `${name}: ${value}`),
    ].join('\n'),
    label: t('Rigs, lowest tank: {tank}. {use}', { tank: title, use: useWords(view, use) }),
    warns: use === 'waits' && (face.level === 'red' || face.level === 'empty'),
  };
}

function shortWords({ t, clock }: View, { face: { gauge, level } }: LowestTank): string {
  if (level !== 'empty') return `${String(percentOf(gauge.left))}%`;
  return gauge.resetsAt === null ? t('empty') : t('empty until {time}', { time: clock(gauge.resetsAt) });
}

function useWords({ t }: View, use: LowestTank['use']): string {
  switch (use) {
    case 'waits':
      return t('The lowest of those that waiting beads may draw from');
    case 'works':
      return t('The lowest of those that agents draw from now');
    case 'known':
      return t('The lowest of your accounts');
  }
}
