import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { CommandCall } from '../../gateway/command.ts';
import { callId } from '../../gateway/fields.ts';

/** The streams and surroundings of a command, handed in so that a test plays them. */
export interface Terminal {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly program: CommandCall['program'];
  /** Cells of a line; null: no terminal. */
  readonly columns: number | null;
  readonly colours: boolean;
  /** Whether a person can be asked. */
  readonly asks: boolean;
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** All that comes on stdin. */
  stdin(): Promise<string>;
  /** One line of an answer; null when the input ended. */
  ask(question: string): Promise<string | null>;
}

/** What the terminal was called with is under the id that the shell may have said it under already. */
export function callOf(
  { argv: own, env, cwd, program, columns, colours }: Terminal,
  argv: readonly string[],
  stdin = '',
): CommandCall {
  const { RIGS_CALL: said = '' } = env;
  const id = argv === own && v.is(callId, said) ? said : randomUUID();
  return { id, program, argv, stdin, cwd, columns, colours };
}
