import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunCommand } from '../../../src/gateway/command.ts';
import { openDoor } from '../../../src/gateway/server.ts';
import type { Door, DoorParts } from '../../../src/gateway/server.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import type { TokenBook } from '../../../src/gateway/tokens.ts';
import type { Caller, Desk, TaskReply } from '../../../src/ports/desk.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';

export const nux: Caller = { polecat: polecatId('nux', 1), token: 7 };

export const task: TaskReply = {
  agent: 'nux',
  beadId: 'gt-aaaaa',
  title: 'Add a parser',
  purpose: 'begin',
  worktree: '/nowhere',
  branch: 'polecat/nux/gt-aaaaa',
  frame: 'Add a parser.',
  access: {
    provider: 'rehearsal',
    wire: 'anthropic',
    model: 'scripted',
    baseUrl: null,
    apiKey: 'no-key',
  },
  allowed: [],
  transcript: '/nowhere/transcript.jsonl',
};

/** A desk that answers everything at once; a test replaces what it is about. */
export function fakeDesk(own: Partial<Desk> = {}): Desk {
  return {
    task: () => Promise.resolve(task),
    done: () => Promise.resolve({ accepted: true, message: 'Proven.', goOn: false }),
    permission: () => Promise.resolve('allow'),
    usage: () => Promise.resolve(),
    fuel: () => Promise.resolve(),
    hook: () => Promise.resolve(''),
    question: () => Promise.resolve('Yes.'),
    note: () => Promise.resolve(),
    forgetCheckpoint: () => Promise.resolve(),
    handOff: () => Promise.resolve(),
    split: () => Promise.resolve([]),
    comment: () => Promise.resolve(),
    ...own,
  };
}

/** Says what it was called with. */
export const fakeRun: RunCommand = (_speaker, call) =>
  Promise.resolve({ exit: 0, out: `${JSON.stringify(call)}\n` });

export interface Rig {
  readonly folder: string;
  readonly home: string;
  readonly tokens: TokenBook;
  /** What stands behind its doors. */
  readonly control: FakeControl;
  open(desk?: Desk, own?: Partial<DoorParts>): Promise<Door>;
}

/** A state folder with everything a door needs, and doors that open one after another in it. */
export async function rigFolder(): Promise<Rig> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs-door-')));
  const home = join(folder, 'door');
  const tokens = await openTokenBook(join(folder, 'tokens.json'));
  const control = new FakeControl();
  let epoch = 0;
  return {
    folder,
    home,
    tokens,
    control,
    open: (desk = fakeDesk(), own = {}) =>
      openDoor({
        home,
        desk,
        rig: control,
        run: fakeRun,
        tokens,
        epoch: (epoch += 1),
        ...own,
      }),
  };
}
