/** `npm run check`: types, lint, format and walls, side by side, each printed when it is done. */
import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { pathToFileURL } from 'node:url';
import { count, emptyTally } from './outcome.ts';
import type { Outcome, Tally } from './outcome.ts';
import { root, say } from './toolchain.mjs';

/** `script` lies below the repository. */
type Tool = { readonly name: string; readonly script: string; readonly args: readonly string[] };

const tools: readonly Tool[] = [
  { name: 'lint', script: 'node_modules/eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', '.'] },
  { name: 'types of the webviews', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'src/webview'] },
  {
    name: 'walls',
    script: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.mjs', 'src'],
  },
  { name: 'sentences', script: 'test/harness/collectSentences.mjs', args: ['--check'] },
  {
    name: 'format',
    script: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level', 'warn', '.'],
  },
];

/** Longer than any of them takes on a busy machine. */
const limitMs = 10 * 60_000;

/** Runs one tool quietly. Its output is what it complains about. */
function run({ script, args }: Tool): Promise<{ readonly ok: boolean; readonly output: string }> {
  const file = `${root}/${script}`;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [file, ...args],
      { cwd: root, maxBuffer: 1 << 26, timeout: limitMs },
      (error, stdout, stderr) => {
        const late =
          error?.killed === true ? `It did not end within ${String(limitMs / 60_000)} minutes.` : '';
        resolve({ ok: error === null, output: `${stdout}${stderr}${late}`.trim() });
      },
    );
    // They take what the tests beside them leave.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  });
}

async function report(tool: Tool, tell: (line: string) => void): Promise<Outcome> {
  const started = performance.now();
  const { ok, output } = await run(tool);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  tell(`  ${ok ? '✔' : '✘'} ${tool.name} (${seconds} s)${ok ? '' : `\n${output}`}`);
  return { title: tool.name, file: '', state: ok ? 'passed' : 'failed', message: output };
}

/** Each tool counts as one test. */
export async function check(tell: (line: string) => void): Promise<Tally> {
  return { ...emptyTally, outcomes: await Promise.all(tools.map((tool) => report(tool, tell))) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { outcomes } = await check(say);
  process.exitCode = count(outcomes, 'failed') === 0 ? 0 : 1;
}
