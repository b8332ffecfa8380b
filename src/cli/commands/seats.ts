import { plain } from '../../words/plain.ts';
import { notFound, refused } from '../commandError.ts';
import type { Reach } from '../reach.ts';
import { didYouMean } from '../suggest.ts';
import { stateOf } from './provider.ts';

/** Throws `CommandError` for a provider that is not known, or has nothing that could run work now: with what to do. */
export async function mustHaveSeat(reach: Reach, provider: string): Promise<void> {
  const runners = await reach.runners(false);
  const those = runners.filter((one) => one.provider === provider);
  if (those.some(({ problem }) => problem === null)) return;
  const [first] = those;
  if (first !== undefined)
    throw refused(
      `${plain(provider, 60)} cannot run work now: ${those
        .map((one) => `${plain(one.name, 60)} is ${plain(stateOf(one), 300)}`)
        .join('; ')}. \`rigs provider list\` shows what can.`,
    );
  const runner = runners.find((one) => one.runner === provider);
  const near =
    runner === undefined
      ? didYouMean(provider, [...new Set(runners.map((one) => one.provider))])
      : ` Did you mean ${runner.provider}?`;
  throw notFound(`There is no provider ${plain(provider, 60)}.${near} \`rigs provider list\` shows all.`);
}
