import { type Bead, isOpen } from '../../town/bead.ts';
import { printCommand } from '../../system/commandLine.ts';
import { taskFrame } from '../../words/agent.ts';
import { plain, plainLines } from '../../words/plain.ts';
import { sentence } from '../../words/reasons.ts';
import { plainEnglish } from '../../words/translate.ts';
import { type Self, selfOf } from '../own.ts';
import { json } from '../print/json.ts';
import { counted, parts } from '../print/lines.ts';
import type { Reach } from '../reach.ts';
import { beadJson, iso, needsJson } from '../shapes.ts';
import type { Asked, Run, Verb } from '../verb.ts';

/**
 * Characters of what an agent noted; with the frame’s own text (`words/agent.ts`, tested there) it stays under 2,000
 * tokens, a token taken as 4 characters.
 */
const mostNotes = 1_200;

/** Who the reader is and what they hold; the same text at every call, for a fresh mind. */
const prime: Run = (reach, asked) => {
  if (asked.speaker === 'person') return Promise.resolve(forPerson(reach, asked));
  const self = selfOf(reach, asked.speaker);
  return Promise.resolve(
    asked.given.is('json') ? json(agentJson(reach, self)) : agentText(reach, self, asked),
  );
};

function agentText(reach: Reach, { polecat, bead }: Self, asked: Asked): string {
  const { rig } = reach.rig.state;
  const frame = taskFrame({
    bead,
    rig: rig?.name ?? '',
    polecat: polecat.name,
    branch: polecat.branch,
    target: rig?.target ?? '',
    checks: checksOf(reach),
    // What happened before is told here by the notes; the frame’s own history is for the session’s start.
    past: null,
  });
  return parts(
    frame,
    before(bead),
    notesOf(polecat.notes.map(({ text }) => text)),
    asked.given.is('hook') ? 'This is your standing task: go on with it now, without asking what to do.' : '',
  );
}

function checksOf({ rig: { state } }: Reach): readonly string[] {
  return (state.rig?.checks?.definitions ?? []).map((one) => printCommand(one.command, one.args));
}

function before({ status, reason }: Bead): string {
  if (!isOpen(status)) return 'This bead has ended. End your turn here.';
  return reason === null
    ? ''
    : `# Before\n${sentence(reason, plainEnglish)} \`git log\` and \`git status\` show the work so far.`;
}

/** The newest ones, as many as there is room for. */
function notesOf(texts: readonly string[]): string {
  const shown: string[] = [];
  let room = mostNotes;
  for (const text of texts.toReversed()) {
    const line = plainLines(text).trim().slice(0, room);
    if (line === '') break;
    shown.unshift(`- ${line.replaceAll('\n', '\n  ')}`);
    room -= line.length;
  }
  return shown.length === 0 ? '' : `# Checkpoint and notes\n${shown.join('\n')}`;
}

function agentJson(reach: Reach, { polecat, bead }: Self) {
  const { rig } = reach.rig.state;
  return {
    role: 'polecat',
    agent: polecat.name,
    rig: rig?.name ?? '',
    target: rig?.target ?? '',
    branch: polecat.branch,
    worktree: polecat.worktree,
    bead: beadJson(reach, bead),
    checks: checksOf(reach),
    notes: polecat.notes.map(({ kind, text, at }) => ({ kind, text, at: iso(at) })),
  };
}

function forPerson(reach: Reach, asked: Asked): string {
  const { state } = reach.rig;
  const open = Object.values(state.beads).filter(({ status }) => isOpen(status)).length;
  const needs = needsJson(reach).length;
  if (asked.given.is('json')) return json({ role: 'person', rig: state.rig?.name ?? '', open, needs });
  return parts(
    `You are a person at the rig ${plain(state.rig?.name ?? '', 80)}: ${counted(open, 'open bead')}, ${counted(needs, 'thing')} waiting for you.`,
    '`rigs status` shows how it stands, `rigs goal execute "…"` starts work, `rigs help` lists all commands. In an agent’s terminal `rigs prime` tells the agent its task.',
  );
}

export const primeVerbs: readonly Verb[] = [
  {
    words: 'prime',
    args: [],
    flags: [{ name: 'hook', about: 'As a vendor’s session start hook wants it.' }],
    about: 'An agent’s role, bead, criteria, branch, checkpoint and rules, in one text.',
    who: 'reader',
    json: true,
    run: prime,
  },
];
