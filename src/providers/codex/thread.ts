import type { Usage } from '../../town/bead.ts';
import type { Instant } from '../../town/ids.ts';
import type { Doing } from '../../town/polecat.ts';
import type { Reading } from '../../town/tank.ts';
import { afterFailure } from './failure.ts';
import { gaugesIn, givesAgain } from './gauges.ts';
import { threadId } from './hook.ts';
import { type Fields, fieldsOf, numberOf, textOf } from './json.ts';

const nothing: Usage = { input: 0, cachedInput: 0, output: 0 };

/** What a rollout's first line says of its thread. */
export interface ThreadStart {
  readonly id: string;
  readonly cwd: string;
  readonly begunAt: Instant;
  /** The conversation on the screen, and not a helper of it or somebody's `codex exec`. */
  readonly main: boolean;
}

/** Null for anything but the `session_meta` of a thread. */
export function threadStart(row: unknown): ThreadStart | null {
  const { type, payload } = fieldsOf(row);
  const { id, cwd, source, thread_source, timestamp } = fieldsOf(payload);
  const begunAt = Date.parse(textOf(timestamp) ?? '');
  if (type !== 'session_meta' || typeof id !== 'string' || typeof cwd !== 'string' || !threadId.test(id))
    return null;
  return { id, cwd, begunAt, main: source === 'cli' && (thread_source ?? 'user') === 'user' };
}

/**
 * A thread as its rollout (`sessions/Y/M/D/rollout-*.jsonl`, as 0.169.0 writes it) tells of it. A thread that is
 * resumed goes on in the same file: rows from before `since` count for nothing but the totals that were reached.
 */
export class Thread {
  readonly #since: Instant;
  #before: Usage = nothing;
  #total: Usage = nothing;
  readonly #gauges = new Map<string, Reading>();
  /** Calls that leave the sandbox and have no result yet, by their id. */
  readonly #leaving = new Map<string, { readonly at: Instant; readonly detail: string | null }>();
  /** Null: nothing was seen of this session. */
  doing: Doing | null = null;
  /** How often that changed. */
  changes = 0;
  /** Rows of this session. */
  rows = 0;

  constructor(since: Instant) {
    this.#since = since;
  }

  /** Of this session, as it stands now. */
  get usage(): Usage {
    const since = (key: keyof Usage): number => Math.max(0, this.#total[key] - this.#before[key]);
    return { input: since('input'), cachedInput: since('cachedInput'), output: since('output') };
  }

  get gauges(): readonly Reading[] {
    return [...this.#gauges.values()];
  }

  /** A call that began before this instant and may be asked about on the screen. */
  askedBefore(instant: Instant): { readonly detail: string | null } | null {
    for (const call of this.#leaving.values()) if (call.at < instant) return call;
    return null;
  }

  take(row: unknown): void {
    const { timestamp, type, payload } = fieldsOf(row);
    const at = Date.parse(textOf(timestamp) ?? '');
    if (Number.isNaN(at)) return;
    const own = at >= this.#since;
    const body = fieldsOf(payload);
    if (body['type'] === 'token_count') this.#count(body, own);
    if (!own) return;
    this.rows += 1;
    if (type === 'event_msg') this.#event(body);
    else if (type === 'response_item') this.#item(body, at);
  }

  #count(body: Fields, own: boolean): void {
    const total = usageIn(fieldsOf(body['info'])['total_token_usage']);
    if (total !== null) {
      this.#total = total;
      if (!own) this.#before = total;
    }
    if (own) for (const gauge of gaugesIn(body['rate_limits'])) this.#gauges.set(gauge.gauge, gauge);
  }

  #event(body: Fields): void {
    switch (body['type']) {
      case 'task_started':
        this.#does('working', null);
        break;
      case 'turn_aborted':
        this.#does('idle', null);
        break;
      case 'task_complete':
        if (body['error'] == null) this.#does('idle', null);
        else {
          const { kind, detail } = afterFailure(fieldsOf(body['error']));
          this.#does(kind, detail);
        }
    }
  }

  #does(kind: Doing['kind'], detail: string | null): void {
    this.#leaving.clear();
    const until = kind === 'limited' ? givesAgain(this.#gauges.values()) : null;
    this.doing = { kind, until, detail };
    this.changes += 1;
  }

  /** In code mode a call is a piece of JavaScript, of which only that it wants to leave the sandbox is read. */
  #item(body: Fields, at: Instant): void {
    const id = textOf(body['call_id']);
    if (id === null) return;
    if (textOf(body['type'])?.endsWith('_output') === true) this.#leaving.delete(id);
    const call = textOf(body['arguments']) ?? textOf(body['input']);
    if (call?.includes('require_escalated') === true) this.#leaving.set(id, { at, detail: commandIn(call) });
  }
}

function usageIn(value: unknown): Usage | null {
  const { input_tokens, cached_input_tokens, output_tokens } = fieldsOf(value);
  const [input, output] = [numberOf(input_tokens), numberOf(output_tokens)];
  if (input === null || output === null) return null;
  const cachedInput = numberOf(cached_input_tokens) ?? 0;
  return { input: Math.max(0, input - cachedInput), cachedInput, output };
}

function commandIn(call: string): string | null {
  try {
    return textOf(fieldsOf(JSON.parse(call))['cmd']);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
