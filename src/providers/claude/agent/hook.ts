import * as v from 'valibot';
import {
  type HookAnswer,
  HookError,
  type HookMeaning,
  type HookQuestion,
  type Sighting,
} from '../../../ports/agents.ts';
import { systemClock } from '../../../system/clock.ts';
import type { DoingKind } from '../../../town/polecat.ts';
import { windowOf } from '../windows.ts';
import { doingAfter, makesWay } from './failure.ts';
import { parsed } from './parsed.ts';
import { payloads } from './payloads.ts';
import { wanted } from './wanted.ts';

interface Told {
  readonly sightings: readonly Sighting[];
  readonly question?: HookQuestion;
}

/** Throws `HookError`. */
type Telling = (event: string, payload: unknown) => Told;

const alive: Sighting = { kind: 'alive' };
const ear: HookQuestion = { kind: 'ear' };

/**
 * What the person is to look at, or that they have logged in; others only show that it lives. `idle_prompt` comes a minute
 * after any turn, also one that failed for want of a login or of money, of which it would say that it is over (2.1.329).
 */
const notifications: Readonly<Partial<Record<string, DoingKind>>> = {
  permission_prompt: 'permission',
  worker_permission_prompt: 'permission',
  agent_needs_input: 'dialog',
  elicitation_dialog: 'dialog',
  auth_success: 'idle',
};

/** These end by themselves and wake the agent; a command in the background may be a server that never ends. */
const wakes = ['subagent', 'workflow'];

const tellings: Readonly<Record<string, Telling>> = {
  SessionStart: telling(payloads.SessionStart, ({ session_id: id }) => ({
    sightings: [{ kind: 'conversation', id }],
  })),
  UserPromptSubmit: telling(payloads.UserPromptSubmit, ({ prompt }) => ({
    sightings: [{ kind: 'heard', text: prompt }, doing('working')],
    question: ear,
  })),
  PostToolBatch: telling(payloads.PostToolBatch, ({ agent_id, tool_calls }) => {
    const settled = tool_calls.map((call): Sighting => ({
      kind: 'settled',
      ...wanted(call.tool_name, call.tool_input),
    }));
    // What a subagent hears its agent never learns, and the main thread may stand at a dialog meanwhile.
    if (agent_id !== undefined) return { sightings: [...settled, alive] };
    return { sightings: [...settled, doing('working')], question: ear };
  }),
  // The dialog stands on its screen as well, and whoever answers there first has answered.
  PermissionRequest: telling(payloads.PermissionRequest, ({ tool_name, tool_input }) => ({
    sightings: [alive],
    question: { kind: 'permission', ...wanted(tool_name, tool_input), hidesDialogMs: null },
  })),
  Notification: telling(payloads.Notification, ({ notification_type: type, message }) => {
    const kind = Object.hasOwn(notifications, type) ? notifications[type] : undefined;
    return { sightings: [kind === undefined ? alive : doing(kind, kind === 'idle' ? null : message)] };
  }),
  Stop: telling(payloads.Stop, ({ background_tasks, last_assistant_message: said }) => {
    if (background_tasks.some(({ type }) => wakes.includes(type))) return { sightings: [alive] };
    const words: readonly Sighting[] = said === null ? [] : [{ kind: 'said', text: said }];
    return { sightings: [doing('idle'), ...words], question: { kind: 'turnEnd' } };
  }),
  StopFailure: telling(payloads.StopFailure, ({ error, last_assistant_message: said }) => {
    // Until when, only the transcript tells; whoever says `limited` here ends the session before it is read.
    if (makesWay(error)) return { sightings: [doing('idle', said ?? error)] };
    const failed = doingAfter({ error, at: systemClock.now(), resetsAt: null, said });
    return { sightings: [{ kind: 'doing', doing: failed }] };
  }),
  statusLine: telling(payloads.statusLine, ({ rate_limits }) => ({
    sightings: Object.entries(rate_limits).flatMap(([name, limit]): readonly Sighting[] => {
      if (limit === null) return [];
      const { used_percentage, resets_at } = limit;
      const resetsAt = resets_at === null ? null : resets_at * 1_000;
      const used = Math.min(used_percentage / 100, 1);
      const reading = { ...windowOf(name), used, capacity: null, resetsAt, source: 'statusLine' } as const;
      return [{ kind: 'reading', reading }];
    }),
  })),
};

/** Reads a call of one of Claude Code's hooks, or of its status line. Throws `HookError`. */
export function readHook(event: string, body: string): HookMeaning {
  const payload = parsed(body);
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new HookError(`Claude Code called ${event} with something that is no JSON object.`);
  const tell = Object.hasOwn(tellings, event) ? tellings[event] : undefined;
  const { sightings, question = null } = tell?.(event, payload) ?? { sightings: [alive] };
  return { sightings, question, print: (answer) => printed(event, question, answer) };
}

function telling<T>(schema: v.GenericSchema<unknown, T>, tell: (payload: T) => Told): Telling {
  return (event, payload) => {
    const read = v.safeParse(schema, payload);
    if (read.success) return tell(read.output);
    throw new HookError(`Claude Code called ${event} with ${v.summarize(read.issues).slice(0, 500)}`);
  };
}

function doing(kind: DoingKind, detail: string | null = null): Sighting {
  return { kind: 'doing', doing: { kind, until: null, detail } };
}

function printed(event: string, question: HookQuestion | null, answer: HookAnswer): string {
  const said = question === null ? null : saying(event, question.kind, answer);
  return said === null ? '' : JSON.stringify(said);
}

function saying(event: string, asked: HookQuestion['kind'], answer: HookAnswer): object | null {
  if (asked === 'turnEnd')
    return answer.kind === 'goOn' ? { decision: 'block', reason: answer.message } : null;
  if (asked === 'ear')
    return answer.kind === 'tell' ? forEvent(event, { additionalContext: answer.message }) : null;
  if (answer.kind === 'allow') return forEvent(event, { decision: { behavior: 'allow' } });
  if (answer.kind === 'deny')
    return forEvent(event, { decision: { behavior: 'deny', message: answer.message } });
  return null;
}

function forEvent(hookEventName: string, words: object): object {
  return { hookSpecificOutput: { hookEventName, ...words } };
}
