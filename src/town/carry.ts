import type { BudgetUse, Carry, Fuel, Need, Shortage } from './fuel.ts';
import { drawsFrom } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import {
  type Load,
  type Meter,
  addTo,
  endOf,
  fitsFrom,
  leftWith,
  meterOf,
  noLoad,
  shareOf,
} from './meter.ts';
import { breakerAt, paceAt } from './pace.ts';
import type { Seat } from './polecat.ts';
import { freshTank } from './presets.ts';
import type { Tank } from './tank.ts';

type Account = Pick<Seat, 'tank' | 'model'>;

/** Whether accounts can carry needs, one after the other, at one instant. */
export interface Carrier {
  (seat: Account, need: Need): Carry;
  /** Something starts there in this very moment: what is asked next is carried beside it. */
  readonly reserve: (seat: Account, need: Need) => void;
}

/** One account at one instant, with all that starts there meanwhile. */
interface Figures {
  readonly tank: Tank;
  readonly meters: readonly Meter[];
  /** Sessions on it that are kept account of, and those of them by model. */
  running: number;
  readonly byModel: Map<string, Load>;
  /** How many began since the breaker may be tried again. */
  tries: number;
}

/** For many questions at one instant: what is known of a tank is summed up once. */
export function carrier(fuel: Fuel, at: Instant): Carrier {
  const known = new Map<string, Figures>();
  const figures = (id: string): Figures => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const made = figuresOf(fuel.tanks[id] ?? freshTank(id, null), at);
    known.set(id, made);
    return made;
  };
  for (const { tank, model, rest, since, overdue = 0 } of fuel.draws)
    add(figures(tank), { model, need: rest, since, overdue }, at);
  /** Of what starts in this very moment. */
  const begun: Beginning[] = [];
  const ask = ({ tank, model }: Account, need: Need): Carry => {
    const all = figures(tank);
    const why = forbidden(all, model, fuel, begun, at);
    return why === null ? byGauges(all, model, need, at) : { ok: false, why };
  };
  const reserve = ({ tank, model }: Account, need: Need): void => {
    const all = figures(tank);
    add(all, { model, need, since: at, overdue: 0 }, at);
    begun.push({ provider: all.tank.provider, need });
  };
  return Object.assign(ask, { reserve });
}

/** Whether an account can carry a need beside all that draws from it already. */
export function carry(fuel: Fuel, seat: Account, need: Need, at: Instant): Carry {
  return carrier(fuel, at)(seat, need);
}

function figuresOf(tank: Tank, at: Instant): Figures {
  const meters = Object.values(tank.gauges).map((gauge) => meterOf(gauge, at));
  return { tank, meters, running: 0, byModel: new Map(), tries: 0 };
}

/** A session that draws from an account already. */
interface Begun {
  readonly model: string;
  readonly need: Need;
  readonly since: Instant;
  readonly overdue: number;
}

/** What is left of a fraction after some arithmetic. */
const imprecise = 1e-9;
const nothing = { now: 0, next: 0 };
/** So many times what was guessed was given, and the guess was wrong. */
const disproved = 2;

function add(figures: Figures, { model, need, since, overdue }: Begun, at: Instant): void {
  figures.running += 1;
  const { until } = figures.tank.breaker;
  if (until !== null && since >= until) figures.tries += 1;
  const load = figures.byModel.get(model) ?? noLoad();
  figures.byModel.set(model, load);
  addTo(load, nothing, need, at);
  for (const meter of figures.meters)
    if (drawsFrom(meter.gauge.model, model)) addTo(meter.load, shareOf(meter, need, overdue), need, at);
}

interface Beginning {
  readonly provider: string;
  readonly need: Need;
}

