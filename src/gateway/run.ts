import type { IncomingHttpHeaders } from 'node:http';
import * as v from 'valibot';
import { type Desk, DeskError } from '../ports/desk.ts';
import { HookError } from '../ports/agents.ts';
import type { CommandCall, CommandResult, RunCommand } from './command.ts';
import { unpackCommand } from './commandBody.ts';
import { callId } from './fields.ts';
import { Refusal } from './refusal.ts';
import type { Speaker } from './verbs.ts';

/** What of a call is no word of it travels in headers of these names. */
export const runHeaders = {
  id: 'rigs-call',
  program: 'rigs-program',
  columns: 'rigs-columns',
  colours: 'rigs-colours',
  exit: 'x-rigs-exit',
  /** Shells drop line ends at the end of what a program printed; asked for, a dot behind the body keeps them. */
  dot: 'rigs-dot',
} as const;
export const runType = 'application/octet-stream';

/** The first word of what vendors' hooks call; the door itself sees to it. */
export const hookWord = 'agent-hook';

const headers = v.object({
  [runHeaders.id]: callId,
  [runHeaders.program]: v.picklist(['rigs', 'rgt']),
  [runHeaders.columns]: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number))),
  [runHeaders.colours]: v.optional(v.picklist(['0', '1']), '0'),
});

/** Throws Refusal `not_json` or `invalid`. */
export function commandCallOf(given: IncomingHttpHeaders, body: Buffer): CommandCall {
  const said = v.safeParse(headers, given);
  if (!said.success) throw new Refusal('invalid', v.summarize(said.issues).slice(0, 2_000));
  const { [runHeaders.columns]: columns, [runHeaders.colours]: colours } = said.output;
  return {
    ...unpackCommand(body),
    id: said.output[runHeaders.id],
    program: said.output[runHeaders.program],
    columns: columns === undefined || columns === 0 ? null : columns,
    colours: colours === '1',
  };
}

export interface RunParts {
  readonly desk: Pick<Desk, 'hook'>;
  readonly run: RunCommand;
  readonly onError?: (error: unknown) => void;
}

/** Runs what a client called. Throws Refusal `forbidden` for a hook that is no agent's. */
export async function runCall(
  parts: RunParts,
  speaker: Speaker,
  call: CommandCall,
  signal: AbortSignal,
): Promise<CommandResult> {
  if (call.argv[0] !== hookWord) return parts.run(speaker, call, signal);
  if (speaker === 'person' || speaker.role !== 'polecat')
    throw new Refusal('forbidden', 'Only an agent’s program calls its hooks.');
  const [, event = ''] = call.argv;
  return { exit: 0, out: await heard(parts, speaker, event, call.stdin, signal) };
}

/** Nothing that goes wrong here may stop a vendor's program: it goes on as if no hook were there. */
async function heard(
  { desk, onError }: RunParts,
  { polecat, token }: Exclude<Speaker, 'person'>,
  event: string,
  body: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await desk.hook({ polecat, token }, event, body, signal);
  } catch (error) {
    if (!signal.aborted && !(error instanceof DeskError || error instanceof HookError)) onError?.(error);
    return '';
  }
}
