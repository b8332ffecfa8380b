import type { Configuration } from '../config/config.ts';
import type { Control } from '../foreman/control.ts';
import type { Agent } from '../gateway/tokens.ts';
import type { Agents, Polled } from '../ports/agents.ts';
import type { Desk } from '../ports/desk.ts';
import type { Entering } from '../ports/entering.ts';
import type { Instant } from '../town/ids.ts';
import type { Accounts, Person, PlanReply, Reach, Worker, WorktreeNow } from './reach.ts';

/** What the window that runs a rig hands to the commands that are said at its door. */
export interface OwnerParts {
  readonly rig: Pick<Control, 'state' | 'facts' | 'why' | 'wish' | 'store'>;
  readonly desk: Pick<Desk, 'done' | 'note' | 'forgetCheckpoint' | 'handOff' | 'split' | 'comment'>;
  readonly agents: Pick<Agents, 'runners'>;
  readonly accounts: Accounts;
  /** Asks every account for what costs nothing. */
  readonly askTanks: (signal: AbortSignal) => Promise<readonly Polled[]>;
  readonly configuration: () => Configuration;
  readonly plan: (goal: string, signal: AbortSignal) => Promise<PlanReply>;
  readonly person: Person;
  readonly entering: Entering;
  /** A polecat's worktree as it is now; null when it does not stand. */
  readonly worktree: (path: string) => Promise<WorktreeNow | null>;
  readonly now: () => Instant;
  /** Since when this process runs the rig. */
  readonly since: Instant;
  /** Told of what no command foresaw, for the log. */
  readonly failed: (error: unknown) => void;
}

/** The reach of a command in the window that runs the rig. */
export function ownerReach(parts: OwnerParts): Reach {
  const { rig, agents, accounts, askTanks, configuration, plan, person, entering, now, since, failed } =
    parts;
  return {
    owner: { pid: process.pid, since },
    rig: {
      folder: rig.store.folder,
      get state() {
        return rig.state;
      },
      why: (bead) => rig.why(bead),
      bead: async (id) => rig.state.beads[id] ?? (await rig.store.archive.bead(id))?.bead ?? null,
      feed: (limit) => rig.store.recentFeed(limit),
    },
    now,
    wish: (wish) => rig.wish(wish),
    entering,
    keepBead: () => Promise.reject(new Error('What somebody can decide now is not kept for later.')),
    runners: (fresh) => agents.runners(fresh),
    accounts,
    askTanks,
    facts: () => rig.facts,
    configuration,
    plan,
    person,
    worker: (agent, id) => workerAt(parts, agent, id),
    failed,
  };
}

function workerAt({ rig, desk, worktree }: OwnerParts, agent: Agent, id: string): Worker {
  const caller = { polecat: agent.polecat, token: agent.token };
  const said = { kept: false };
  return {
    done: async (summary, signal) => ({ kept: false, ...(await desk.done(caller, summary, id, signal)) }),
    checkpoint: async (text) => {
      await desk.note(caller, { id, kind: 'checkpoint', text });
      return said;
    },
    forget: async () => {
      await desk.forgetCheckpoint(caller);
      return said;
    },
    handOff: async (text) => {
      await desk.handOff(caller, { id, kind: 'checkpoint', text });
      return said;
    },
    split: async (drafts) => ({ ...said, beads: await desk.split(caller, id, drafts) }),
    comment: (answer) => desk.comment(caller, id, answer),
    worktree: async () => {
      const path = rig.state.polecats[agent.polecat]?.worktree ?? null;
      return path === null ? null : worktree(path);
    },
  };
}
