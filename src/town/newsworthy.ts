import type { TankNews } from './fuel.ts';
import { gaugeAt } from './gauge.ts';
import { kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import type { Gauge, Tank } from './tank.ts';

/** What moves a gauge by less need not be kept each time. */
const smallMove = 0.01;
/** One that fills up all the time moves all the time. */
const smallMoveOfRate = 0.1;
const quietMs = 30_000;
/** One that does not move at all. */
const stillMs = 5 * 60_000;
const sameReset = 60_000;

/** Whether what a tank became by news is worth a line in a journal that many status lines feed. */
export function isNewsworthy(
  before: Tank | undefined,
  after: Tank | undefined,
  news: TankNews,
  at: Instant,
): boolean {
  if (news.kind !== 'read' || before === undefined || after === undefined) return true;
  const [was, is] = [Object.keys(before.gauges), Object.keys(after.gauges)];
  if (before.provider !== after.provider || was.length !== is.length) return true;
  return Object.entries(after.gauges).some(([key, gauge]) => hasMoved(before.gauges[key], gauge, at));
}

function hasMoved(before: Gauge | undefined, after: Gauge, at: Instant): boolean {
  if (before === after) return false;
  if (before?.certainty !== after.certainty) return true;
  if (before.capacityCertainty !== 'measured' && after.capacityCertainty === 'measured') return true;
  if (after.capacityCertainty === 'measured' && before.capacity !== after.capacity) return true;
  const was = gaugeAt(before, at);
  if (!isSameReset(was.resetsAt, after.resetsAt) && kindOf(after.gauge).refill !== 'steadily') return true;
  const move = Math.abs(was.left - after.left);
  if (after.left <= 0 !== was.left <= 0) return true;
  if (move >= (kindOf(after.gauge).refill === 'steadily' ? smallMoveOfRate : smallMove)) return true;
  const isStill = move === 0 && before.drawn === 0;
  return Math.abs(at - before.at) >= (isStill ? stillMs : quietMs);
}

function isSameReset(a: Instant | null, b: Instant | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) <= sameReset;
}
