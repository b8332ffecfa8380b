import { beadTypes } from '../town/bead.ts';
import type { Usage } from '../town/bead.ts';
import { firstEstimate, wordsOf } from '../town/firstEstimate.ts';
import type { BeadWords, PlanProblem } from '../town/plan.ts';
import { type ParsedPlan, parsePlan } from '../town/plan/parse.ts';
import { printPlan } from '../town/plan/print.ts';
import { planProblemWords } from '../words/plan.ts';
import { plainEnglish } from '../words/translate.ts';
import { readBeads } from './answer.ts';
import { type Asking, ask } from './ask.ts';
import { planTool, submitPlan } from './contract.ts';
import { promptFile } from './promptFile.ts';
import { type RepositoryFacts, planningPrompt } from './prompt.ts';
import type { Reading } from './reading.ts';

export interface PlanWish extends Asking {
  readonly goal: string;
  readonly facts: RepositoryFacts;
  /** A remark for the person at the top of the text, already in their language. */
  readonly note?: string;
}

export interface Planned extends Draft {
  readonly usage: Usage;
  /** Calls of the model. */
  readonly requests: number;
}

interface Draft {
  /** What belongs into `plan.rigs.md`; `plan` and `problems` are what is read from exactly this text. */
  readonly text: string;
  readonly plan: ParsedPlan;
  /** Not empty when the model was wrong twice: the person mends it in the editor. */
  readonly problems: readonly PlanProblem[];
}

const maxOutputTokens = 16_000;
/** How many beads a goal becomes when nothing speaks against it. */
const usual = { fewest: 3, most: 7 } as const;

/** A goal as a plan. A malformed answer is sent back once with what is wrong. Throws `AssayerError`. */
export async function planGoal(wish: PlanWish): Promise<Planned> {
  const { value, usage, requests } = await ask(wish, {
    system: await promptFile('planner', { ...usual, types: beadTypes.join(', '), tool: planTool }),
    prompt: planningPrompt(wish.goal, wish.facts),
    tool: submitPlan,
    maxOutputTokens,
    read: (answer) => read(wish, answer),
  });
  return { ...value, usage, requests };
}

function read(wish: PlanWish, answer: unknown): Reading<Draft> {
  const reading = readBeads(answer);
  if (reading.kind !== 'value') return reading;
  const value = drafted(wish, reading.value);
  const between = value.problems.map(
    (one) => `${headingOf(value.plan, one)}: ${planProblemWords(one, plainEnglish)}`,
  );
  return { kind: 'value', value, wrong: [...new Set([...reading.wrong, ...between])] };
}

function drafted({ goal, facts, note }: PlanWish, words: readonly BeadWords[]): Draft {
  const beads = words.map((one) => ({ ...one, estimate: one.estimate ?? estimated(one, facts) }));
  const text = printPlan({ goal, beads }, note ?? null);
  const plan = parsePlan(text);
  return { text, plan, problems: plan.problems };
}

function estimated(bead: BeadWords, { files }: RepositoryFacts): number | null {
  const type = beadTypes.find((one) => one === bead.type);
  const facts = { words: wordsOf(bead), named: 0, files: files.length };
  return type === undefined ? null : firstEstimate({ type, ...facts });
}

function headingOf(plan: ParsedPlan, problem: PlanProblem): string {
  const bead = plan.beads.findLast((one) => one.at.line <= problem.line);
  return bead === undefined ? 'The plan' : `Bead ${bead.key}`;
}