/** Whether a budget that an account draws from is used up by what begins in the same moment. */
function isPromised(use: BudgetUse, provider: string, begun: readonly Beginning[]): boolean {
  if (use.scope !== 'day' && !(use.scope === 'provider' && use.of === provider)) return false;
  const those = use.scope === 'day' ? begun : begun.filter((one) => one.provider === provider);
  const more = those.reduce((all, { need }) => all + (use.unit === 'usd' ? (need.usd ?? 0) : need.tokens), 0);
  return use.used + use.promised + more >= use.limit;
}

/** What forbids a launch whatever the gauges show. */
function forbidden(
  figures: Figures,
  model: string,
  { spent, budgets = [] }: Fuel,
  begun: readonly Beginning[],
  at: Instant,
): Shortage | null {
  const { tank, byModel, tries } = figures;
  const no = (kind: Shortage['kind'], from: Instant | null): Shortage => {
    return { kind, tank: tank.id, gauge: null, from };
  };
  if (tank.problem !== null) return no('problem', null);
  const isSpent = spent.some(
    ({ scope, of }) => scope === 'day' || (scope === 'provider' && of === tank.provider),
  );
  if (isSpent || budgets.some((one) => isPromised(one, tank.provider, begun))) return no('budget', null);
  const breaker = breakerAt(tank.breaker, at);
  if (breaker === 'open') return no('breaker', tank.breaker.until);
  if (breaker === 'half' && tries > 0) return no('breaker', null);
  const pace = paceAt(tank.paces[model], at);
  const load = byModel.get(model);
  return pace !== null && load !== undefined && load.count >= pace ? no('pace', endOf(load)) : null;
}

function byGauges(figures: Figures, model: string, need: Need, at: Instant): Carry {
  let lowest: { left: number; gauge: string | null } = { left: 1, gauge: null };
  let worst: Shortage | null = null;
  for (const meter of figures.meters) {
    if (!drawsFrom(meter.gauge.model, model)) continue;
    const answer = byGauge(figures, meter, need, at);
    if (!answer.ok) worst = later(worst, answer.why);
    else if (answer.left < lowest.left) lowest = { left: answer.left, gauge: meter.gauge.gauge };
  }
  return worst === null ? { ok: true, ...lowest } : { ok: false, why: worst };
}

/** Every gauge must carry it, so the one that takes longest says from when. */
function later(a: Shortage | null, b: Shortage): Shortage {
  if (a === null || b.from === null) return b;
  return a.from !== null && b.from > a.from ? b : a;
}

function byGauge(figures: Figures, meter: Meter, need: Need, at: Instant): Carry {
  const { gauge, kind, there, load, isGuess } = meter;
  const { gauge: name, left, resetsAt } = gauge;
  const yes = (fraction: number): Carry => ({ ok: true, left: Math.max(0, fraction), gauge: name });
  const no = (why: Shortage['kind'], from: Instant | null): Carry => {
    return { ok: false, why: { kind: why, tank: figures.tank.id, gauge: name, from } };
  };
  const isRate = kind.refill === 'steadily';
  const isEmpty = left <= 0 && gauge.certainty !== 'estimated';
  if (isEmpty && (!isRate || gauge.source === 'limitError')) return no(isRate ? 'pace' : 'dry', resetsAt);
  if (kind.counts === 'agents')
    return there !== null && load.count + 1 > there ? no('pace', endOf(load)) : yes(1);
  const after = leftWith(meter, need);
  if (after !== null && after >= -imprecise) return yes(isRate ? 1 : after);
  // A rate slows down what runs alone on it, and stops nothing.
  if (isRate) return load.count === 0 ? yes(1) : no('pace', endOf(load));
  // A vendor that gave so much more than was guessed says nothing of such a window, and a wrong guess holds nobody up.
  if (gauge.certainty === 'estimated' && gauge.drawn > (gauge.capacity ?? 0) * disproved) return yes(0);
  // A wrong guess costs one session and not the day.
  if (isGuess || after === null) return figures.running === 0 ? yes(0) : no('probing', endOf(load));
  // What takes more than a whole window would never begin.
  if (load.count === 0 && left >= 1) return yes(0);
  return no('dry', fitsFrom(meter, need, at));
}
