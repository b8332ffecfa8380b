import type { Clock } from '../ports/clock.ts';
import { type Message, type ModelAnswer, ModelError, type Models } from '../ports/models.ts';
import type { Usage } from '../town/bead.ts';
import type { BeadWords, PlanProblem } from '../town/plan.ts';
import { type ParsedPlan, parsePlan } from '../town/plan/parse.ts';
import { printPlan } from '../town/plan/print.ts';
import { plain } from '../words/plain.ts';
import { planProblemWords } from '../words/plan.ts';
import { plainEnglish } from '../words/translate.ts';
import { type Reading, readAnswer } from './answer.ts';
import { submitPlan } from './contract.ts';
import { PlannerError } from './plannerError.ts';
import { type RepositoryFacts, askAgain, planningPrompt, planningSystem } from './prompt.ts';

export interface PlanWish {
  readonly goal: string;
  readonly facts: RepositoryFacts;
  readonly models: Models;
  readonly model: string;
  readonly clock: Clock;
  /** The person's cancel. */
  readonly signal: AbortSignal;
  /** Pieces of what the model says, as they come. */
  readonly onText?: (piece: string) => void;
  /** Milliseconds for everything, a second asking included. */
  readonly limitMs?: number;
  /** A remark for the person at the top of the text, already in their language. */
  readonly note?: string;
}

export interface Planned {
  /** What belongs into `plan.rigs.md`; `plan` and `problems` are what is read from exactly this text. */
  readonly text: string;
  readonly plan: ParsedPlan;
  /** Not empty when the model was wrong twice: the person mends it in the editor. */
  readonly problems: readonly PlanProblem[];
  readonly usage: Usage;
}

const defaultLimitMs = 5 * 60_000;
const maxOutputTokens = 16_000;

/** A goal as a plan. A malformed answer is sent back once with what is wrong. Throws `PlannerError`. */
export async function planGoal(wish: PlanWish): Promise<Planned> {
  const limit = new AbortController();
  const timer = new AbortController();
  void wish.clock.sleep(wish.limitMs ?? defaultLimitMs, timer.signal).then(
    () => {
      limit.abort();
    },
    () => undefined, // answered in time
  );
  try {
    return await within(wish, limit.signal);
  } finally {
    timer.abort();
  }
}

async function within(wish: PlanWish, limit: AbortSignal): Promise<Planned> {
  const prompt = planningPrompt(wish.goal, wish.facts);
  const question: Message = { role: 'user', content: [{ type: 'text', text: prompt }] };
  const first = await ask(wish, [question], limit);
  const read = attempt(wish, first);
  if (read.draft !== null && read.wrong.length === 0) return { ...read.draft, usage: first.usage };
  const again = await ask(wish, [question, ...followUp(first, askAgain(read.wrong))], limit);
  const reread = attempt(wish, again);
  const usage = sum(first.usage, again.usage);
  const draft = better(read, reread);
  if (draft !== null) return { ...draft, usage };
  const said = plain(textOf(again) || textOf(first), 500);
  if (read.reading.kind === 'empty' && reread.reading.kind === 'empty')
    throw new PlannerError('empty', 'The model answered with nothing.', said);
  throw new PlannerError('garbage', 'The model answered twice with something that is no plan.', said);
}

interface Attempt {
  readonly reading: Reading;
  readonly draft: Omit<Planned, 'usage'> | null;
  readonly wrong: readonly string[];
}

function attempt(wish: PlanWish, answer: ModelAnswer): Attempt {
  const reading = readAnswer(answer);
  if (reading.kind === 'empty') return { reading, draft: null, wrong: ['The answer held no beads.'] };
  if (reading.kind === 'garbage') return { reading, draft: null, wrong: reading.wrong };
  const draft = drafted(wish, reading.beads);
  const between = draft.problems.map(
    (one) => `${headingOf(draft.plan, one)}: ${planProblemWords(one, plainEnglish)}`,
  );
  return { reading, draft, wrong: [...new Set([...reading.wrong, ...between])].slice(0, 40) };
}

function drafted(wish: PlanWish, beads: readonly BeadWords[]): Omit<Planned, 'usage'> {
  const text = printPlan({ goal: wish.goal, beads }, wish.note ?? null);
  const plan = parsePlan(text);
  return { text, plan, problems: plan.problems };
}

function headingOf(plan: ParsedPlan, problem: PlanProblem): string {
  const bead = plan.beads.findLast((one) => one.at.line <= problem.line);
  return bead === undefined ? 'The plan' : `Bead ${bead.key}`;
}

/** The second answer, unless it is worse: what was usable before is not thrown away. */
function better(first: Attempt, second: Attempt): Attempt['draft'] {
  if (second.draft === null) return first.draft;
  if (first.draft === null) return second.draft;
  return second.wrong.length <= first.wrong.length ? second.draft : first.draft;
}

async function ask(wish: PlanWish, messages: readonly Message[], limit: AbortSignal): Promise<ModelAnswer> {
  const request = {
    model: wish.model,
    system: planningSystem,
    messages,
    tools: [submitPlan],
    maxOutputTokens,
  };
  const signal = AbortSignal.any([wish.signal, limit]);
  const onText = wish.onText === undefined ? {} : { onText: wish.onText };
  try {
    signal.throwIfAborted();
    const answer = await Promise.race([
      wish.models.complete(request, { signal, ...onText }),
      aborted(signal),
    ]);
    if (answer.stop === 'max_tokens')
      throw new PlannerError(
        'too_long',
        'The answer did not end within its limit.',
        plain(textOf(answer), 500),
      );
    return answer;
  } catch (error) {
    throw asPlannerError(error, wish.signal, limit);
  }
}

/** A model that does not heed the signal must not keep a person waiting. */
async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new ModelError('cancelled', 'The exchange was given up.'));
      },
      { once: true },
    );
  });
}

function asPlannerError(error: unknown, cancel: AbortSignal, limit: AbortSignal): unknown {
  if (PlannerError.is(error)) return error;
  if (cancel.aborted) return new PlannerError('cancelled', 'Planning was cancelled.', '', { cause: error });
  if (limit.aborted) return new PlannerError('timed_out', 'The model took too long.', '', { cause: error });
  if (!ModelError.is(error)) return error; // a defect of ours, not an answer
  return new PlannerError('model', `The model did not answer: ${plain(error.message, 300)}`, '', {
    cause: error,
  });
}

/** Every tool call gets its result, or vendors refuse the next message. */
function followUp(answer: ModelAnswer, wrong: string): readonly Message[] {
  // A block without words is refused by vendors when it is sent back.
  const content = answer.content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  if (content.length === 0) return [];
  const results = content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ type: 'tool_result' as const, toolUseId: block.id, text: wrong, isError: true }]
      : [],
  );
  const reply = results.length > 0 ? results : [{ type: 'text' as const, text: wrong }];
  return [
    { role: 'assistant', content },
    { role: 'user', content: reply },
  ];
}

function textOf(answer: ModelAnswer): string {
  return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function sum(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
  };
}
