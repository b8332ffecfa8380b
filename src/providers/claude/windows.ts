import type { Reading } from '../../town/tank.ts';

/** `five_hour`, `seven_day`, and `seven_day_opus` of a class of models; any other window keeps its name. */
export function windowOf(name: string): Pick<Reading, 'gauge' | 'model'> {
  if (name === 'five_hour') return { gauge: '5h', model: null };
  const weekly = /^seven_day(?:_(\w+))?$/.exec(name);
  return weekly === null ? { gauge: name, model: null } : { gauge: 'weekly', model: weekly[1] ?? null };
}
