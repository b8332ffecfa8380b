import * as v from 'valibot';
import { beadTypes } from '../../town/bead.ts';
import type { TankNews } from '../../town/fuel.ts';

const finite = v.pipe(v.number(), v.finite());
const amount = v.pipe(finite, v.minValue(0));
const fraction = v.pipe(finite, v.minValue(0), v.maxValue(1));
const instant = finite;
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const certainty = v.picklist(['measured', 'counted', 'estimated']);
const source = v.picklist([
  ...(['headers', 'statusLine', 'rollout', 'telemetry', 'poll', 'limitError'] as const),
  ...(['count', 'preset', 'person'] as const),
]);
const usage = v.object({ input: amount, cachedInput: amount, output: amount });
const problem = v.picklist(['auth', 'credit']);

export const need = v.object({ tokens: amount, requests: amount, usd: v.nullable(amount), ms: amount });

const gauge = v.object({
  gauge: v.string(),
  model: v.nullable(v.string()),
  left: fraction,
  capacity: v.nullable(amount),
  capacityCertainty: certainty,
  resetsAt: v.nullable(instant),
  certainty,
  source,
  at: instant,
  drawn: amount,
  samples: v.array(v.object({ at: instant, left: fraction, drawn: amount })),
});

const tank = v.object({
  id: v.string(),
  provider: v.string(),
  gauges: v.record(v.string(), gauge),
  paces: v.record(v.string(), v.object({ limit: amount, clean: count, changedAt: instant })),
  breaker: v.object({ errors: count, trips: count, until: v.nullable(instant) }),
  problem: v.nullable(v.object({ kind: problem, detail: v.string(), at: instant })),
});

const learned = v.object({
  success: v.record(v.string(), v.object({ passed: count, failed: count })),
  sizes: v.record(v.string(), v.object({ count, mean: finite, m2: amount })),
});

const counted = v.object({ session: v.string(), tank: v.string(), usage, requests: amount, at: instant });

/** What an account's first line says of tanks; an account from before them knows of none. */
export const fuelMembers = {
  tanks: v.optional(v.record(v.string(), tank), {}),
  learned: v.optional(learned, { success: {}, sizes: {} }),
  counted: v.optional(v.record(v.string(), counted), {}),
  ended: v.optional(v.array(v.string()), []),
};

const reading = v.object({
  gauge: v.string(),
  model: v.nullable(v.string()),
  used: v.nullable(fraction),
  capacity: v.nullable(amount),
  resetsAt: v.nullable(instant),
  source,
});
const account = { tank: v.string(), provider: v.string() };
const model = v.string();

/** Typed by the news: one without a shape does not compile. */
const newsShapes: Readonly<{
  [K in TankNews['kind']]: v.GenericSchema<unknown, Extract<TankNews, { kind: K }>>;
}> = {
  read: v.object({ kind: v.literal('read'), ...account, readings: v.array(reading) }),
  drew: v.object({
    kind: v.literal('drew'),
    rig: v.string(),
    polecat: v.string(),
    token: count,
    ...account,
    model,
    bead: v.nullable(v.string()),
    convoy: v.nullable(v.string()),
    type: v.nullable(v.picklist(beadTypes)),
    role: v.picklist(['agent', 'assayer']),
    usage,
    requests: amount,
  }) as unknown as v.GenericSchema<unknown, Extract<TankNews, { kind: 'drew' }>>,
  limited: v.object({
    kind: v.literal('limited'),
    ...account,
    gauge: v.nullable(v.string()),
    model: v.nullable(model),
    until: v.nullable(instant),
  }),
  throttled: v.object({ kind: v.literal('throttled'), ...account, model }),
  answered: v.object({ kind: v.literal('answered'), ...account, model }),
  failed: v.object({ kind: v.literal('failed'), ...account, detail: v.string() }),
  refused: v.object({ kind: v.literal('refused'), ...account, problem, detail: v.string() }),
  finished: v.object({
    kind: v.literal('finished'),
    once: v.exactOptional(v.string()),
    type: v.picklist(beadTypes),
    provider: v.string(),
    model,
    passed: v.boolean(),
    tokens: amount,
  }),
  set: v.object({ kind: v.literal('set'), tank: v.string(), gauge: v.nullable(v.string()), left: fraction }),
  mended: v.object({ kind: v.literal('mended'), tank: v.string() }),
  forgotLearned: v.object({ kind: v.literal('forgotLearned') }),
};

export const news = v.union(Object.values(newsShapes));
