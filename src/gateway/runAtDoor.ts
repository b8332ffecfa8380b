import type { CommandCall, CommandResult } from './command.ts';
import { packCommand } from './commandBody.ts';
import { type Answer, type CallOptions, askDoor, refusalIn } from './client.ts';
import { DoorError } from './doorError.ts';
import { hookWord, runHeaders, runType } from './run.ts';

/** A window takes seconds to reload, and an agent's word is worth waiting for. */
const patienceMs = 30_000;
/** A vendor's program stands still as long as its hook does. */
const hookPatienceMs = 3_000;
/** Its own dialog is hidden meanwhile, and whoever looks at the terminal wonders. */
const permissionPatienceMs = 20_000;

/**
 * Has a command line run by the window that owns the rig. One that is said again, after its answer got lost, is not
 * carried out again (`call.id`). Throws `DoorError`; a vendor's hook never throws but for `signal`: whoever cannot be
 * reached has nothing to say to it.
 */
export async function runAtDoor(
  home: string,
  token: string,
  call: CommandCall,
  options: CallOptions = {},
): Promise<CommandResult> {
  const { id, program, columns, colours } = call;
  const headers = {
    'content-type': runType,
    [runHeaders.id]: id,
    [runHeaders.program]: program,
    ...(columns === null ? {} : { [runHeaders.columns]: String(columns) }),
    [runHeaders.colours]: colours ? '1' : '0',
  };
  const question = { path: 'run', token, body: packCommand(call), headers };
  const isHook = call.argv[0] === hookWord;
  const patience = { patienceMs: isHook ? hookPatience(call.argv[1]) : patienceMs };
  try {
    return await askDoor(home, question, resultIn, { ...patience, ...options });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isHook || !(error instanceof DoorError)) throw error;
    return { exit: 0, out: '' };
  }
}

/** Vendors that ask for leave through a hook have the word in its name. */
function hookPatience(event = ''): number {
  return /permission/i.test(event) ? permissionPatienceMs : hookPatienceMs;
}

function resultIn({ status, headers, text }: Answer): CommandResult {
  if (status !== 200) throw refusalIn(status, text);
  const exit = headers[runHeaders.exit];
  if (typeof exit !== 'string' || !/^\d{1,3}$/.test(exit))
    throw new DoorError('failed', 'The door does not say how the command ended.');
  return { exit: Number(exit), out: text };
}
