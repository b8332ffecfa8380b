import type { Usage } from './bead.ts';
import type { TankNews } from './fuel.ts';
import { gaugeName } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import { fraction, tidyReading } from './tidyReading.ts';

const longestName = 200;
const longestDetail = 500;
const mostReadings = 20;
const hugest = 1e13;
const minute = 60_000;
const longestLimitMs = 62 * 24 * 60 * minute;

/** News as they may be kept, whatever a vendor, its files or its agents said; null: nothing in them makes sense. */
export function tidyNews(news: TankNews, at: Instant): TankNews | null {
  if (!namesOf(news).every(isName)) return null;
  switch (news.kind) {
    case 'read': {
      const readings = news.readings.slice(0, mostReadings).flatMap((one) => tidyReading(one, at) ?? []);
      return readings.length === 0 ? null : { ...news, readings };
    }
    case 'drew':
      return { ...news, usage: tidyUsage(news.usage), requests: amount(news.requests) };
    case 'limited': {
      const gauge = news.gauge === null ? null : gaugeName(news.gauge);
      return { ...news, gauge, until: tidyUntil(news.until, at) };
    }
    case 'failed':
    case 'refused':
      return { ...news, detail: news.detail.slice(0, longestDetail) };
    case 'raised': {
      const { of, limit } = news;
      const isGood = Number.isFinite(limit) && limit > 0 && (of?.length ?? 0) <= longestName;
      return isGood ? { ...news, limit: Math.min(hugest, limit) } : null;
    }
    case 'finished':
      return { ...news, tokens: amount(news.tokens) };
    case 'set': {
      const left = fraction(news.left);
      const gauge = news.gauge === null ? null : gaugeName(news.gauge);
      return left === null || (gauge === null && news.gauge !== null) ? null : { ...news, gauge, left };
    }
    default:
      return news;
  }
}

/** Names become members of records. */
function namesOf(news: TankNews): readonly unknown[] {
  const { tank, provider, model, rig, polecat } = news as Partial<Record<string, unknown>>;
  const once = news.kind === 'finished' ? news.once : undefined;
  return [tank, provider, model, rig, polecat, once].filter((one) => one !== undefined && one !== null);
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name.length <= longestName && !(name in {});
}

/** An instant that has passed is a clock that differs. */
function tidyUntil(until: Instant | null, at: Instant): Instant | null {
  if (until === null || !Number.isFinite(until)) return null;
  return Math.min(at + longestLimitMs, Math.max(at + minute, until));
}

function tidyUsage({ input, cachedInput, output }: Usage): Usage {
  return { input: amount(input), cachedInput: amount(cachedInput), output: amount(output) };
}

function amount(value: number): number {
  return Number.isFinite(value) ? Math.min(hugest, Math.max(0, value)) : 0;
}
