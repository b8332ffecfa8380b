import type { Facts, ReasonCode } from '../town/reason.ts';
import type { Level } from '../town/tank.ts';
import { type Telling, called, has, text, time } from './facts.ts';
import { gaugeWords, levelWord } from './tanks.ts';

export type Sentence = (facts: Facts, telling: Telling) => string;

type FuelCode = Extract<
  ReasonCode,
  | `tank_${string}`
  | 'budget_spent'
  | 'strategy_defers'
  | 'overlaps'
  | 'fuel_kept'
  | 'sibling_there'
  | 'move_on_asked'
>;

/** Why a bead waits for an account, for files or for a person's word about accounts. */
export const fuelSentences: Readonly<Record<FuelCode, Sentence>> = {
  tank_dry: (f, telling) => until(f, telling, waitsForGauge(f, telling)),
  tank_pace: (f, telling) =>
    until(
      f,
      telling,
      telling.t('Waits: as many agents work with {provider} as it bears', {
        provider: called(f, 'provider'),
      }),
    ),
  tank_breaker: (f, telling) =>
    until(
      f,
      telling,
      telling.t('Waits: {provider} failed several times in a row', { provider: called(f, 'provider') }),
    ),
  tank_problem: (f, { t }) =>
    t('Waits: {provider} does not let Rigs in or has no credit. Mend it in Tanks.', {
      provider: called(f, 'provider'),
    }),
  tank_probing: (f, telling) =>
    until(
      f,
      telling,
      telling.t('Waits until one agent has found out what {provider} gives', {
        provider: called(f, 'provider'),
      }),
    ),
  budget_spent: budgetSpent,
  strategy_defers: strategyDefers,
  overlaps: (f, { t }) =>
    t('Waits for “{title}”, which changes {file} too.', { title: text(f, 'title'), file: text(f, 'file') }),
  fuel_kept: (f, telling) =>
    until(
      f,
      telling,
      telling.t('Waits: {provider} is kept for {bead}, which has waited for long', {
        provider: called(f, 'provider'),
        bead: text(f, 'bead'),
      }),
    ),
  sibling_there: (f, { t }) =>
    t('Waits: {bead}, another attempt at the same, runs with {provider}.', {
      bead: text(f, 'bead'),
      provider: called(f, 'provider'),
    }),
  move_on_asked: (f, { t }) =>
    t('Its account is used up. You are asked whether {provider} may go on (Needs You).', {
      provider: called(f, 'provider'),
    }),
};

/** `Waits for Claude's 5-hour window, 14:05.` */
function until(f: Facts, telling: Telling, words: string): string {
  const { t } = telling;
  return has(f, 'until')
    ? t('{words}, {time}.', { words, time: time(f, 'until', telling) })
    : t('{words}.', { words });
}

function waitsForGauge(f: Facts, { t }: Telling): string {
  const provider = called(f, 'provider');
  if (!has(f, 'gauge')) return t('Waits for {provider}', { provider });
  return t("Waits for {provider}'s {gauge}", { provider, gauge: gaugeWords(text(f, 'gauge'), null, t) });
}

function budgetSpent(f: Facts, { t }: Telling): string {
  const scope = text(f, 'scope');
  const { limit, used } = f;
  if (typeof used === 'number' && typeof limit === 'number' && used < limit)
    return t('What is left of its budget is kept for what runs already.');
  if (scope === 'bead') return t('Its budget is spent. Raise it and it goes on.');
  if (scope === 'convoy') return t("Its convoy's budget is spent. Raise it and it goes on.");
  if (scope === 'provider')
    return t('The budget for {provider} is spent. Raise it and it goes on.', { provider: called(f, 'of') });
  return t("The day's budget is spent. Raise it and it goes on.");
}

function strategyDefers(f: Facts, telling: Telling): string {
  const { t } = telling;
  const [strategy, provider] = [text(f, 'strategy'), called(f, 'provider')];
  if (!has(f, 'level'))
    return t('Deferred by the strategy “{strategy}”: another provider is better suited.', { strategy });
  const level = levelWord(text(f, 'level') as Level, t);
  return until(
    f,
    telling,
    t('Deferred by the strategy “{strategy}”: {provider} is {level}', { strategy, provider, level }),
  );
}
