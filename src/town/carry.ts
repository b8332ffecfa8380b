import type { Carry, Fuel, Need } from './fuel.ts';
import type { Instant } from './ids.ts';
import type { Seat } from './polecat.ts';

/** Whether accounts can carry needs, one after the other, at one instant. */
export interface Carrier {
  (seat: Pick<Seat, 'tank' | 'model'>, need: Need): Carry;
  /** Something starts there in this very moment: what is asked next is carried beside it. */
  readonly reserve: (seat: Pick<Seat, 'tank' | 'model'>, need: Need) => void;
}

/** For many questions at one instant: what is known of a tank is summed up once. */
export function carrier(fuel: Fuel, at: Instant): Carrier {
  const ask = ({ tank }: Pick<Seat, 'tank' | 'model'>, _need: Need): Carry => {
    for (const { gauge, left, resetsAt } of Object.values(fuel.tanks[tank]?.gauges ?? {})) {
      if (left <= 0 && (resetsAt === null || resetsAt > at))
        return { ok: false, why: { kind: 'dry', tank, gauge, from: resetsAt } };
    }
    return { ok: true, left: 1, gauge: null };
  };
  return Object.assign(ask, { reserve: () => undefined });
}

/** Whether an account can carry a need beside all that draws from it already. */
export function carry(fuel: Fuel, seat: Pick<Seat, 'tank' | 'model'>, need: Need, at: Instant): Carry {
  return carrier(fuel, at)(seat, need);
}
