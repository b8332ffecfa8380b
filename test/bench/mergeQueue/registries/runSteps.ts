/** Runs programs one after the other until one fails: a JSON array of arrays, each a file and its arguments. */
import { spawnSync } from 'node:child_process';

const steps = JSON.parse(process.argv[2] ?? '') as readonly (readonly [string, ...string[]])[];
for (const [command, ...args] of steps) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) continue;
  console.log(`${command} ${args.join(' ')}: ${error?.message ?? String(status)}`);
  process.exit(1);
}
