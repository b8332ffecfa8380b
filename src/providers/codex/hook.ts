import { type HookAnswer, HookError, type HookMeaning, type HookQuestion } from '../../ports/agents.ts';
import type { Sighting } from '../../ports/agents.ts';
import { cutDetail } from '../cutDetail.ts';
import { type Fields, fieldsOf, textOf } from './json.ts';

/** How long a person may be kept from Codex' own dialog: while the hook waits, it says only "Running hook". */
export const hidesDialogMs = 20_000;

type Said = Pick<HookMeaning, 'sightings' | 'question'>;

const alive: Sighting = { kind: 'alive' };
const working: Sighting = { kind: 'doing', doing: { kind: 'working', until: null, detail: null } };

/**
 * Codex calls these for the conversation on its screen and not for the hidden one that names it (0.169.0). That a turn
 * is over is no *idle* yet: it may be told to go on, and the rollout says when it really ends.
 */
const meanings: Readonly<Record<string, (body: Fields) => Said>> = {
  SessionStart: (body) => ({
    sightings: [{ kind: 'conversation', id: conversationOf(body) }],
    question: null,
  }),
  UserPromptSubmit: (body) => ({
    sightings: [working, { kind: 'heard', text: needed(body, 'prompt') }],
    question: { kind: 'ear' },
  }),
  PermissionRequest: (body) => ({ sightings: [alive], question: permission(body) }),
  // Others may still be asked about on its screen.
  PostToolUse: (body) => ({
    sightings: [{ kind: 'settled', ...wanted(body) }, working],
    question: { kind: 'ear' },
  }),
  Stop: (body) => {
    const said = textOf(body['last_assistant_message']);
    const words: readonly Sighting[] = said === null ? [] : [{ kind: 'said', text: said }];
    return { sightings: [alive, ...words], question: { kind: 'turnEnd' } };
  },
};

/** Reads a call of one of Codex' hooks. Throws `HookError`. */
export function readHook(event: string, text: string): HookMeaning {
  const body = parsed(text);
  const said = Object.hasOwn(meanings, event) ? meanings[event]?.(checked(event, body)) : undefined;
  const { sightings, question } = said ?? { sightings: [alive], question: null };
  return { sightings, question, print: (answer) => printed(event, question, answer) };
}

/** A thread's id becomes an argument one day. */
export const threadId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function conversationOf(body: Fields): string {
  const id = needed(body, 'session_id');
  if (!threadId.test(id)) throw new HookError('Codex named a session in a way no version is known to.');
  return id;
}

function permission(body: Fields): HookQuestion {
  return { kind: 'permission', ...wanted(body), hidesDialogMs };
}

/** What these are given as `command` says all that they would do. */
const plain: Readonly<Partial<Record<string, string>>> = { Bash: 'run', apply_patch: 'apply_patch' };

/** A call as a person reads it. Two that differ never read the same, or a yes would hold for what was not seen. */
function wanted(body: Fields): { readonly tool: string; readonly detail: string } {
  const tool = needed(body, 'tool_name');
  const { command, ...rest } = fieldsOf(body['tool_input']);
  const as = Object.hasOwn(plain, tool) ? plain[tool] : undefined;
  // Beside the command stands at most why the agent wants it.
  const known = Object.keys(rest).every((name) => name === 'description');
  if (as === undefined || typeof command !== 'string' || !known)
    return { tool, detail: cutDetail(JSON.stringify(body['tool_input'] ?? null)) };
  return { tool: as, detail: cutDetail(command) };
}

function parsed(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HookError('A hook of Codex said something that is no JSON.', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HookError('A hook of Codex said something that is no object.');
  return value as Fields;
}

function checked(event: string, body: Fields): Fields {
  if (needed(body, 'hook_event_name') !== event)
    throw new HookError(`A hook of Codex for ${event} was called for something else.`);
  return body;
}

function needed(body: Fields, name: string): string {
  const value = textOf(body[name]);
  if (value === null) throw new HookError(`A hook of Codex said no ${name}.`);
  return value;
}

function printed(event: string, question: HookQuestion | null, answer: HookAnswer): string {
  const specific = (fields: object): string =>
    JSON.stringify({ hookSpecificOutput: { hookEventName: event, ...fields } });
  switch (question?.kind) {
    case 'permission':
      if (answer.kind === 'allow') return specific({ decision: { behavior: 'allow' } });
      if (answer.kind === 'deny')
        return specific({ decision: { behavior: 'deny', message: answer.message } });
      return '';
    case 'turnEnd':
      return answer.kind === 'goOn' ? JSON.stringify({ decision: 'block', reason: answer.message }) : '';
    case 'ear':
      return answer.kind === 'tell' ? specific({ additionalContext: answer.message }) : '';
    default:
      return '';
  }
}
