import type { CheckDefinition, CheckResult } from '../../town/check.ts';
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
    readonly about: Pick<Line, 'bead' | 'request'>;
    readonly onStart?: (name: string) => void;
  },
): Promise<readonly CheckResult[]> {
  const { about, signal } = run;
  const results = await context.checks.run({
    definitions: definitionsOf(context),
    cwd: run.cwd,
    outputs: run.outputs,
    signal,
    changed: run.changed,
    onStart: (name) => {
      context.say({ what: 'check.started', level: 'info', facts: { name }, ...about });
      run.onStart?.(name);
    },
  });
  signal.throwIfAborted();
  for (const { name, outcome, durationMs } of results) {
    const level = outcome === 'passed' || outcome === 'skipped' ? 'good' : 'warning';
    context.say({ what: 'check.finished', level, facts: { name, outcome, durationMs }, ...about });
  }
  return results;
}

/** By what a proof of now is told from others of the same tree: the checks, and the programs that they start. */
export function checkedBy(context: HandContext): Promise<string> {
  return context.checks.basis(definitionsOf(context));
}

/** The worktree's setup, then what was confirmed. */
export function definitionsOf(context: HandContext): readonly CheckDefinition[] {
  const { worktreeSetup } = context.settings();
  const confirmed = context.state().rig?.checks?.definitions ?? [];
  return worktreeSetup === null ? confirmed : [worktreeSetup, ...confirmed];
}
