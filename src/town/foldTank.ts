import type { Usage } from './bead.ts';
import type { TankNews } from './fuel.ts';
import { drawn, emptied, gaugeAt, told } from './gauge.ts';
import { drawnFrom, drawsFrom, kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import { limitedGauge } from './limitedGauge.ts';
import { afterError, closedBreaker, faster, slower } from './pace.ts';
import { type Gauge, type Pace, type Reading, type Tank, type TankProblem, gaugeKey } from './tank.ts';

/** News about one account; what a session drew is folded by `drawnBy`. */
export type OfTank = Exclude<TankNews, { kind: 'finished' | 'forgotLearned' | 'drew' | 'raised' }>;

type Refused = Extract<TankNews, { kind: 'refused' }>;

/** Accounts have few limits; what names more of them is no account. */
const mostNames = 40;
const sameLimitMs = 60_000;
/** After this many lengths of its window nobody shows a gauge any more. */
const forgottenAfter = 2;

/** `running`: how many sessions run on a model of it. The same tank: nothing changed. */
export function foldTank(tank: Tank, news: OfTank, at: Instant, running: (model: string) => number): Tank {
  switch (news.kind) {
    case 'read':
      return read(tank, news.readings, at);
    case 'limited': {
      const gauge = limitedGauge(tank, news, at);
      return isSaid(gauge, news.until, at) ? tank : withGauge(tank, emptied(gauge, news.until, at));
    }
    case 'throttled': {
      const { model } = news;
      const pace = tank.paces[model];
      if (pace === undefined && Object.keys(tank.paces).length >= mostNames) return tank;
      const next = slower(pace, running(model), at);
      return next === pace ? tank : withPace(tank, model, next);
    }
    case 'answered':
      return answered(tank, news.model, at);
    case 'failed': {
      const breaker = afterError(tank.breaker, at);
      return breaker === tank.breaker ? tank : { ...tank, breaker };
    }
    case 'refused':
      return isOfOldKey(tank, news, at) ? tank : refused(tank, news, at);
    case 'asked':
      return isUnderWay(tank, at) ? tank : { ...tank, asked: { by: news.by, at } };
    case 'set':
      return set(tank, news.gauge, news.left, at);
    case 'mended':
      return mended(tank, at);
  }
}

function refused(tank: Tank, { problem: kind, detail }: Refused, at: Instant): Tank {
  // Who knows no more than that it is kept out takes nothing back of what was said.
  const isKnown = tank.problem !== null && (detail === '' || same(tank.problem, { kind, detail }));
  return isKnown ? tank : { ...tank, problem: { kind, detail, at } };
}

/** Whoever ran before it was mended goes on with what it had then, and tells nothing of what is good now. */
function isOfOldKey({ mended }: Tank, { since }: Refused, at: Instant): boolean {
  // A clock that was set back silences nobody who began after it.
  return mended !== undefined && since !== undefined && since < mended && mended <= at;
}

function same(a: Pick<TankProblem, 'kind' | 'detail'>, b: Pick<TankProblem, 'kind' | 'detail'>): boolean {
  return a.kind === b.kind && a.detail === b.detail;
}

/** So long one question keeps others from asking the same. */
const questionMs = 30_000;

function isUnderWay({ asked }: Tank, at: Instant): boolean {
  return asked !== undefined && Math.abs(at - asked.at) < questionMs;
}

/** A session drew this much more of a model. */
export function drawnBy(
  tank: Tank,
  model: string,
  more: { readonly usage: Usage; readonly requests: number },
  at: Instant,
): Tank {
  return Object.values(tank.gauges).reduce((sofar, gauge) => {
    if (!drawsFrom(gauge.model, model)) return sofar;
    const amount = drawnFrom(kindOf(gauge.gauge), more.usage, more.requests);
    return amount > 0 ? withGauge(sofar, drawn(gauge, amount, at)) : sofar;
  }, tank);
}

function read(tank: Tank, readings: readonly Reading[], at: Instant): Tank {
  if (readings.length === 0) return tank;
  // Who refuses names the limit that was met, and says nothing of the others.
  const tellsAll = readings.some(({ source }) => source !== 'limitError');
  const shown = new Set(readings.map(({ gauge, model }) => gaugeKey(gauge, model)));
  const kept = Object.entries(tank.gauges).filter(
    ([key, gauge]) =>
      shown.has(key) || (gauge.certainty !== 'estimated' && !(tellsAll && isForgotten(gauge, at))),
  );
  const before: Tank = { ...tank, gauges: Object.fromEntries(kept) };
  return readings.reduce((sofar, reading) => {
    const key = gaugeKey(reading.gauge, reading.model);
    // What is kept of a preset is its size: what it was taken for while nobody knew better.
    return withGauge(sofar, told(sofar.gauges[key] ?? null, reading, at));
  }, before);
}

/** Every session of an account meets the same limit. */
function isSaid(gauge: Gauge, until: Instant | null, at: Instant): boolean {
  const { left, source, resetsAt } = gaugeAt(gauge, at);
  if (left > 0 || source !== 'limitError' || resetsAt === null) return false;
  return until === null || Math.abs(resetsAt - until) < sameLimitMs;
}

function isForgotten(gauge: Gauge, at: Instant): boolean {
  const { window } = kindOf(gauge.gauge);
  return window !== null && at - gauge.at > window * forgottenAfter && gaugeAt(gauge, at).left >= 1;
}

function answered(tank: Tank, model: string, at: Instant): Tank {
  const { [model]: pace, ...others } = tank.paces;
  const isWell = tank.breaker.errors === 0 && tank.problem === null;
  const well = isWell ? tank : { ...tank, breaker: closedBreaker, problem: null };
  if (pace === undefined) return well;
  const next = faster(pace, at);
  return { ...well, paces: next === undefined ? others : { ...others, [model]: next } };
}

/** A person says what is left: of one gauge, or of all that do not fill up by themselves. */
function set(tank: Tank, gauge: string | null, left: number, at: Instant): Tank {
  const reading = (name: string, model: string | null, resetsAt: Instant | null): Reading => {
    return { gauge: name, model, used: 1 - left, capacity: null, resetsAt, source: 'person' };
  };
  const meant = Object.values(tank.gauges).filter((one) =>
    gauge === null ? kindOf(one.gauge).refill !== 'steadily' : one.gauge === gauge,
  );
  if (meant.length === 0 && gauge !== null)
    return withGauge(tank, told(null, reading(gauge, null, null), at));
  return meant.reduce((sofar, one) => {
    const now = gaugeAt(one, at);
    const next = told({ ...now, samples: [] }, reading(now.gauge, now.model, now.resetsAt), at);
    return withGauge(sofar, next);
  }, tank);
}

/** It is to be tried again: what only a limit error said to be empty is a guess from now on. */
function mended(tank: Tank, at: Instant): Tank {
  const empty = Object.values(tank.gauges).filter(
    (gauge) => gauge.source === 'limitError' && gaugeAt(gauge, at).left <= 0,
  );
  const tried = empty.reduce(
    (sofar, gauge) => withGauge(sofar, { ...gauge, certainty: 'estimated', source: 'person' }),
    tank,
  );
  return { ...tried, breaker: closedBreaker, problem: null, mended: at };
}

function withGauge(tank: Tank, gauge: Gauge): Tank {
  const key = gaugeKey(gauge.gauge, gauge.model);
  const isNew = !Object.hasOwn(tank.gauges, key);
  if (isNew && Object.keys(tank.gauges).length >= mostNames) return tank;
  if (tank.gauges[key] === gauge) return tank;
  return { ...tank, gauges: { ...tank.gauges, [key]: gauge } };
}

function withPace(tank: Tank, model: string, pace: Pace): Tank {
  return { ...tank, paces: { ...tank.paces, [model]: pace } };
}
