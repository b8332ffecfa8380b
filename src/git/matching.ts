import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type RunGit, listOf } from './run.ts';

/** Says which of some paths (relative, `/` between parts) patterns in gitignore's syntax match. */
export type Matches = (paths: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Git itself reads the patterns: in an empty repository that has nothing but them. Given to the person's checkout
 * (`ls-files --exclude-from`) they would be looked for in every `node_modules`.
 */
export async function matcherOf(git: RunGit, folder: string, patterns: string): Promise<Matches> {
  const repository = path.join(folder, 'patterns');
  const dir = path.join(repository, '.git');
  for (const name of ['objects', 'refs', 'info']) await mkdir(path.join(dir, name), { recursive: true });
  await writeFile(path.join(dir, 'HEAD'), 'ref: refs/heads/none\n');
  // Empty, so that the person's own ignore file has no say.
  const caseless = process.platform === 'win32' || process.platform === 'darwin';
  await writeFile(
    path.join(dir, 'config'),
    `[core]\n\trepositoryformatversion = 0\n\texcludesFile = ""\n\tignoreCase = ${String(caseless)}\n`,
  );
  await writeFile(path.join(dir, 'info', 'exclude'), patterns);
  return (paths) => ignoredOf(git, repository, paths);
}

/** Which of some paths git ignores in a folder, by patterns alone. None may lie behind a link. */
export async function ignoredOf(
  git: RunGit,
  cwd: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const args = ['check-ignore', '--no-index', '-z', '--stdin'];
  const input = `${paths.join('\0')}\0`;
  return new Set(await listOf(git, args, { cwd, input, answers: [0, 1] }));
}
