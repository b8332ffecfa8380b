/** Runs a named job on the pinned Node, installing what that needs: `node test/harness/onNode.mjs check`. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Lacking, ensureDependencies, ensureNode, root } from './toolchain.mjs';

/** Job → its scripts, of which the last one gets the arguments. */
const jobs = {
  test: ['test/harness/test.ts'],
  check: ['test/harness/check.ts'],
  sentences: ['test/harness/collectSentences.mjs'],
  build: ['esbuild.config.mjs'],
  bench: ['test/bench/bench.ts'],
  sim: ['test/sim/main.ts'],
  package: ['esbuild.config.mjs', 'test/harness/package.ts'],
  start: ['esbuild.config.mjs', 'test/harness/package.ts', 'test/harness/start.ts'],
  rigs: ['src/cli/main.ts'],
};
/** Jobs about the folder they were called in, which npm hands on; the others are about this project. */
const calledIn = { rigs: process.env.INIT_CWD ?? process.cwd() };

/**
 * Runs a script of ours on the pinned Node with the project's packages in place, and returns its exit code.
 * The pinned Node stands first on the PATH too, so that what the script starts by name gets the same one.
 */
export async function runOnPinnedNode(script, args, cwd = root) {
  const node = await ensureNode();
  await ensureDependencies();
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    cwd,
    env,
    stdio: 'inherit',
  });
  const passOn = (signal) => void child.kill(signal);
  process.on('SIGTERM', passOn).on('SIGHUP', passOn);
  process.on('SIGINT', () => undefined); // the terminal sends Ctrl+C to the child as well; its exit code is the answer
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function main([job, ...args]) {
  const scripts = jobs[job];
  if (scripts === undefined) throw new Lacking(`Say which job: ${Object.keys(jobs).join(', ')}.`);
  for (const script of scripts) {
    process.exitCode = await runOnPinnedNode(script, script === scripts.at(-1) ? args : [], calledIn[job]);
    if (process.exitCode !== 0) return;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof Lacking ? error.message : error);
    process.exitCode = 1;
  });
}
