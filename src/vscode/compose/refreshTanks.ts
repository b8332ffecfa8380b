import { askTanks } from '../../foreman/askTanks.ts';
import type { Account } from '../../ports/account.ts';
import type { Agents, FreePoll, Polled } from '../../ports/agents.ts';
import { systemClock } from '../../system/clock.ts';
import type { Asking } from '../town.ts';

/** Asks the accounts of some rigs for what costs nothing, one that several of them have once. Throws AccountError. */
export async function refreshTanks(
  rigs: readonly { readonly agents: Pick<Agents, 'polls'> }[],
  account: Account,
  { signal, onAnswer }: Asking,
): Promise<readonly Polled[]> {
  const polls = (await Promise.all(rigs.map(({ agents }) => agents.polls()))).flat();
  const once = [...new Map(polls.map((one): [string, FreePoll] => [one.tank, one])).values()];
  let answered = 0;
  const parts = {
    account,
    now: () => systemClock.now(),
    onAnswer: (polled: Polled) => {
      answered += 1;
      onAnswer(polled, answered, once.length);
    },
  };
  return askTanks(parts, once, signal);
}
