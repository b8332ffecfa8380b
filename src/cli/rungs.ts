import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { unpackCommand } from '../gateway/commandBody.ts';
import { runHeaders } from '../gateway/run.ts';
import { type Rung, lastRung } from './rung.ts';
import { shellProgram } from './wrappers.ts';

/** As nc does it. Not with a module: loading one takes longer than all the rest. */
const perlText = `
use strict;
my ($path, $door) = shift;
my $address = $^O eq "linux" ? pack("S a*", 1, "$path\\0") : pack("C C a*", 3 + length $path, 1, "$path\\0");
socket($door, 1, 1, 0) && connect($door, $address) or exit 1;
binmode $_ for *STDIN, *STDOUT, $door;
$| = 1;
my $request = do { local $/; <STDIN> };
while (length $request) {
  my $sent = syswrite $door, $request;
  defined $sent or exit 1;
  substr($request, 0, $sent, "");
}
while (sysread $door, my $piece, 65536) { print $piece or exit 1 }
`;

const curlFlags = '-q -s -N -i --http1.1 --noproxy * -H Expect: --data-binary @- http://rigs/v1/run';

/** The fastest first (bench `cli.roundtrip`). Flavours of nc differ in what they do when all is sent. */
export const rungs: readonly {
  readonly name: Rung['name'];
  readonly program: string;
  readonly flags: string;
}[] = [
  { name: 'nc', program: 'nc', flags: '-U' },
  { name: 'nc', program: 'nc', flags: '-N -U' },
  { name: 'nc', program: 'ncat', flags: '-U' },
  { name: 'perl', program: 'perl', flags: perlText },
  // After perl, because it takes longer to start and does not notice that who started it is gone: it ignores that
  // nobody reads what it prints until its answer is there.
  { name: 'curl', program: 'curl', flags: curlFlags },
];

/** The rungs that this machine has programs for, fastest first; whether they work is not known yet. */
export async function rungsHere(searchPath: string = process.env['PATH'] ?? ''): Promise<readonly Rung[]> {
  const found: Rung[] = [];
  for (const { name, program, flags } of rungs) {
    const tool = await findIn(searchPath, program);
    if (tool !== null) found.push({ name, tool, flags });
  }
  return found;
}

async function findIn(searchPath: string, program: string): Promise<string | null> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, program);
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return null;
}

let chosen: Promise<Rung> | null = null;

/** The fastest rung that works, tried once in this process. `script` is the text of `rigs.sh`. */
export function chooseRung(script: string): Promise<Rung> {
  chosen ??= choose(script);
  return chosen;
}

async function choose(script: string): Promise<Rung> {
  if (process.platform === 'win32') return lastRung;
  for (const rung of await rungsHere()) if (await carries(rung, script)) return rung;
  return lastRung;
}

/** As long as a busy machine may take to start two small programs. */
const patienceMs = 3_000;
/** Longer than it takes a program that does not wait for its answer to be gone. */
const thinkMs = 60;

const words = ['trial', 'a\nb', 'ü'];
const printed = 'said\n\n';

/** Whether a call and its answer come through unharmed: said to a throw-away door, which thinks for a moment. */
export async function carries(rung: Rung, script: string): Promise<boolean> {
  let folder: string | null = null;
  try {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs-bin-'));
    return await tried(rung, script, folder);
  } catch {
    // Whatever it is, there is a next rung.
    return false;
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function tried(rung: Rung, script: string, folder: string): Promise<boolean> {
  const socket = path.join(folder, 's');
  const program = path.join(folder, 'rigs');
  const heard: string[][] = [];
  const door = createServer((request, response) => void listenTo(request, response, heard));
  Object.assign(door, { httpAllowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(socket, resolve);
  });
  try {
    await writeFile(path.join(folder, 'door.json'), `{"version":1,"socket":"${socket}"}\n`);
    const nowhere = path.join(folder, 'none');
    const parts = { rung, script, execPath: nowhere, nodeEnv: {}, cli: nowhere, hook: nowhere };
    await writeFile(program, shellProgram('rigs', parts));
    await chmod(program, 0o700);
    const { exit, out } = await run(program, folder);
    return exit === 0 && out === `${printed}\n` && JSON.stringify(heard) === JSON.stringify([words]);
  } finally {
    door.closeAllConnections();
    door.close();
  }
}

async function listenTo(
  request: IncomingMessage,
  response: ServerResponse,
  heard: string[][],
): Promise<void> {
  heard.push([...unpackCommand(await buffer(request)).argv]);
  response.writeProcessing();
  await new Promise((resolve) => setTimeout(resolve, thinkMs));
  const body = `${printed}.`;
  response.writeHead(200, { 'content-length': Buffer.byteLength(body), [runHeaders.exit]: 0 });
  response.end(body);
}

function run(
  program: string,
  folder: string,
): Promise<{ readonly exit: number | null; readonly out: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, RIGS_HOME: folder, RIGS_TOKEN: 'trial' };
    const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    let out = '';
    child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
    child.once('error', reject);
    child.once('close', (exit) => {
      clearTimeout(late);
      resolve({ exit, out });
    });
  });
}
