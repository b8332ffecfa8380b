import { type SimpleGit, simpleGit } from 'simple-git';
import { GitError } from '../ports/git.ts';
import { gitEnvironment } from './environment.ts';

/**
 * simple-git for the reads whose parsing it does well. Not for others: its log format can be forged by a hostile
 * subject line, its diff and branch lists parse output meant for people, and a command that prints nothing costs a
 * fixed 50 ms (performance of 4.0.2); those go through `RunGit`, under the same environment.
 */
function reader(file: string, cwd: string): SimpleGit {
  const environment = gitEnvironment();
  return simpleGit(cwd, {
    binary: file,
    allowEnvironment: Object.keys(environment),
    // Its guards refuse this very configuration, because a caller's could be hostile; ours is a constant.
    unsafe: {
      allowUnsafeCustomBinary: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeAskPass: true,
      allowUnsafePager: true,
      allowUnsafeEditor: true,
      allowUnsafeExec: true,
      allowUnsafeSshCommand: true,
    },
  }).env(environment);
}

export interface GitVersion {
  readonly major: number;
  readonly minor: number;
  readonly words: string;
}

/** Null when there is no such program. */
export async function versionOf(file: string, cwd: string): Promise<GitVersion | null> {
  const found = await asGitError(reader(file, cwd).version());
  if (!found.installed) return null;
  const { major, minor, patch } = found;
  return { major, minor, words: `${String(major)}.${String(minor)}.${String(patch)}` };
}

export async function remotesOf(file: string, cwd: string): Promise<readonly string[]> {
  const remotes = await asGitError(reader(file, cwd).getRemotes());
  return remotes.map((remote) => remote.name);
}

async function asGitError<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new GitError('failed', 'Git could not be read.', detail, { cause: error });
  }
}
