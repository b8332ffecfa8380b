/** `rigs`: what the rig around the current folder is doing, asked at its door. */
import { call } from '../gateway/client.ts';
import { DoorError } from '../gateway/doorError.ts';
import { readPersonToken } from '../gateway/home.ts';
import type { ReplyOf } from '../gateway/protocol.ts';
import { CliError, exitCodes } from './cliError.ts';
import { findHome } from './findHome.ts';
import { printBeads, printStatus } from './print.ts';
import { version } from '../system/version.ts';

const help = `Usage: rigs <command> [--json]

  status       the rig around the current folder: its beads, what needs you
  bead list    every open bead in the order in which they start, and the last ended ones
  version      the version of Rigs
  help         this text

Exit codes: 0 done, 1 failed or refused, 2 not understood, 3 no window runs the rig, 4 no rig here.`;

/** A window that reloads is back within this time; longer than that a person does not wait for a status. */
const patienceMs = 3_000;

type Status = ReplyOf<'status'>;
type Command = (json: boolean) => Promise<string>;

const commands: Readonly<Record<string, Command>> = {
  status: async (json) => {
    const status = await askStatus();
    return json ? JSON.stringify(status, null, 2) : printStatus(status);
  },
  'bead list': async (json) => {
    const status = await askStatus();
    return json ? JSON.stringify(status.beads, null, 2) : printBeads(status);
  },
  version: (json) => Promise.resolve(json ? JSON.stringify({ version }) : version),
  help: () => Promise.resolve(help),
};

async function askStatus(): Promise<Status> {
  const home = await findHome(process.cwd(), process.env);
  const token = await tokenFor(home, process.env);
  try {
    return await call(home, token, 'status', {}, { patienceMs });
  } catch (error) {
    if (error instanceof DoorError && error.reason === 'unreachable') throw noWindow(error);
    throw error;
  }
}

/** In an agent's terminal the agent asks, with its own token or not at all: never as the person. */
async function tokenFor(home: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { RIGS_HOME: given = '', RIGS_TOKEN: own = '' } = env;
  if (own !== '') return own;
  if (given !== '')
    throw new CliError('failed', "RIGS_HOME is set, as in an agent's terminal, and RIGS_TOKEN is not.");
  const persons = await readPersonToken(home);
  if (persons === null) throw noWindow();
  return persons;
}

function noWindow(cause?: unknown): CliError {
  return new CliError('no_window', 'No window runs this rig. Open its folder in VS Code and try again.', {
    cause,
  });
}

function commandFor(argv: readonly string[]): { readonly run: Command; readonly json: boolean } {
  const words = argv.filter((word) => word !== '--json');
  const name =
    words.length === 0 || words.includes('--help') || words.includes('-h') ? 'help' : words.join(' ');
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (run === undefined)
    throw new CliError('usage', `There is no command ${JSON.stringify(name)}.\n\n${help}`);
  return { run, json: argv.includes('--json') };
}

async function main(): Promise<number> {
  try {
    const { run, json } = commandFor(process.argv.slice(2));
    process.stdout.write(`${await run(json)}\n`);
    return exitCodes.ok;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes[error instanceof CliError ? error.reason : 'failed'];
  }
}

void main().then((code) => {
  process.exitCode = code;
});
