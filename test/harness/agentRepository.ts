/** A small repository for agents to work on, with one quick check and an identity of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface AgentRepository {
  /** Holds the repository and the worktrees beside it. */
  readonly place: string;
  readonly folder: string;
  readonly git: (...args: string[]) => Promise<string>;
  /** A file on the target branch; null when it is not there. */
  readonly landed: (file: string) => Promise<string | null>;
  readonly remove: () => Promise<void>;
}

/** Red when a file holds the word BROKEN. */
const check = `const { readdirSync, readFileSync } = require('node:fs');
const bad = readdirSync('.').filter((name) => name.endsWith('.txt') && readFileSync(name, 'utf8').includes('BROKEN'));
if (bad.length > 0) { console.error('broken: ' + bad.join(', ')); process.exit(1); }
`;

const files: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'words', private: true, scripts: { test: 'node check.cjs' } }, null, 2)}\n`,
  'check.cjs': check,
  'README.md': '# Words\n\nOne file a word.\n',
};

export async function makeAgentRepository(name: string): Promise<AgentRepository> {
  const place = await realpath(await mkdtemp(join(tmpdir(), `${name} `)));
  const folder = join(place, 'words');
  await mkdir(folder);
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: folder })).stdout.trim();
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  await git('init', '--quiet', '--template=', '-b', 'main');
  await git('config', 'user.name', 'A Person');
  await git('config', 'user.email', 'person@example.invalid');
  await git('config', 'commit.gpgsign', 'false');
  await git('add', '--', ...Object.keys(files));
  await git('commit', '--quiet', '-m', 'Begin');
  return {
    place,
    folder,
    git,
    landed: (file) => git('show', `main:${file}`).catch(() => null),
    remove: () => rm(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
}
