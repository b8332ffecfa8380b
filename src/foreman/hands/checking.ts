import { type CheckDefinition, type CheckResult, firstFailure } from '../../town/check.ts';
import { type Against, checkProblems, problemsCheck } from './problems.ts';
import type { HandContext, Line } from './context.ts';

/** Sets a clean worktree up and runs the confirmed checks in it, telling the feed of each. */
export async function runChecks(
  context: HandContext,
  run: {
    readonly cwd: string;
    readonly outputs: string;
    readonly signal: AbortSignal;
    /** Files that differ from the target; null: not known, so that every check runs. */
    readonly changed: readonly string[] | null;
    /** The target and what is tested on top of it; null: it is the target itself. */
    readonly against: Against | null;
    readonly about: Pick<Line, 'bead' | 'request'>;
    readonly onStart?: (name: string) => void;
  },
): Promise<readonly CheckResult[]> {
  const { about, signal } = run;
  const onStart = (name: string): void => {
    context.say({ what: 'check.started', level: 'info', facts: { name }, ...about });
    run.onStart?.(name);
  };
  const ran = await context.checks.run({
    definitions: definitionsOf(context),
    cwd: run.cwd,
    outputs: run.outputs,
    signal,
    changed: run.changed,
    onStart,
  });
  signal.throwIfAborted();
  const results = [...ran, ...(await editorCheck(context, run, ran, onStart))];
  signal.throwIfAborted();
  for (const { name, outcome, durationMs, unseen } of results) {
    const level = outcome === 'passed' || outcome === 'skipped' ? 'good' : 'warning';
    context.say({
      what: 'check.finished',
      level,
      facts: { name, outcome, durationMs, ...(unseen === undefined ? {} : { unseen }) },
      ...about,
    });
  }
  return results;
}

/** The last one: it is the dearest, and of what fails anyway nothing more need be known. */
async function editorCheck(
  context: HandContext,
  run: Parameters<typeof checkProblems>[1],
  ran: readonly CheckResult[],
  onStart: (name: string) => void,
): Promise<readonly CheckResult[]> {
  if (!looksAtProblems(context) || firstFailure(ran) !== null) return [];
  onStart(problemsCheck);
  return [await checkProblems(context, run)];
}

function looksAtProblems(context: HandContext): boolean {
  return context.settings().refinery.editorProblems === true;
}

/** By what a proof of now is told from others of the same tree: the checks, and the programs that they start. */
export async function checkedBy(context: HandContext): Promise<string> {
  const basis = await context.checks.basis(definitionsOf(context));
  return looksAtProblems(context) ? `${basis}+${problemsCheck}` : basis;
}

/** The worktree's setup, then what was confirmed. */
export function definitionsOf(context: HandContext): readonly CheckDefinition[] {
  const { worktreeSetup } = context.settings();
  const confirmed = context.state().rig?.checks?.definitions ?? [];
  return worktreeSetup === null ? confirmed : [worktreeSetup, ...confirmed];
}
