import type { Bead } from '../../town/bead.ts';
import type { CheckResult } from '../../town/check.ts';
import type { HandContext } from './context.ts';

/** Sets a clean worktree up and runs the confirmed checks in it, telling the feed of each. */
export async function runChecks(
  context: HandContext,
  run: {
    readonly cwd: string;
    readonly outputs: string;
    readonly signal: AbortSignal;
    readonly bead: Bead;
    readonly onStart?: (name: string) => void;
  },
): Promise<readonly CheckResult[]> {
  const { worktreeSetup } = context.settings();
  const confirmed = context.state().rig?.checks?.definitions ?? [];
  const definitions = worktreeSetup === null ? confirmed : [worktreeSetup, ...confirmed];
  const results = await context.checks.run({
    definitions,
    cwd: run.cwd,
    outputs: run.outputs,
    signal: run.signal,
    onStart: (name) => {
      context.say({ what: 'check.started', level: 'info', facts: { name }, bead: run.bead });
      run.onStart?.(name);
    },
  });
  run.signal.throwIfAborted();
  for (const { name, outcome, durationMs } of results) {
    const level = outcome === 'passed' ? 'good' : 'warning';
    context.say({ what: 'check.finished', level, facts: { name, outcome, durationMs }, bead: run.bead });
  }
  return results;
}
