import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Control } from '../../foreman/control.ts';
import { systemIds } from '../../foreman/systemIds.ts';
import { DoorError } from '../../gateway/doorError.ts';
import { readPersonToken } from '../../gateway/home.ts';
import { runAtDoor } from '../../gateway/runAtDoor.ts';
import type { Entered } from '../../ports/entering.ts';
import { parseRequestId } from '../../town/ids.ts';
import { reason } from '../../town/reason.ts';
import { sentence } from '../../words/reasons.ts';
import type { EnteredHere, ToEnter } from '../town.ts';
import type { Translate } from '../../words/translate.ts';
import type { OpenRig } from './openRig.ts';

/** Enters a branch, or the taking back of a landing, where the rig is run: here, or said at its owner's door. */
export async function enterHere(
  control: Control,
  owned: OpenRig | null,
  wanted: ToEnter,
  t: Translate,
): Promise<EnteredHere> {
  if (owned === null) return enterElsewhere(control, wanted, t);
  const { beads } = control.state;
  const ids = { request: systemIds.request(), bead: systemIds.bead((id) => beads[id] !== undefined) };
  const { entering } = owned;
  return answered(
    'branch' in wanted
      ? await entering.enter({ ...ids, branch: wanted.branch, title: null })
      : await entering.revert({ ...ids, landing: wanted.landing }),
    t,
  );
}

function answered(entered: Entered, t: Translate): EnteredHere {
  return entered.ok
    ? { ok: true, request: entered.request }
    : { ok: false, why: sentence(entered.refusal, t) };
}

/** A window that reloads is back within this time, in ms; longer nobody waits for a click. */
const patienceMs = 4_000;

/** The word of the owner's own git counts, so that is asked: `rigs mq add` and `rigs mq revert`. */
async function enterElsewhere({ store }: Control, wanted: ToEnter, t: Translate): Promise<EnteredHere> {
  const home = path.join(store.folder, 'door');
  const argv = 'branch' in wanted ? ['mq', 'add', wanted.branch] : ['mq', 'revert', wanted.landing];
  const call = {
    ...{ id: randomUUID(), program: 'rigs' as const, argv: [...argv, '--json'], stdin: '', cwd: home },
    ...{ columns: null, colours: false },
  };
  try {
    const token = await readPersonToken(home);
    if (token === null) return notReached('', t);
    const { exit, out } = await runAtDoor(home, token, call, { patienceMs });
    if (exit !== 0) return { ok: false, why: out };
    const request = requestIn(out);
    return request === null ? notReached(out.slice(0, 200), t) : { ok: true, request };
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    return notReached(error.message, t);
  }
}

function notReached(message: string, t: Translate): EnteredHere {
  return { ok: false, why: sentence(reason('not_reached', { message }), t) };
}

function requestIn(out: string): ReturnType<typeof parseRequestId> {
  const made: unknown = JSON.parse(out);
  const found = typeof made === 'object' && made !== null && 'request' in made ? made.request : null;
  return typeof found === 'string' ? parseRequestId(found) : null;
}
