import { type Gauge, type Tank, gaugeKey } from './tank.ts';

interface Preset {
  readonly provider: string;
  /** In the gauge's unit. */
  readonly gauges: Readonly<Record<string, number>>;
}

const gemini: Preset = { provider: 'gemini', gauges: { 'tokens/day': 1_000_000, 'requests/min': 15 } };

/**
 * What accounts are taken to hold until their vendor has spoken, by tank. A command line's tank bears the name of its
 * runner, an API's that of its provider. Guesses of the first Rigs, not vendors' figures.
 */
const presets: ReadonlyMap<string, Preset> = new Map([
  ['claude-code', { provider: 'claude', gauges: { '5h': 88_000, weekly: 500_000 } }],
  ['codex', { provider: 'codex', gauges: { '5h': 50_000, 'requests/min': 60 } }],
  ['gemini-cli', gemini],
  ['gemini', gemini],
  ['deepseek', { provider: 'deepseek', gauges: { 'tokens/day': 10_000_000, 'requests/min': 60 } }],
]);

/** A tank of which nothing was heard; `provider` null: as its preset says. */
export function freshTank(id: string, provider: string | null): Tank {
  const preset = presets.get(id);
  return {
    id,
    provider: provider ?? preset?.provider ?? id,
    gauges: Object.fromEntries(
      Object.entries(preset?.gauges ?? {}).map(([gauge, capacity]) => [
        gaugeKey(gauge, null),
        presetGauge(gauge, capacity),
      ]),
    ),
    paces: {},
    breaker: { errors: 0, trips: 0, until: null },
    problem: null,
  };
}

/** Whether an account is counted in windows of hours and weeks, as subscriptions are, of which a vendor's key is none. */
export function isInWindows({ id, provider }: Pick<Tank, 'id' | 'provider'>): boolean {
  const own = presets.get(id);
  const others = id === provider ? [] : [...presets.values()].filter((one) => one.provider === provider);
  return (own === undefined ? others : [own]).some(({ gauges }) => Object.hasOwn(gauges, '5h'));
}

function presetGauge(gauge: string, capacity: number): Gauge {
  return {
    gauge,
    model: null,
    left: 1,
    capacity,
    capacityCertainty: 'estimated',
    resetsAt: null,
    certainty: 'estimated',
    source: 'preset',
    at: 0,
    drawn: 0,
    samples: [],
  };
}
