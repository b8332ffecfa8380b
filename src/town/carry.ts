import type { Carry, Fuel, Need } from './fuel.ts';
import type { Instant } from './ids.ts';
import type { Seat } from './polecat.ts';

/** Whether an account can carry a need beside all that draws from it already. */
export function carry(fuel: Fuel, seat: Pick<Seat, 'tank' | 'model'>, _need: Need, at: Instant): Carry {
  const { tank } = seat;
  for (const { gauge, left, resetsAt } of Object.values(fuel.tanks[tank]?.gauges ?? {})) {
    if (left <= 0 && (resetsAt === null || resetsAt > at))
      return { ok: false, why: { kind: 'dry', tank, gauge, from: resetsAt } };
  }
  return { ok: true, left: 1, gauge: null };
}
