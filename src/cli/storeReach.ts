import { ensurePersonToken } from '../gateway/home.ts';
import { keepCreate, report } from '../gateway/outbox.ts';
import type { Agent } from '../gateway/tokens.ts';
import type { Store } from '../ports/store.ts';
import { isOpen } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';
import { CommandError } from './commandError.ts';
import type { Reach, Worker } from './reach.ts';

export interface StoreParts {
  /** The rig's memory, opened to be read. */
  readonly store: Pick<Store, 'initial' | 'archive' | 'recentFeed' | 'folder'>;
  /** The folder where a door would be. */
  readonly home: string;
  /** Of whoever speaks; null: a person who has none here yet. */
  readonly token: string | null;
  /** How long what is kept is offered to the door first, in ms. */
  readonly patienceMs: number;
  /** Aborted with `Leaving`, what is said is kept at once. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export const noOwner =
  'No window runs this rig, and this has to be decided by the one that does. Open its folder in VS Code and try again.';

function nobody(): CommandError {
  return new CommandError('no_owner', noOwner);
}

const refuse = (): Promise<never> => Promise.reject(nobody());

const refuseNow = (): never => {
  throw nobody();
};

/** The reach of a command where no window runs the rig: what lies on disk is read, what must not be lost is kept. */
export function storeReach(parts: StoreParts): Reach {
  const { store, home, token, now } = parts;
  const state = store.initial;
  return {
    owner: null,
    rig: {
      folder: store.folder,
      state,
      why: (id) => whyOnDisk(parts, id),
      bead: async (id) => state.beads[id] ?? (await store.archive.bead(id))?.bead ?? null,
      feed: (limit) => store.recentFeed(limit),
    },
    now,
    wish: refuse,
    entering: { enter: refuse, revert: refuse },
    keepBead: async (id, draft) => {
      await keepCreate(home, token ?? (await ensurePersonToken(home)), { id, draft });
    },
    runners: refuse,
    accounts: { fuel: refuse, ledger: refuse, tell: refuse },
    askTanks: refuse,
    facts: refuseNow,
    configuration: refuseNow,
    plan: refuse,
    person: {
      rigs: refuse,
      addRig: refuse,
      removeRig: refuse,
      enableProvider: refuse,
      showTerminal: () => false,
    },
    worker: (agent, id) => keeping(parts, agent, id),
    failed: () => undefined,
  };
}

/** Whether a bead could start hangs on seats and places that only an owner knows. */
function whyOnDisk({ store }: StoreParts, id: BeadId) {
  const bead = store.initial.beads[id];
  return bead === undefined || isOpen(bead.status) ? null : bead.reason;
}

function keeping({ home, token, patienceMs, signal }: StoreParts, agent: Agent, id: string): Worker {
  if (token === null) throw new Error(`${agent.polecat} speaks without a token.`);
  const options = { patienceMs, signal };
  return {
    done: async (summary) => {
      const said = await report(home, token, 'done', { id, summary }, options);
      return said.kept ? { kept: true } : { kept: false, ...said.reply };
    },
    checkpoint: (text) => report(home, token, 'note', { id, kind: 'checkpoint', text }, options),
    forget: () => Promise.reject(nobody()),
    handOff: (text) => report(home, token, 'handOff', { id, text }, options),
    split: async (drafts) => {
      const given = drafts.map((one) => ({ ...one, criteria: [...one.criteria] }));
      const said = await report(home, token, 'split', { id, drafts: given }, options);
      return { kept: said.kept, beads: said.kept ? [] : (said.reply.beads as BeadId[]) };
    },
    comment: () => Promise.reject(nobody()),
    worktree: () => Promise.resolve(null),
  };
}
