import type { Note, Purpose } from '../town/polecat.ts';
import type { Reason } from '../town/reason.ts';
import type { ReviewThread } from '../town/review.ts';
import { bullets } from './bullets.ts';
import { mend } from './mends.ts';
import { plain, plainLines } from './plain.ts';
import { quote } from './quote.ts';
import { sentence } from './reasons.ts';
import { threadText } from './review.ts';
import { plainEnglish } from './translate.ts';

/** What was done on a bead before the session that is about to begin; facts, none of them an agent's claim alone. */
export interface Handover {
  readonly purpose: Exclude<Purpose, 'begin'>;
  /** Why it is a `resume`, `revise` or `remind`. */
  readonly feedback: Reason | null;
  /** Of its convoy, in the person's words. */
  readonly goal: string | null;
  /** Subjects of the commits so far, newest first. */
  readonly commits: readonly string[];
  /** What is committed, against the target. */
  readonly changed: {
    readonly files: readonly string[];
    readonly insertions: number;
    readonly deletions: number;
  };
  readonly uncommitted: readonly string[];
  readonly lastCheck: { readonly name: string; readonly passed: boolean } | null;
  /** The end of what the failing check printed, or a conflict's hunks. */
  readonly output: string | null;
  readonly questions: readonly PutQuestion[];
  /** Comments on the work that are not answered yet. */
  readonly review: readonly ReviewThread[];
  readonly notes: readonly Note[];
  /** What was said last, newest last. */
  readonly said: readonly Said[];
  /** Command lines that were run, newest last. */
  readonly ran: readonly string[];
}

/** `reply` is null as long as nobody answered. */
export interface PutQuestion {
  readonly question: string;
  readonly reply: string | null;
}

export interface Said {
  readonly by: 'agent' | 'person';
  readonly text: string;
}

/** Characters of what is quoted besides an output, so that a hand-over stays one page of a model's context. */
export const handoverQuotes = {
  review: 12_000,
  questions: 3_000,
  notes: 4_000,
  said: 4_000,
  ran: 1_500,
} as const;

/** For an agent that knows nothing of what was done. */
export function handover(facts: Handover): string {
  return paragraphs([
    '# What happened so far',
    opening[facts.purpose],
    why(facts),
    facts.goal === null ? '' : `It is part of this goal: ${plain(facts.goal, 200)}`,
    stateOf(facts),
    check(facts),
    outputIn(facts),
    reviewIn(facts.review),
    questionsIn(facts.questions),
    notesIn(facts.notes),
    quoted('The last words of that session:', facts.said.map(wordsOf), handoverQuotes.said),
    quoted(
      'It ran these. They are done: repeat none that changes anything outside this folder.',
      facts.ran.map((one) => plain(one, 300)),
      handoverQuotes.ran,
    ),
  ]);
}

/** For the agent that did it and remembers: what it cannot know. */
export function reminder(facts: Handover): string {
  return paragraphs([
    own[facts.purpose],
    'This is your own session: the task and its rules are as you know them, and `rigs_task` or `rigs prime` tells them again. What ran when it ended was cut off: look whether it took effect before you repeat it.',
    why(facts),
    stateOf(facts),
    check(facts),
    outputIn(facts),
    reviewIn(facts.review),
    questionsIn(facts.questions),
  ]);
}

/** The rehearsal knows by these first words what to play. */
const opening: Readonly<Record<Handover['purpose'], string>> = {
  resume:
    'An earlier session on this task ended. Everything it did is in this worktree, committed or not. Look at it first (git status, git log, git diff), then go on; do not start over.',
  revise:
    'Your work was proven alone, but could not land as it is. The worktree now stands on the newest target with your changes on top.',
  remind: 'The last session on this task ended and the task is not done yet. Its work is in this worktree.',
};

const own: Readonly<Record<Handover['purpose'], string>> = {
  resume: 'You were interrupted. Go on where you were; do not start over.',
  revise: opening.revise,
  remind: 'You stopped, and the task is not done yet. Finish it.',
};

function why({ feedback }: Handover): string {
  return feedback === null
    ? ''
    : [sentence(feedback, plainEnglish), mend(feedback)].filter((one) => one !== '').join('\n\n');
}

function stateOf({ commits, changed, uncommitted }: Handover): string {
  const { files, insertions, deletions } = changed;
  if (commits.length === 0 && files.length === 0 && uncommitted.length === 0)
    return 'No file differs from the target yet.';
  const size = `+${String(insertions)} -${String(deletions)}`;
  return paragraphs([
    commits.length === 0 ? '' : `Commits so far, newest first:\n${bullets(commits, 6, 64)}`,
    files.length === 0 ? '' : `Files changed in them (${size}):\n${bullets(files, 10, 64)}`,
    uncommitted.length === 0 ? '' : `Not committed yet:\n${bullets(uncommitted, 6, 64)}`,
  ]);
}

/** The sentence of a check that brought the bead back says it already. */
function check({ lastCheck, feedback }: Handover): string {
  if (lastCheck === null || feedback?.code.includes('check_') === true) return '';
  return `Last check run: ${plain(lastCheck.name, 60)} ${lastCheck.passed ? 'passed' : 'failed'}.`;
}

function outputIn({ output }: Handover): string {
  return output === null || output.trim() === '' ? '' : quote(output);
}

/** Whole ones, as many as fit; the others are listed where the agent looks them up. */
function reviewIn(review: readonly ReviewThread[]): string {
  if (review.length === 0) return '';
  const blocks: string[] = [];
  let length = 0;
  for (const text of review.map(threadText)) {
    length += text.length + 2;
    if (blocks.length > 0 && length > handoverQuotes.review) break;
    blocks.push(text);
  }
  const rest = review.length - blocks.length;
  return [
    quoted('What your person wrote about lines of your work:', [blocks.join('\n\n')], handoverQuotes.review),
    ...(rest > 0 ? [`And ${String(rest)} more: \`rigs comment list\`.`] : []),
    'Resolve each that you did, with a word on how, and answer the others: the tool `rigs_comment` or `comment`, or `rigs comment resolve ID "…"` and `rigs comment reply ID "…"`.',
  ].join('\n');
}

function questionsIn(questions: readonly PutQuestion[]): string {
  const lines = questions.map(({ question, reply }) =>
    [
      `asked: ${plainLines(question).trim()}`,
      reply === null ? 'not answered yet' : `answer: ${plainLines(reply).trim()}`,
    ].join('\n'),
  );
  return quoted('What was asked of the person who owns this task:', lines, handoverQuotes.questions);
}

/** A newer checkpoint replaces the ones before it. */
function notesIn(notes: readonly Note[]): string {
  const checkpoint = notes.findLast((one) => one.kind === 'checkpoint');
  const lines = notes
    .filter((one) => one.kind === 'note' || one === checkpoint)
    .map(({ kind, text }) => `${kind}: ${plainLines(text).trim()}`);
  return quoted('Notes it kept:', lines, handoverQuotes.notes);
}

function wordsOf({ by, text }: Said): string {
  return `${by}: ${plainLines(text).trim()}`;
}

function quoted(title: string, blocks: readonly string[], max: number): string {
  return blocks.length === 0 ? '' : `${title}\n${quote(blocks.join('\n'), max)}`;
}

function paragraphs(parts: readonly string[]): string {
  return parts.filter((one) => one !== '').join('\n\n');
}
