import * as v from 'valibot';
import { beadTypes } from '../../town/bead.ts';
import type { TankNews } from '../../town/fuel.ts';
import { emptyLedger } from '../../town/ledger.ts';

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
const trial = v.picklist(['worded', 'control']);
const problem = v.picklist(['auth', 'credit']);

/** What an event says of `drew` beside it, since version 3. */
export const booking = { day: v.exactOptional(v.string()), usd: v.exactOptional(v.nullable(amount)) };

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
  asked: v.exactOptional(v.object({ by: v.string(), at: instant })),
  mended: v.exactOptional(instant),
});

const learned = v.object({
  success: v.record(v.string(), v.object({ passed: count, failed: count })),
  sizes: v.record(v.string(), v.object({ count, mean: finite, m2: amount })),
});

const counted = v.object({ session: v.string(), tank: v.string(), usage, requests: amount, at: instant });

const spending = {
  ...{ input: amount, cachedInput: amount, output: amount },
  ...{ requests: amount, usd: amount, unpriced: amount },
};
const dated = v.record(v.string(), v.object({ ...spending, at: instant }));
const ofBeads = v.record(
  v.string(),
  v.object({
    ...{ ...spending, at: instant },
    ...{ trial: v.exactOptional(trial), assayer: v.exactOptional(v.object(spending)) },
  }),
);
const byProvider = v.record(v.string(), v.record(v.string(), v.object(spending)));
const ledger = v.object({
  beads: ofBeads,
  convoys: dated,
  days: byProvider,
  months: byProvider,
  raised: v.record(v.string(), amount),
});

/** What an account's first line says of tanks; an account from before them knows of none. */
export const fuelMembers = {
  tanks: v.optional(v.record(v.string(), tank), {}),
  learned: v.optional(learned, { success: {}, sizes: {} }),
  counted: v.optional(v.record(v.string(), counted), {}),
  ended: v.optional(v.array(v.string()), []),
  // One from before the ledger knows what no session drew.
  ledger: v.optional(ledger, emptyLedger),
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
  refused: v.object({
    kind: v.literal('refused'),
    ...account,
    problem,
    detail: v.string(),
    since: v.exactOptional(instant),
  }),
  finished: v.object({
    kind: v.literal('finished'),
    once: v.exactOptional(v.string()),
    type: v.picklist(beadTypes),
    provider: v.string(),
    model,
    passed: v.boolean(),
    tokens: amount,
    estimate: v.exactOptional(amount),
    measured: v.exactOptional(v.object({ rig: v.string(), bead: v.string(), trial })),
  }) as unknown as v.GenericSchema<unknown, Extract<TankNews, { kind: 'finished' }>>,
  set: v.object({ kind: v.literal('set'), tank: v.string(), gauge: v.nullable(v.string()), left: fraction }),
  asked: v.object({ kind: v.literal('asked'), ...account, by: v.string() }),
  mended: v.object({ kind: v.literal('mended'), tank: v.string() }),
  raised: v.object({
    kind: v.literal('raised'),
    rig: v.string(),
    scope: v.picklist(['bead', 'convoy', 'day', 'provider']),
    of: v.nullable(v.string()),
    day: v.nullable(v.string()),
    unit: v.picklist(['tokens', 'usd']),
    limit: amount,
  }),
  forgotLearned: v.object({ kind: v.literal('forgotLearned') }),
};

export const news = v.union(Object.values(newsShapes));
