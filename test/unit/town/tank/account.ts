import {
  type AccountState,
  type Reservation,
  emptyAccount,
  foldAccount,
  fuelOf,
  release,
  reserve,
  tell,
} from '../../../../src/town/account.ts';
import type { Need, TankNews } from '../../../../src/town/fuel.ts';
import { gaugesAt } from '../../../../src/town/gauge.ts';
import type { BeadId, PolecatId } from '../../../../src/town/ids.ts';
import type { Gauge, Reading } from '../../../../src/town/tank.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** Some day. */
export const start = 1_790_000_000_000;

const holder = { id: 'w', pid: 1, startTime: 's', boot: 'b', pidSpace: 's', machine: 'm' };

/** A person's account in memory, with its clock. */
export class Account {
  at = start;
  state: AccountState = emptyAccount;
  /** How many lines a journal would have. */
  lines = 0;

  tell(...news: readonly TankNews[]): void {
    const { events } = tell(this.state, news, this.at);
    this.state = events.reduce(foldAccount, this.state);
    if (events.length > 0) this.lines += 1;
  }

  reads(used: number | null, more: Partial<Reading> = {}, tank = 'claude-code'): void {
    this.tell({ kind: 'read', tank, provider: 'claude', readings: [reading(used, more)] });
  }

  draws(
    token: number,
    tokens: number,
    more: { requests?: number; model?: string; tank?: string } = {},
  ): void {
    const { requests = 0, model = 'sonnet', tank = 'claude-code' } = more;
    this.tell({
      ...{ kind: 'drew', rig: 'r', polecat: polecat(token), token, tank, provider: 'claude', model },
      ...{ bead: 'gt-00001' as BeadId, convoy: null, type: 'test', role: 'agent', requests },
      usage: { input: tokens, cachedInput: tokens * 9, output: 0 },
    });
  }

  reserve(token: number, need: Need | null, tank = 'claude-code', model = 'sonnet'): string | null {
    const place = { ...placeOf(token), tank, model, need, at: this.at };
    const { events, answer } = reserve(this.state, place, 1_000, []);
    this.state = events.reduce(foldAccount, this.state);
    if (answer.granted) return null;
    return 'shortage' in answer ? answer.shortage.kind : 'limit';
  }

  release(token: number): void {
    const { events } = release(this.state, placeOf(token));
    this.state = events.reduce(foldAccount, this.state);
  }

  get fuel(): ReturnType<typeof fuelOf> {
    return fuelOf(this.state, Object.values(this.state.reservations), this.at);
  }

  gauge(name: string, tank = 'claude-code'): Gauge | undefined {
    const found = this.state.tanks[tank];
    return found === undefined ? undefined : gaugesAt(found, this.at).find((one) => one.gauge === name);
  }

  left(name: string, tank = 'claude-code'): number | undefined {
    return this.gauge(name, tank)?.left;
  }
}

export function reading(used: number | null, more: Partial<Reading> = {}): Reading {
  return { gauge: '5h', model: null, used, capacity: null, resetsAt: null, source: 'headers', ...more };
}

export function need(tokens: number, ms = 20 * minute): Need {
  return { tokens, requests: Math.ceil(tokens / 2_500), usd: null, ms };
}

function polecat(token: number): PolecatId {
  return `nux-${String(token)}` as PolecatId;
}

function placeOf(token: number): Reservation {
  return {
    ...{ rig: 'r', polecat: polecat(token), token, tank: 'claude-code', model: 'sonnet', need: null },
    ...{ spool: null, agent: null, holder, at: 0 },
  };
}
