import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * What to start for a command. Null: there is no such program. On Linux and macOS the system finds it. Its Windows
 * twin looks itself: the system would search the worktree before PATH, and `npm` there is a batch file, which can only
 * be started through a shell, so the script behind it is run with the Node beside it.
 */
export async function programOf(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Program | null> {
  return process.platform === 'win32' ? onWindows(command, args, environment, cwd) : { file: command, args };
}

const scripts: Readonly<Record<string, string>> = { npm: 'npm-cli.js', npx: 'npx-cli.js' };

/** Exported for its test, which runs everywhere. */
export async function onWindows(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Program | null> {
  const isPath = /[\\/]/.test(command);
  const search = Object.entries(environment).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  const folders = isPath ? [cwd] : search.split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  const endings = path.extname(command) === '' ? ['.exe', '.com'] : [''];
  for (const folder of folders) {
    const script = scripts[command];
    if (script !== undefined) {
      const file = path.join(folder, 'node_modules', 'npm', 'bin', script);
      if (await isFile(file)) return { file: path.join(folder, 'node.exe'), args: [file, ...args] };
    }
    for (const ending of endings) {
      const file = path.resolve(folder, command + ending);
      if (await isFile(file)) return { file, args };
    }
  }
  return null;
}

async function isFile(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
    return (await stat(file)).isFile();
  } catch {
    // Not there or not ours to read: the next folder may have it.
    return false;
  }
}
