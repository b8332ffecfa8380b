/** Parses every file of the package it stands in, and with `test` runs those in its folder of tests. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

function node(...args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status === 0) return;
  console.log(`${args.join(' ')}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  process.exit(1);
}

const tested = process.argv[2] === 'test';
const tests = /^test[\\/][^\\/]+\.js$/;
const names = readdirSync('.', { recursive: true, encoding: 'utf8' });
const files = names.filter((name) => /\.[cm]?js$/.test(name)).toSorted();
for (const file of files) if (!tested || !tests.test(file)) node('--check', file);
if (tested) for (const file of files) if (tests.test(file)) node(file);
