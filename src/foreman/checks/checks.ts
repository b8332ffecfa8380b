import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CheckRun, Checks } from '../../ports/checks.ts';
import type { CheckResult } from '../../town/check.ts';
import { concerns } from '../../town/concerns.ts';
import { basisOf } from './basis.ts';
import { runCheck } from './runCheck.ts';

export { findChecks } from './find.ts';

/**
 * Runs checks as processes of their own. `outputFile` of a result is the absolute path of a file in the folder the run
 * named. Rejects with the signal's reason when aborted.
 */
export function createChecks(): Checks {
  return { run, basis: basisOf };
}

async function run(wanted: CheckRun): Promise<readonly CheckResult[]> {
  const { definitions, cwd, outputs, signal, changed = null, onStart, onOutput } = wanted;
  await mkdir(outputs, { recursive: true, mode: 0o700 });
  const results: CheckResult[] = [];
  for (const [index, definition] of definitions.entries()) {
    signal.throwIfAborted();
    const { name } = definition;
    if (!concerns(definition, changed)) {
      results.push({ name, outcome: 'skipped', exitCode: null, durationMs: 0, outputFile: null });
      continue;
    }
    onStart?.(name);
    const file = path.join(outputs, fileName(index, name));
    const result = await runCheck(definition, { cwd, file, signal, onOutput });
    results.push(result);
    if (result.outcome !== 'passed') break;
  }
  return results;
}

/** A check's name comes from a person or a repository; only its harmless part becomes a file's name. */
function fileName(index: number, name: string): string {
  const harmless = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  return `${String(index + 1)}-${harmless === '' ? 'check' : harmless}.log`;
}
