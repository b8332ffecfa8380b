import type { DoingKind } from '../../town/polecat.ts';
import { type Fields, fieldsOf, numberOf, textOf } from './json.ts';

/** `codex_error_info` of a turn that failed; what is not here leaves the agent idle, with Codex' own words. */
const byName: Readonly<Record<string, DoingKind>> = {
  usage_limit_exceeded: 'limited',
  rate_limit_exceeded: 'limited',
  unauthorized: 'login',
};

/** An account that is paid as it is used says this under the same name; no time gives it more (0.169.0). */
const lacksMoney = /^Quota exceeded\b/;

/** Where it names the HTTP answer that was the last one. */
const byStatus: Readonly<Record<number, DoingKind>> = { 401: 'login', 429: 'limited' };

/** What an agent does whose turn ended with this `error`. */
export function afterFailure(error: Fields): { readonly kind: DoingKind; readonly detail: string | null } {
  const info = error['codex_error_info'];
  const name = textOf(info);
  const [inner] = Object.values(fieldsOf(info));
  const status = numberOf(fieldsOf(inner)['http_status_code']);
  const kind = name === null ? byStatus[status ?? 0] : Object.hasOwn(byName, name) ? byName[name] : undefined;
  const detail = textOf(error['message']);
  if (kind === 'limited' && detail !== null && lacksMoney.test(detail)) return { kind: 'dialog', detail };
  return { kind: kind ?? 'idle', detail };
}
