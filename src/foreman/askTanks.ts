import type { FreePoll, Polled } from '../ports/agents.ts';
import type { FuelAccount } from '../ports/fuel.ts';
import { ModelError } from '../ports/models.ts';
import type { TankNews } from '../town/fuel.ts';
import type { Instant } from '../town/ids.ts';
import { breakerAt } from '../town/pace.ts';
import type { Tank } from '../town/tank.ts';

interface Asking {
  readonly account: Pick<FuelAccount, 'fuel' | 'tell'>;
  readonly now: () => Instant;
  /** Called with each answer as it comes. */
  readonly onAnswer?: (polled: Polled) => void;
}

/** Asks accounts for what costs nothing and keeps what they say; the answers in the order of `polls`. Throws AccountError. */
export async function askTanks(
  { account, now, onAnswer }: Asking,
  polls: readonly FreePoll[],
  signal: AbortSignal,
): Promise<readonly Polled[]> {
  return Promise.all(
    polls.map(async (poll) => {
      const since = now();
      const polled = await answerOf(poll, signal);
      const { tanks } = await account.fuel();
      const news = newsOf(polled, tanks[poll.tank], { since, at: now() });
      if (news.length > 0) await account.tell(news);
      onAnswer?.(polled);
      return polled;
    }),
  );
}

async function answerOf(
  { tank, provider, name, ask, admits }: FreePoll,
  signal: AbortSignal,
): Promise<Polled> {
  const common = { tank, provider, name };
  if (ask === null) return { ...common, kind: 'silent' };
  try {
    return { ...common, kind: 'told', readings: await ask(signal), admits };
  } catch (error) {
    if (!ModelError.is(error)) throw error;
    return { ...common, kind: 'failed', reason: error.reason, detail: error.message };
  }
}

/** What an account learns of itself by an answer; `tank` is what is known of it so far, and it was asked at `since`. */
function newsOf(
  polled: Polled,
  tank: Tank | undefined,
  { since, at }: { readonly since: Instant; readonly at: Instant },
): readonly TankNews[] {
  const { tank: id, provider } = polled;
  const account = { tank: id, provider };
  switch (polled.kind) {
    case 'silent':
      return [];
    case 'told': {
      const { readings } = polled;
      const read: readonly TankNews[] = readings.length === 0 ? [] : [{ kind: 'read', ...account, readings }];
      return isMendedBy(polled, tank) ? [...read, { kind: 'answered', ...account, model: '' }] : read;
    }
    case 'failed': {
      const { reason, detail } = polled;
      if (reason === 'auth' || reason === 'credit')
        return [{ kind: 'refused', ...account, problem: reason, detail, since }];
      // One that is well is not judged by a question that nobody needed to ask.
      const isTried = tank !== undefined && breakerAt(tank.breaker, at) === 'half';
      // Only where nobody is there: one that works may still keep its list of models to itself, and work finds that out.
      return isTried && reason === 'connection' ? [{ kind: 'failed', ...account, detail }] : [];
    }
  }
}

/** Lists of models are given to who cannot pay as well; only a balance says that there is money again. */
function isMendedBy(
  { readings, admits }: Extract<Polled, { kind: 'told' }>,
  tank: Tank | undefined,
): boolean {
  if (tank === undefined || (tank.problem === null && tank.breaker.errors === 0)) return false;
  if (tank.problem?.kind === 'credit')
    return readings.some(({ gauge, used }) => gauge === 'balance' && used !== null && used < 1);
  return admits || readings.length > 0;
}
