import { type Measurement, figure } from '../figure.ts';
import { inHost } from '../host/inHost.ts';

async function measure(): Promise<Measurement> {
  const { subjectMs = NaN, baselineMs = NaN, runs = 0 } = await inHost('polecatStart');
  return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
}

figure({
  name: 'polecat.start',
  unit: 'x',
  target: 1.3,
  against: 'git worktree add (10k files) + createTerminal, ms',
  measure,
});
