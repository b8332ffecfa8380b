import { forecastOf } from '../town/forecast.ts';
import { type Fuel, noFuel } from '../town/fuel.ts';
import { gaugeAt } from '../town/gauge.ts';
import { defaultRouting, thresholdsOf } from '../town/routing.ts';
import { type Gauge, type Level, type Tank, levelOf } from '../town/tank.ts';
import { bar, gaugeWords, levelWord, percentLeft } from '../words/tanks.ts';
import { plainEnglish as t } from '../words/translate.ts';
import { misused, notFound } from './commandError.ts';
import type { Colour } from './print/paint.ts';
import type { Reach } from './reach.ts';
import { iso } from './shapes.ts';
import { didYouMean } from './suggest.ts';
import { plain } from '../words/plain.ts';

/** What is known of accounts; nothing where no window runs the rig. Throws `AccountError`. */
export async function fuelOf({ owner, accounts }: Pick<Reach, 'owner' | 'accounts'>): Promise<Fuel> {
  return owner === null ? noFuel : accounts.fuel();
}

/** Accounts in a steady order, by provider. */
export function tanksIn({ tanks }: Fuel): readonly Tank[] {
  return Object.values(tanks).sort((a, b) => order(a.provider, b.provider) || order(a.id, b.id));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The accounts of a provider, or one by its own name. Throws `CommandError` `not_found`. */
export function tanksNamed(fuel: Fuel, name: string): readonly Tank[] {
  const all = tanksIn(fuel);
  const those = all.filter(({ id, provider }) => provider === name || id === name);
  if (those.length > 0) return those;
  const near = didYouMean(name, [...new Set(all.flatMap(({ id, provider }) => [provider, id]))]);
  throw notFound(
    `Nothing is known of a provider ${plain(name, 60)}.${near} \`rigs tank list\` shows what is known.`,
  );
}

/** One account, where a word must not be said of several. Throws `CommandError`. */
export function tankNamed(fuel: Fuel, name: string): Tank {
  const [tank, ...others] = tanksNamed(fuel, name);
  if (tank === undefined) throw notFound(`Nothing is known of a provider ${plain(name, 60)}.`);
  if (others.length > 0)
    throw misused(
      `${plain(name, 60)} has several accounts; name one: ${[tank, ...others].map(({ id }) => plain(id, 60)).join(', ')}.`,
    );
  return tank;
}

/** Filled, half, a quarter, nothing: told apart without any colour. */
const icons: Readonly<Record<Level, string>> = { green: '●', yellow: '◐', red: '◔', empty: '○' };

export const levelColours: Readonly<Record<Level, Colour>> = {
  green: 'green',
  yellow: 'yellow',
  red: 'red',
  empty: 'red',
};

/** `◐ getting low`. */
export function levelText(level: Level): string {
  return `${icons[level]} ${levelWord(level, t)}`;
}

/** `▰▰▰▰▰▰▱▱▱▱ 62% left`. */
export function leftText(left: number): string {
  return `${bar(left)} ${percentLeft(left, t)}`;
}

/** One limit as it shows now. */
export interface ShownGauge {
  readonly tank: Tank;
  readonly told: Gauge;
  readonly gauge: Gauge;
  readonly level: Level;
  readonly name: string;
}

/** The limits of an account, the lowest first. */
export function gaugesOf(reach: Pick<Reach, 'facts' | 'now'>, tank: Tank): readonly ShownGauge[] {
  const thresholds = thresholdsOf(reach.facts().routing ?? defaultRouting, tank.provider);
  return Object.values(tank.gauges)
    .map((told): ShownGauge => {
      const gauge = gaugeAt(told, reach.now());
      const name = gaugeWords(gauge.gauge, gauge.model, t);
      return { tank, told, gauge, level: levelOf(gauge.left, thresholds), name };
    })
    .sort((a, b) => a.gauge.left - b.gauge.left || order(a.name, b.name));
}

export interface GaugeJson {
  readonly window: string;
  readonly model: string | null;
  /** Fractions, 0–1. */
  readonly used: number;
  readonly left: number;
  readonly level: string;
  readonly capacity: number | null;
  readonly certainty: string;
  readonly source: string;
  readonly resetsAt: string | null;
  readonly seenAt: string;
  /** Fraction of the whole an hour; null: not known yet. */
  readonly burnPerHour: number | null;
  readonly dryAt: string | null;
}

export function gaugeJson({ gauge, told, level }: ShownGauge, now: number): GaugeJson {
  const forecast = forecastOf(told, now);
  const { model, left, capacity, certainty, source, resetsAt, at } = gauge;
  return {
    window: gauge.gauge,
    model,
    used: 1 - left,
    left,
    level,
    capacity,
    certainty,
    source,
    resetsAt: resetsAt === null ? null : iso(resetsAt),
    seenAt: iso(at),
    burnPerHour: forecast?.burn ?? null,
    dryAt: forecast?.dryAt?.likely == null ? null : iso(forecast.dryAt.likely),
  };
}
