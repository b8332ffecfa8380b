/** `rigs` on Node: for what a shell cannot do (asking back, following, reading a rig that nobody runs), and where no shell serves. */
import { client } from './client/client.ts';
import { processTerminal } from './client/processTerminal.ts';
import { Leaving } from '../gateway/outbox.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    interrupted.abort(new Leaving());
  });

void client(processTerminal(interrupted.signal)).then((code) => {
  process.exitCode = code;
});
