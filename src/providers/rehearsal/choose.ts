import type { Purpose } from '../../town/polecat.ts';
import type { Call, Condition, Fault, Playbook, Turn } from './playbook.ts';
import { type MessagesRequest, answeredByTools, spoken } from './wire.ts';

export interface Choice {
  /** Names this turn of this script, the same for every repetition of the request. */
  readonly key: string;
  readonly say: string;
  readonly calls: readonly Pick<Call, 'name' | 'input'>[];
  readonly pauseMs: number;
  readonly fault: Fault | null;
}

/** The planner's one tool; what asks with it is a planner, everything else works on a bead. */
const planTool = 'submit_plan';

/** How the first words of a session tell why it was opened; the test of the task's frame holds both together. */
const openings: readonly (readonly [Purpose, RegExp])[] = [
  ['resume', /^An earlier session on this task ended\b/m],
  ['revise', /^Your work was proven alone, but could not land\b/m],
  ['remind', /^The last session on this task ended\b/m],
];

/**
 * The turn that answers a request. Nothing but the request decides, so a rehearsal that was ended and started again
 * goes on where it was.
 */
export function choose(book: Playbook, request: MessagesRequest): Choice {
  const first = spoken(request.messages[0]?.content ?? '');
  const asked = request.messages.filter(({ role }) => role === 'assistant').length;
  const planning = request.tools.some(({ name }) => name === planTool);
  return planning ? plan(book, first, asked) : work(book, first, asked, answeredByTools(request));
}

function plan(book: Playbook, text: string, asked: number): Choice {
  const said = plainly(text);
  const [found] = book.goals
    .filter(({ goal }) => said.includes(plainly(goal)))
    .sort((a, b) => b.goal.length - a.goal.length);
  if (found === undefined) return lineOf('plan:unknown', unknownGoal(book));
  const { goal, say, pauseMs, fault = null } = found;
  const calls = [{ name: planTool, input: found.plan }];
  return { key: `plan:${goal}:${asked}`, say, calls, pauseMs, fault };
}

function work(book: Playbook, text: string, asked: number, seen: string): Choice {
  const title = titleIn(text, Object.keys(book.tasks));
  const task = title === null ? undefined : book.tasks[title];
  if (title === null || task === undefined) return lineOf('task:unknown', unknownTask);
  const purpose = openings.find(([, words]) => words.test(text))?.[0] ?? 'begin';
  const script = task[purpose] ?? (purpose === 'remind' ? task.resume : undefined) ?? task.begin;
  const turn = script[asked];
  const key = `${title}:${purpose}:${asked}`;
  return turn === undefined ? lineOf(key, scriptIsOver) : { key, ...played(turn, seen) };
}

function played(turn: Turn, seen: string): Omit<Choice, 'key'> {
  const { say, tools, pauseMs, fault = null } = turn;
  const fitting = tools.filter(({ when }) => when === undefined || holds(when, seen));
  // A turn without any call would end the session.
  const calls = fitting.length > 0 ? fitting : tools.slice(-1);
  return { say, calls, pauseMs, fault };
}

function holds({ seen, unseen }: Condition, text: string): boolean {
  return seen.every((one) => text.includes(one)) && !unseen.some((one) => text.includes(one));
}

/** A task is told as `# title`; what else mentions a title comes later or inside other words. */
function titleIn(text: string, titles: readonly string[]): string | null {
  const headings = [...text.matchAll(/^#\s+(.+)$/gm)].map((match) => plainly(match[1] ?? ''));
  for (const heading of headings) {
    const [best] = titles
      .filter((title) => heading.includes(plainly(title)))
      .sort((a, b) => b.length - a.length);
    if (best !== undefined) return best;
  }
  return null;
}

function plainly(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

function lineOf(key: string, say: string): Choice {
  return { key, say, calls: [], pauseMs: 600, fault: null };
}

function unknownGoal(book: Playbook): string {
  return [
    'This is a rehearsal: its words are scripted, and it knows only these goals:',
    ...book.goals.map(({ goal }) => `- ${goal}`),
    'For a goal of your own, choose an agent or set a key, in a repository of your own.',
  ].join('\n');
}

const unknownTask =
  'This is a rehearsal: its words are scripted, and there is no script for this task. For work of your own, choose an agent or set a key, in a repository of your own.';

const scriptIsOver =
  'This is a rehearsal, and the script for this task ends here. What was done so far is kept; a person has to decide how it goes on.';
