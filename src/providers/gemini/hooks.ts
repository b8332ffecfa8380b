import {
  type HookAnswer,
  HookError,
  type HookMeaning,
  type HookQuestion,
  type Sighting,
} from '../../ports/agents.ts';
import type { Doing, DoingKind } from '../../town/polecat.ts';
import { cutDetail } from '../cutDetail.ts';
import { type Json, isJson, jsonOf, textOf } from './json.ts';
import { settledBy } from './settled.ts';

/** What a hook says, and whether it may be answered; by the event's name. Others say that the agent is alive. */
const readers: Readonly<Record<string, (body: Json) => Pick<HookMeaning, 'sightings' | 'question'>>> = {
  SessionStart: (body) => ({
    sightings: [...conversationIn(body), { kind: 'alive' }],
    question: null,
  }),
  BeforeAgent: (body) => ({
    sightings: [
      ...conversationIn(body),
      doing('working', null),
      { kind: 'heard', text: textOf(body['prompt']) ?? '' },
    ],
    question: { kind: 'ear' },
  }),
  // The program asks on its own screen before a tool runs: when one has run, what was asked about it is decided.
  AfterTool: (body) => ({
    sightings: [...settledBy(body), doing('working', null)],
    question: { kind: 'ear' },
  }),
  AfterAgent: (body) => {
    const said = textOf(body['prompt_response']);
    // Also after a request that was refused for good (0.61.0): why stands in the chat, whose reader says what it means,
    // and to be told to go on would only have it refused again.
    if (said === noAnswer) return { sightings: [{ kind: 'alive' }], question: null };
    const words: readonly Sighting[] = said === null || said === '' ? [] : [{ kind: 'said', text: said }];
    return { sightings: [doing('idle', null), ...words], question: { kind: 'turnEnd' } };
  },
  // No hook can allow what the program's rules ask about (0.61.0): a person answers on its screen.
  Notification: (body) => ({
    sightings: [body['notification_type'] === 'ToolPermission' ? askedIn(body) : { kind: 'alive' }],
    question: null,
  }),
};

/** What the program says for a turn in which the model said nothing. */
const noAnswer = '[no response text]';

/** A hook's call in Rigs' words. Throws `HookError` for what is no JSON object of a known kind. */
export function hook(event: string, body: string): HookMeaning {
  const read = Object.hasOwn(readers, event) ? readers[event] : undefined;
  const json = parsed(body);
  const { sightings, question } =
    read === undefined ? { sightings: [{ kind: 'alive' } as const], question: null } : read(json);
  return { sightings, question, print: (answer) => print(event, question, answer) };
}

function parsed(body: string): Json {
  try {
    const value: unknown = JSON.parse(body);
    if (isJson(value)) return value;
  } catch (error) {
    throw new HookError('A hook of Gemini CLI said what is no JSON.', { cause: error });
  }
  throw new HookError('A hook of Gemini CLI said what is no object.');
}

function doing(kind: DoingKind, detail: string | null): Sighting {
  const what: Doing = { kind, until: null, detail };
  return { kind: 'doing', doing: what };
}

function conversationIn(body: Json): readonly Sighting[] {
  const id = textOf(body['session_id']);
  // It comes back as an argument.
  if (id === null || !/^[\w-]{1,64}$/.test(id) || id.startsWith('-'))
    throw new HookError('A hook of Gemini CLI named no session.');
  return [{ kind: 'conversation', id }];
}

/** What the program asks on its screen: whether it may, or what it wants to know. */
function askedIn(body: Json): Sighting {
  const details = jsonOf(body['details']);
  const detail = exactly(details) ?? textOf(details['title']) ?? textOf(body['message']) ?? '';
  return doing(details['type'] === 'ask_user' ? 'question' : 'permission', cutDetail(detail));
}

function exactly(details: Json): string | null {
  const server = textOf(details['serverName']);
  const tool = server === null ? null : `${server} ${textOf(details['toolName']) ?? ''}`;
  return textOf(details['command']) ?? textOf(details['filePath']) ?? tool;
}

function print(event: string, question: HookQuestion | null, answer: HookAnswer): string {
  if (answer.kind === 'goOn' && question?.kind === 'turnEnd')
    return JSON.stringify({ decision: 'deny', reason: answer.message });
  if (answer.kind === 'tell' && question?.kind === 'ear')
    return JSON.stringify({
      hookSpecificOutput: { hookEventName: event, additionalContext: answer.message },
    });
  return '';
}
