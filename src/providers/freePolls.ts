import type { FreePoll, RunnerState } from '../ports/agents.ts';
import type { ModelAccess } from '../ports/models.ts';
import { poll } from './polls.ts';
import { seatOf } from './seatOf.ts';
import type { Vendor } from './vendor.ts';

/** Models that the editor lends: whose limits they draw from, nobody says. */
const silent: readonly string[] = ['vscode'];

/** How the account of a command line that was found is asked. */
export function pollOfVendor({ poll: ask }: Pick<Vendor, 'poll'>, runner: RunnerState): FreePoll {
  const { program } = runner;
  return {
    ...accountOf(runner),
    ask: ask === undefined || program === null ? null : (signal) => ask(program.file, process.env, signal),
    // A program answers whether or not its login is good.
    admits: false,
  };
}

/** `access`: its address and key, as they are once it is asked. */
export function pollOfApi(runner: RunnerState, access: () => Promise<ModelAccess>): FreePoll {
  const ask = async (signal: AbortSignal): ReturnType<typeof poll> => poll(await access(), signal);
  return { ...accountOf(runner), ask: silent.includes(runner.provider) ? null : ask, admits: true };
}

function accountOf(runner: RunnerState): Omit<FreePoll, 'ask' | 'admits'> {
  return { tank: seatOf(runner).tank, provider: runner.provider, name: runner.name };
}
