import type { Instant } from '../../town/ids.ts';
import type { Doing } from '../../town/polecat.ts';
import { type Json, isJson, jsonOf, textOf } from './json.ts';
import { nextPacificMidnight } from './pacific.ts';

/** The program waits this long by itself; for more it asks a person (`MAX_RETRYABLE_DELAY_SECONDS`, 0.61.0). */
const waitsItselfMs = 300_000;
const longestDetail = 500;

/**
 * What a refused request means for the agent; null for what the program tries again by itself (a limit a minute, a
 * server that is busy). `said`: the answer's body, as the program keeps it. `at`: when it came.
 */
export function refusalIn(status: number | null, said: string, at: Instant): Doing | null {
  const error = errorIn(said);
  const message = (textOf(error['message']) ?? said).slice(0, longestDetail);
  if (isLogin(status, error, message)) return { kind: 'login', until: null, detail: message };
  if (status !== 429 && status !== 499 && status !== 503) return null;
  const until = limitedUntil(error, message, at);
  return until === undefined ? null : { kind: 'limited', until, detail: message };
}

/** The body may be a text within the message of another one. */
function errorIn(said: string, depth = 0): Json {
  const start = said.indexOf('{');
  if (start < 0) return {};
  const error = jsonOf(jsonOf(parsed(said.slice(start, said.lastIndexOf('}') + 1)))['error']);
  const inner = textOf(error['message']);
  return depth < 2 && inner?.trimStart().startsWith('{') === true && isJson(parsed(inner))
    ? { ...error, ...errorIn(inner, depth + 1) }
    : error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A key that is none is answered with 400 by the Gemini API. */
function isLogin(status: number | null, error: Json, message: string): boolean {
  if (status === 401 || status === 403) return true;
  return (
    status === 400 && (detail(error, 'ErrorInfo')['reason'] === 'API_KEY_INVALID' || /API key/i.test(message))
  );
}

/** Reasons by which the program gives up at once, whatever delay it is told. */
const terminal: ReadonlySet<unknown> = new Set([
  'QUOTA_EXHAUSTED',
  'INSUFFICIENT_G1_CREDITS_BALANCE',
  'MODEL_CAPACITY_EXHAUSTED',
  'MODEL_CAPACITY_EXCEEDED',
]);

/** Null: until nobody knows when. Undefined: it is no limit that outlasts the program's own patience. */
function limitedUntil(error: Json, message: string, at: Instant): Instant | null | undefined {
  // The quota first: with a day's quota the API still names a delay of some seconds.
  if (violations(error).some((id) => /PerDay|Daily/.test(id))) return nextPacificMidnight(at);
  const info = detail(error, 'ErrorInfo');
  const reset = Date.parse(textOf(jsonOf(info['metadata'])['quotaResetTimeStamp']) ?? '');
  const delay = milliseconds(
    textOf(detail(error, 'RetryInfo')['retryDelay']) ??
      /Please retry in ([\d.]+m?s)/.exec(message)?.[1] ??
      '',
  );
  const then = Number.isFinite(reset) ? reset : delay === null ? null : at + delay;
  if (terminal.has(info['reason']) || /limit:\s*0(?!\d|\.\d)/i.test(message)) return then;
  return then !== null && then - at > waitsItselfMs ? then : undefined;
}

function detailsOf(error: Json): readonly Json[] {
  return Array.isArray(error['details']) ? error['details'].filter(isJson) : [];
}

function detail(error: Json, kind: string): Json {
  return detailsOf(error).find((one) => one['@type'] === `type.googleapis.com/google.rpc.${kind}`) ?? {};
}

function violations(error: Json): readonly string[] {
  const all = detail(error, 'QuotaFailure')['violations'];
  return Array.isArray(all) ? all.map((one) => textOf(jsonOf(one)['quotaId']) ?? '') : [];
}

/** `37s`, `539.47ms`. */
function milliseconds(duration: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(m?s)$/.exec(duration) ?? [];
  return amount === undefined ? null : Number(amount) * (unit === 'ms' ? 1 : 1_000);
}
