/** Stands where the door would: passes each hook's words to the vendor, and its answer back. */
import { writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as textFrom } from 'node:stream/consumers';
import type { HookAnswer, HookQuestion, Sighting } from '../../../src/ports/agents.ts';
import type { RigsProgram, Vendor } from '../../../src/providers/vendor.ts';

type Body = Readonly<Record<string, unknown>>;
/** What the town would say to a hook. */
type Decide = (question: HookQuestion, body: Body) => HookAnswer;

const nothing: HookAnswer = { kind: 'nothing' };

export class HookDoor {
  /** Names of the hooks that called; a status line is none. */
  readonly events: string[] = [];
  readonly sightings: Sighting[] = [];
  readonly questions: HookQuestion[] = [];
  decide: Decide = () => nothing;
  readonly #server: Server;

  constructor(vendor: Pick<Vendor, 'hook'>) {
    this.#server = createServer((request, response) => {
      void textFrom(request).then((body) => {
        const event = (request.url ?? '').slice(1);
        const meaning = vendor.hook(event, body);
        const { sightings, question } = meaning;
        if (event !== 'statusLine') this.events.push(event);
        this.sightings.push(...sightings);
        if (question !== null) this.questions.push(question);
        const answer = question === null ? nothing : this.decide(question, JSON.parse(body) as Body);
        response.end(meaning.print(answer));
      });
    });
  }

  async open(base: string): Promise<RigsProgram> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/`;
    const script = join(base, "a person's $(hook).mjs");
    await writeFile(
      script,
      `let body = ''; for await (const piece of process.stdin) body += piece;
const reply = await fetch('${url}' + process.argv.at(-1), { method: 'POST', body });
process.stdout.write(await reply.text());\n`,
    );
    const mcp = join(base, 'mcp.mjs');
    await writeFile(mcp, mcpServer);
    return {
      bin: base,
      hook: [process.execPath, script, 'agent-hook'],
      mcp: { file: process.execPath, args: [mcp], env: { RIGS_TEST: 'yes' } },
    };
  }

  forget(): void {
    for (const list of [this.events, this.sightings, this.questions]) list.length = 0;
    this.decide = () => nothing;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Has one tool, which answers with the variables the server was given. */
export const mcpServer = `import { createInterface } from 'node:readline';
const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
const { RIGS_TEST, RIGS_TOKEN, RIGS_HOME } = process.env;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  if (method === 'initialize')
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'rigs', version: '1' } });
  else if (method === 'tools/list')
    say(id, { tools: [{ name: 'rigs_done', description: 'Done', inputSchema: { type: 'object', properties: {} } }] });
  else if (method === 'tools/call')
    say(id, { content: [{ type: 'text', text: [RIGS_TEST, RIGS_TOKEN, RIGS_HOME].join(' ') }] });
  else say(id, {});
}
`;
