import { type Learned, type Sizes, type TankNews, estimateKey, learnedKey } from './fuel.ts';

const mostKeys = 1_000;
const none = { passed: 0, failed: 0 };
const unknown: Sizes = { count: 0, mean: 0, m2: 0 };

/** What the end of a bead teaches about its seat. */
export function learn(learned: Learned, news: Extract<TankNews, { kind: 'finished' }>): Learned {
  const { type, provider, model, passed, tokens, estimate } = news;
  const key = learnedKey(type, provider, model);
  const isNew = !Object.hasOwn(learned.success, key);
  if (isNew && Object.keys(learned.success).length >= mostKeys) return learned;
  const before = learned.success[key] ?? none;
  const success = {
    ...learned.success,
    [key]: passed ? { ...before, passed: before.passed + 1 } : { ...before, failed: before.failed + 1 },
  };
  if (tokens < 1) return { ...learned, success };
  const sizes = { ...learned.sizes, [key]: grown(learned.sizes[key] ?? unknown, Math.log(tokens)) };
  if (estimate === undefined || !(estimate >= 1) || !Number.isFinite(estimate)) return { success, sizes };
  const times = estimateKey(provider, model);
  return {
    success,
    sizes: { ...sizes, [times]: grown(sizes[times] ?? unknown, Math.log(tokens / estimate)) },
  };
}

/** Welford's running mean and sum of squared deviations. */
function grown({ count, mean, m2 }: Sizes, value: number): Sizes {
  const off = value - mean;
  const next = mean + off / (count + 1);
  return { count: count + 1, mean: next, m2: m2 + off * (value - next) };
}
