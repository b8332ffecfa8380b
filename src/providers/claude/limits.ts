/**
 * What Anthropic's answers say about limits. Header names: platform.claude.com "Rate limits"; the `unified` ones are
 * those of subscriptions, as Claude Code reads them.
 */
const prefix = 'anthropic-ratelimit-';
const alsoKept = ['retry-after', 'retry-after-ms'];

/** The rate-limit headers of an answer as they were sent, lower-case names. */
export function limitHeaders(headers: Headers): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith(prefix) || alsoKept.includes(name)),
  );
}

/** When a limit that was reached lets one ask again, in UTC ms; null when the vendor does not say. */
export function limitEnds(limits: Readonly<Record<string, string>>, now: number): number | null {
  return askedToWait(limits, now) ?? resetOf(limits);
}

/** Until when the vendor asks to wait, in UTC ms; resets of limits that were not reached say nothing about that. */
export function askedToWait(limits: Readonly<Record<string, string>>, now: number): number | null {
  const ms = Number.parseFloat(limits['retry-after-ms'] ?? '');
  if (ms >= 0) return now + ms;
  const after = limits['retry-after'] ?? '';
  if (/^\d+(\.\d+)?$/.test(after)) return now + Number(after) * 1000;
  return instantOf(after);
}

/** Limits hold together, so among those that are used up the latest reset counts. */
function resetOf(limits: Readonly<Record<string, string>>): number | null {
  const resets = Object.entries(limits).flatMap(([name, value]) => {
    const bucket = /^(anthropic-ratelimit-.+)-reset$/.exec(name)?.[1];
    const at = instantOf(value);
    return bucket === undefined || at === null ? [] : [{ at, usedUp: isUsedUp(limits, bucket) }];
  });
  const binding = resets.filter((one) => one.usedUp);
  const last = Math.max(...(binding.length > 0 ? binding : resets).map((one) => one.at));
  return Number.isFinite(last) ? last : null;
}

function isUsedUp(limits: Readonly<Record<string, string>>, bucket: string): boolean {
  return limits[`${bucket}-remaining`] === '0' || limits[`${bucket}-status`] === 'rejected';
}

/** Epoch seconds (subscriptions), RFC 3339 (API) or an HTTP date. */
function instantOf(value: string): number | null {
  if (/^\d{9,11}$/.test(value)) return Number(value) * 1000;
  const at = /[a-z:]/i.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : at;
}
