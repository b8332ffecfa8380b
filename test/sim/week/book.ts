import { type AccountState, emptyAccount, foldAccount, fuelOf, tell } from '../../../src/town/account.ts';
import type { Fuel, Need, TankNews } from '../../../src/town/fuel.ts';
import type { Instant, PolecatId, Token } from '../../../src/town/ids.ts';
import type { Seat } from '../../../src/town/polecat.ts';

const rig = 'week';
const holder = { id: 'h', pid: 1, startTime: 's', boot: 'b', pidSpace: 'p', machine: 'm' };

/** What the person's account knows: the real fold of what it is told, and the places that sessions have. */
export class Book {
  #state: AccountState = emptyAccount;

  tell(news: readonly TankNews[], at: Instant): void {
    for (const event of tell(this.#state, news, at).events) this.#state = foldAccount(this.#state, event);
  }

  fuel(at: Instant): Fuel {
    return fuelOf(this.#state, Object.values(this.#state.reservations), at);
  }

  reserve(polecat: PolecatId, token: Token, { tank, model }: Seat, need: Need | null, at: Instant): void {
    const session = { rig, polecat, token, tank, model, need, spool: null, agent: null };
    this.#state = foldAccount(this.#state, {
      type: 'reservation.made',
      reservation: { ...session, holder, at },
    });
  }

  release(polecat: PolecatId, token: Token): void {
    const key = { rig, polecat, token };
    this.#state = foldAccount(this.#state, { type: 'reservation.released', key, cause: 'released' });
  }
}
