import type { Usage } from '../../town/bead.ts';
import type { Instant } from '../../town/ids.ts';
import type { Doing } from '../../town/polecat.ts';
import { type Json, isJson, jsonOf, textOf } from './json.ts';
import { refusalIn } from './refusal.ts';

/** Counts the tokens of one session of Rigs from the rows of its chats. */
export class Counter {
  readonly #since: Instant;
  readonly #answers = new Map<string, Usage>();

  /** Answers from before belong to an earlier session that this one goes on with, and were counted there. */
  constructor(since: Instant) {
    this.#since = since;
  }

  /** Totals after a row; null when it changed nothing. A row is written again when its tools have run. */
  after(row: unknown): Usage | null {
    const rows = [row, ...rewritten(row)];
    const counted = rows.filter((one) => this.#count(jsonOf(one)));
    if (counted.length === 0) return null;
    const total = { input: 0, cachedInput: 0, output: 0 };
    for (const { input, cachedInput, output } of this.#answers.values()) {
      total.input += input;
      total.cachedInput += cachedInput;
      total.output += output;
    }
    return total;
  }

  #count(row: Json): boolean {
    const id = textOf(row['id']);
    const at = writtenAt(row);
    if (id === null || row['type'] !== 'gemini' || !isJson(row['tokens'])) return false;
    if (at === null || at < this.#since) return false;
    const usage = usageIn(row['tokens']);
    const known = this.#answers.get(id);
    this.#answers.set(id, usage);
    return known === undefined || JSON.stringify(known) !== JSON.stringify(usage);
  }
}

/** `{"$set": {"messages": […]}}`: the chat as it is from now on. */
function rewritten(row: unknown): readonly unknown[] {
  const messages = jsonOf(jsonOf(row)['$set'])['messages'];
  return Array.isArray(messages) ? messages : [];
}

/** `input` counts what came from the cache as well, and not what its tools were given; thoughts are paid as output. */
function usageIn(tokens: Json): Usage {
  const of = (name: string): number => {
    const value = tokens[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const cachedInput = Math.min(of('cached'), of('input'));
  return {
    input: of('input') - cachedInput + of('tool'),
    cachedInput,
    output: of('output') + of('thoughts'),
  };
}

export function writtenAt(row: unknown): Instant | null {
  const at = Date.parse(textOf(jsonOf(row)['timestamp']) ?? '');
  return Number.isFinite(at) ? at : null;
}

/** What a row says the agent does now, where no hook says it; null for most. */
export function doingIn(row: unknown): Doing | null {
  const { type, content } = jsonOf(row);
  const text = textOf(content) ?? '';
  // A person ended the turn, or did not allow a tool: no hook is called (0.61.0).
  if (type === 'info' && text === 'Request cancelled.') return { kind: 'idle', until: null, detail: null };
  if (type !== 'error') return null;
  const status = /"code":\s*(\d{3})\b/.exec(text)?.[1];
  return refusalIn(status === undefined ? null : Number(status), text, writtenAt(row) ?? 0);
}
