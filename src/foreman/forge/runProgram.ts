import { execFile } from 'node:child_process';
import { homedir } from 'node:os';

/** How a program ended and what it said; null: it did not end in time, or could not be started. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const patienceMs = 60_000;
const mostOutput = 4 << 20;

/**
 * Runs a person's own program to its end, in their home: nothing that a repository brings along is looked at by it.
 * Rejects with the signal's reason when aborted.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  {
    env,
    input,
    signal,
  }: { readonly env: Record<string, string>; readonly input: string; readonly signal: AbortSignal },
): Promise<Ended | null> {
  signal.throwIfAborted();
  const ended = await new Promise<Ended | null>((resolve) => {
    const options = {
      cwd: homedir(),
      env,
      signal,
      timeout: patienceMs,
      maxBuffer: mostOutput,
      windowsHide: true,
    };
    const child = execFile(file, [...args], options, (error, stdout, stderr) => {
      const { code = 0 } = error ?? {};
      resolve(typeof code === 'number' && child.signalCode === null ? { code, stdout, stderr } : null);
    });
    // It may end before it reads; its end says all there is to say.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
  signal.throwIfAborted();
  return ended;
}
