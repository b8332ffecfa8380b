import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { CheckDefinition } from '../../town/check.ts';

/** A file that decides which checks there are could not be read; `path` names it. */
export class ChecksError extends Error {
  readonly reason = 'unreadable';
  readonly path: string;

  constructor(file: string, options?: ErrorOptions) {
    super(`${file} could not be read.`, options);
    this.name = 'ChecksError';
    this.path = file;
  }
}

const testMs = 10 * 60_000;
const lookMs = 5 * 60_000;

/** Checks a folder seems to have, quick ones first; a proposal for the person to confirm. Throws `ChecksError`. */
export async function findChecks(folder: string): Promise<CheckDefinition[]> {
  const files = new Set(await readdir(folder));
  const found: CheckDefinition[] = [];
  for (const kind of kinds) found.push(...(await kind(folder, files)));
  // Where there is something better, a makefile mostly calls just that.
  return found.length > 0 ? found : make(folder, files);
}

type Kind = (folder: string, files: ReadonlySet<string>) => Promise<readonly CheckDefinition[]>;

const kinds: readonly Kind[] = [
  npm,
  (_folder, files) => fixed(files.has('Cargo.toml'), 'cargo test', 'cargo', ['test']),
  (_folder, files) => fixed(files.has('go.mod'), 'go test', 'go', ['test', './...']),
  pytest,
];

function fixed(
  present: boolean,
  name: string,
  command: string,
  args: readonly string[],
): Promise<readonly CheckDefinition[]> {
  return Promise.resolve(present ? [{ name, command, args, timeoutMs: testMs }] : []);
}

/** A list would pass for an object without names. */
const named = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const packageFile = v.pipe(named, v.object({ scripts: v.optional(named) }));

/** What each script is called by convention, in the order in which they run; the first name that exists counts. */
const scripts: readonly { readonly names: readonly string[]; readonly timeoutMs: number }[] = [
  { names: ['typecheck', 'type-check', 'check-types', 'check:types'], timeoutMs: lookMs },
  { names: ['lint'], timeoutMs: lookMs },
  { names: ['test'], timeoutMs: testMs },
];
const managers: readonly (readonly [lockFile: string, command: string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
];

async function npm(folder: string, files: ReadonlySet<string>): Promise<readonly CheckDefinition[]> {
  if (!files.has('package.json')) return [];
  const file = path.join(folder, 'package.json');
  const parsed = v.safeParse(packageFile, jsonOf(file, await textOf(file)));
  if (!parsed.success) throw new ChecksError(file);
  const present = parsed.output.scripts ?? {};
  const command = managers.find(([lockFile]) => files.has(lockFile))?.[1] ?? 'npm';
  return scripts.flatMap(({ names, timeoutMs }) => {
    const name = names.find((one) => isReal(present[one]));
    return name === undefined ? [] : [{ name, command, args: ['run', name], timeoutMs }];
  });
}

/** `npm init` writes a test that always fails. */
function isReal(script: unknown): boolean {
  return typeof script === 'string' && script.trim() !== '' && !script.includes('Error: no test specified');
}

async function pytest(folder: string, files: ReadonlySet<string>): Promise<readonly CheckDefinition[]> {
  const says = async (file: string, words: string): Promise<boolean> =>
    files.has(file) && (await textOf(path.join(folder, file))).includes(words);
  const present =
    files.has('pytest.ini') ||
    files.has('conftest.py') ||
    (await says('pyproject.toml', '[tool.pytest')) ||
    (await says('setup.cfg', '[tool:pytest]')) ||
    (await says('tox.ini', '[pytest]'));
  // By the interpreter, which is there also when the tool's own script is not on PATH.
  const python = process.platform === 'win32' ? 'python' : 'python3';
  return fixed(present, 'pytest', python, ['-m', 'pytest']);
}

async function make(folder: string, files: ReadonlySet<string>): Promise<CheckDefinition[]> {
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => files.has(name));
  if (file === undefined) return [];
  const text = await textOf(path.join(folder, file));
  const target = ['check', 'test'].find((name) => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(text));
  if (target === undefined) return [];
  return [{ name: `make ${target}`, command: 'make', args: [target], timeoutMs: testMs }];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ChecksError(file, { cause: error });
  }
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ChecksError(file, { cause: error });
  }
}
