/**
 * A vendor's hook, on Node: where no shell serves, and where the shell found no answer. Small, because an agent stands
 * still while it starts. It ends well whatever happens: a hook that fails would stop the vendor's program.
 */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { CommandCall } from '../gateway/command.ts';
import { hookWord } from '../gateway/run.ts';
import { runAtDoor } from '../gateway/runAtDoor.ts';

async function main(): Promise<void> {
  const { env, argv, stdin, stdout } = process;
  const {
    RIGS_HOME: home = '',
    RIGS_TOKEN: token = '',
    RIGS_CALL: id = '',
    RIGS_PATIENCE: patience = '',
  } = env;
  if (home === '' || token === '') return;
  const call: CommandCall = {
    id: id === '' ? randomUUID() : id,
    program: 'rigs',
    argv: [hookWord, ...argv.slice(3)],
    stdin: await text(stdin),
    cwd: process.cwd(),
    columns: null,
    colours: false,
  };
  // As the whole command has it: seconds to wait for a window that may be reloading.
  const options = /^\d{1,4}$/.test(patience) ? { patienceMs: Number(patience) * 1_000 } : {};
  const { out } = await runAtDoor(home, token, call, options);
  if (out !== '') stdout.write(`${out}\n`);
}

// Nobody reads what a hook says went wrong, and some vendors show it to the model.
main().catch(() => undefined);
