import path from 'node:path';
import * as v from 'valibot';
import type { AgentSession } from '../../../ports/agents.ts';
import { readIfThere } from '../../../system/readIfThere.ts';
import type { Doing } from '../../../town/polecat.ts';
import { type Answers, isTrusted, readAnswers } from './answers.ts';
import { parsed } from './parsed.ts';
import type { SessionNote } from './sessionNote.ts';

interface Facts {
  readonly note: SessionNote;
  readonly answers: Answers;
  /** Real paths of the worktree and its repository. */
  readonly folders: readonly string[];
  readonly offersServers: boolean;
}

interface Obstacle {
  readonly kind: 'dialog' | 'login';
  /** As the vendor's own dialog begins. */
  readonly detail: string;
  readonly stands: (facts: Facts) => boolean;
}

/** Dialogs before a session begins, in the order they come; hooks run only after them. */
const obstacles: readonly Obstacle[] = [
  { kind: 'login', detail: "Let's get started.", stands: ({ answers }) => !answers.hasCompletedOnboarding },
  {
    kind: 'dialog',
    detail: 'Accessing workspace: Is this a project you created or one you trust?',
    stands: ({ answers, folders }) => !isTrusted(answers, folders),
  },
  {
    kind: 'dialog',
    detail: 'Detected a custom API key in your environment',
    stands: ({ note }) => note.asksForKey,
  },
  {
    kind: 'dialog',
    detail: 'WARNING: Claude Code running in Bypass Permissions mode',
    stands: ({ answers, note }) => note.mode === 'bypass' && !answers.bypassPermissionsModeAccepted,
  },
  // Which of them a person has approved stands in several files; so this is only what is left.
  { kind: 'dialog', detail: 'New MCP server found in this project', stands: (facts) => facts.offersServers },
];

/** What a session that does not begin waits for, as far as facts say so; null when they do not. Nothing is answered. */
export async function obstacle(
  note: SessionNote,
  { worktree, repository }: Pick<AgentSession, 'worktree' | 'repository'>,
): Promise<Doing | null> {
  const facts: Facts = {
    note,
    answers: await readAnswers(note.answers),
    folders: [worktree, repository],
    offersServers: await offersServers(worktree),
  };
  const found = obstacles.find(({ stands }) => stands(facts));
  return found === undefined ? null : { kind: found.kind, until: null, detail: found.detail };
}

const servers = v.object({ mcpServers: v.record(v.string(), v.unknown()) });

async function offersServers(worktree: string): Promise<boolean> {
  const read = v.safeParse(servers, parsed((await readIfThere(path.join(worktree, '.mcp.json'))) ?? '{}'));
  return read.success && Object.keys(read.output.mcpServers).length > 0;
}
