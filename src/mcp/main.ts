import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serveTools } from './serve.ts';
import { speakerIn } from './speaker.ts';

/** Serves Rigs' tools to one agent on stdin and stdout, until its client closes them. */
async function main(): Promise<void> {
  const serving = await serveTools(new StdioServerTransport(), speakerIn(process.env));
  // The transport does not look at its end; without this a killed agent would leave a server that waits for ever.
  const leave = (): void => {
    void serving.leave().finally(() => process.exit(0));
  };
  process.stdin.once('end', leave);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, leave);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
