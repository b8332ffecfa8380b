import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Terminal } from './terminal.ts';

/** This process's own streams. `RIGS_PROGRAM` says under which name it was called. */
export function processTerminal(signal: AbortSignal): Terminal {
  const { stdin, stdout, stderr, env, argv } = process;
  const isTerminal = stdout.isTTY;
  // A reader that has seen enough, such as `head`, is no mistake.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    argv: argv.slice(2),
    env,
    cwd: process.cwd(),
    program: isRgt(env, argv[1] ?? '') ? 'rgt' : 'rigs',
    columns: isTerminal ? stdout.columns : null,
    // https://no-color.org
    colours: isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    asks: stdin.isTTY && isTerminal,
    signal,
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    // At a terminal it ends when the person says so, or not at all.
    stdin: () => text(addAbortSignal(signal, stdin)),
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stdout });
      const ended = new Promise<null>((resolve) => {
        lines.once('close', () => {
          resolve(null);
        });
      });
      try {
        return await Promise.race([lines.question(question, { signal }), ended]);
      } finally {
        lines.close();
      }
    },
  };
}

function isRgt(env: NodeJS.ProcessEnv, script: string): boolean {
  return env['RIGS_PROGRAM'] === 'rgt' || path.parse(script).name === 'rgt';
}
