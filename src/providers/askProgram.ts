import { type ChildProcess, spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { ModelError } from '../ports/models.ts';
import { environmentFor } from '../system/environment.ts';
import { isOver } from '../system/isOver.ts';
import type { Environment } from './vendor.ts';

/** What a vendor's program is asked on its standard input, where it speaks one JSON message a line. */
export interface ProgramQuestion<Answer> {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Environment;
  /** Variables of it that the program must not see. */
  readonly without?: readonly string[];
  readonly says: readonly object[];
  /** The answer in one of its messages; null: this is not it. May throw `ModelError`. */
  readonly read: (message: unknown) => Answer | null;
}

const longestMs = 20_000;
const endsWithinMs = 2_000;

/**
 * Starts a program for one question and ends it. It stands in the person's home, has no terminal and nothing of the
 * editor or of Rigs in its environment. Throws `ModelError`: `connection` where nothing answers within 20 s, `cancelled`.
 */
export async function askProgram<Answer>(
  question: ProgramQuestion<Answer>,
  signal: AbortSignal,
  limitMs = longestMs,
): Promise<Answer> {
  if (isOver(signal)) throw cancelled(signal);
  const child = started(question);
  const late = AbortSignal.timeout(limitMs);
  const over = AbortSignal.any([signal, late]);
  try {
    return await Promise.race([answerOf(child, question), aborted(over)]);
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    if (late.aborted) throw new ModelError('connection', 'Its program does not answer.');
    throw error;
  } finally {
    void end(child);
  }
}

function started<Answer>({ file, args, env, without }: ProgramQuestion<Answer>): ChildProcess {
  try {
    return spawn(file, args, {
      cwd: homedir(),
      env: environmentFor(env, without),
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
  } catch (error) {
    // A `.cmd` of Windows starts in a shell alone, and Node says so before it tries.
    throw new ModelError('connection', 'Its program cannot be asked here.', null, { cause: error });
  }
}

function answerOf<Answer>(child: ChildProcess, { says, read }: ProgramQuestion<Answer>): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const failed = (cause?: unknown): void => {
      reject(new ModelError('connection', 'Its program ended without an answer.', null, { cause }));
    };
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) {
      failed();
      return;
    }
    child.on('error', failed);
    // Whatever it still had to say has been read by then.
    child.on('close', () => {
      failed();
    });
    // It may end before it reads; its end says all there is to say.
    stdin.on('error', () => undefined);
    createInterface({ input: stdout }).on('line', (line) => {
      try {
        const answer = read(messageIn(line));
        if (answer !== null) resolve(answer);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    for (const one of says) stdin.write(`${JSON.stringify(one)}\n`);
  });
}

/** Programs print notes for people between their messages. */
function messageIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Never resolves. */
function aborted(over: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    over.addEventListener('abort', () => {
      reject(new ModelError('connection', 'It is not waited for any longer.'));
    });
  });
}

function cancelled(signal: AbortSignal): ModelError {
  return new ModelError('cancelled', 'The question was cancelled.', null, { cause: signal.reason });
}

/** Its input ends, as when a terminal closes; whoever does not mind that is told in harder words. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.stdin?.end();
  child.stdout?.resume();
  const gone = new Promise<boolean>((resolve) => {
    child.once('exit', () => {
      resolve(true);
    });
    setTimeout(resolve, endsWithinMs, false).unref();
  });
  if (await gone) return;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), endsWithinMs).unref();
}
