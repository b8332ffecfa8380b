import { randomUUID } from 'node:crypto';
import type { CommandCall } from '../../gateway/command.ts';

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

export function callOf(
  { cwd, program, columns, colours }: Terminal,
  argv: readonly string[],
  stdin = '',
): CommandCall {
  return { id: randomUUID(), program, argv, stdin, cwd, columns, colours };
}
