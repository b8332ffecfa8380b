import { type Usage, totalUsage } from '../../town/bead.ts';
import { forecastOf } from '../../town/forecast.ts';
import type { Fuel } from '../../town/fuel.ts';
import type { RigState } from '../../town/state.ts';
import type { Tank } from '../../town/tank.ts';
import { plain } from '../../words/plain.ts';
import { unaskedWords } from '../../words/polls.ts';
import { dryWords, heldBackWords } from '../../words/tanks.ts';
import { clock, relative } from '../../words/times.ts';
import { plainEnglish as t } from '../../words/translate.ts';
import { misused } from '../commandError.ts';
import { json } from '../print/json.ts';
import { fields, parts, section } from '../print/lines.ts';
import { type Screen, table } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { iso } from '../shapes.ts';
import {
  type ShownGauge,
  fuelOf,
  gaugeJson,
  gaugesOf,
  leftText,
  levelColours,
  levelText,
  tankNamed,
  tanksIn,
  tanksNamed,
} from '../tanks.ts';
import { savingsText } from '../savings.ts';
import { fractionOf } from '../values.ts';
import type { Asked, Run, Verb } from '../verb.ts';
import { tankHistory } from './tankHistory.ts';
import { tankText } from './tankText.ts';

/** Beads that several vendors worked on: their counts are by session, and ended sessions do not say whose they were. */
const several = 'several';

interface Row {
  readonly tank: Tank;
  readonly shown: ShownGauge | null;
}

const list: Run = async (reach, asked) => listed(reach, asked, await fuelOf(reach));

function listed(reach: Reach, asked: Asked, fuel: Fuel): string {
  if (asked.given.is('json')) return json(tanksIn(fuel).map((tank) => tankJson(reach, tank, fuel)));
  const shown = tankTable(reach, fuel, asked);
  const used = usedText(reach);
  if (reach.owner === null)
    return parts('No window runs this rig, and only a window knows your accounts.', used);
  return shown === ''
    ? parts(
        'Nothing is known of any account yet. `rigs provider list` shows which providers there are.',
        used,
      )
    : parts(shown, used, savingsText(fuel));
}

/** Every limit of every account; empty when none is known. */
export function tankTable(reach: Reach, fuel: Fuel, screen: Screen): string {
  const now = reach.now();
  const rows = tanksIn(fuel).flatMap((tank): readonly Row[] => {
    const gauges = gaugesOf(reach, tank);
    return gauges.length === 0 ? [{ tank, shown: null }] : gauges.map((shown) => ({ tank, shown }));
  });
  if (rows.length === 0) return '';
  const at = (when: number): string => clock(when, now);
  return table<Row>(
    [
      { head: 'ACCOUNT', cell: ({ tank }) => tank.id },
      { head: 'LIMIT', cell: ({ shown }) => shown?.name ?? 'not told yet', gives: true },
      {
        head: 'LEVEL',
        cell: ({ shown }) => (shown === null ? '' : levelText(shown.level)),
        colour: ({ shown }) => (shown === null ? null : levelColours[shown.level]),
      },
      { head: 'LEFT', cell: ({ shown }) => (shown === null ? '' : leftText(shown.gauge.left)) },
      {
        head: 'RESETS',
        cell: ({ shown }) => (shown?.gauge.resetsAt == null ? '' : relative(shown.gauge.resetsAt, now, t)),
      },
      {
        head: 'NOTE',
        cell: ({ tank, shown }) => heldBackWords(tank, now, at, t) || noteOf(shown, now, at),
        gives: true,
      },
    ],
    rows,
    screen,
  );
}

function noteOf(shown: ShownGauge | null, now: number, at: (when: number) => string): string {
  if (shown === null) return '';
  const dry = dryWords(forecastOf(shown.told, now), at, t);
  return dry !== '' ? dry : shown.gauge.certainty === 'measured' ? '' : shown.gauge.certainty;
}

function usedText({ rig: { state } }: Reach): string {
  const lines = [...usedBy(state)].map(
    ([provider, { input, output }]) =>
      [provider, `${input.toLocaleString('en')} tokens in, ${output.toLocaleString('en')} out`] as const,
  );
  return lines.length === 0 ? '' : section('Used by this rig', fields(lines));
}

function tankJson(reach: Reach, tank: Tank, fuel: Fuel) {
  const { id, provider, problem, breaker } = tank;
  return {
    provider,
    account: id,
    gauges: gaugesOf(reach, tank).map((one) => gaugeJson(one, reach.now())),
    problem: problem === null ? null : { ...problem, at: iso(problem.at) },
    leftAloneUntil: breaker.until === null ? null : iso(breaker.until),
    running: fuel.draws.filter(({ tank: one }) => one === id).length,
    used: usedBy(reach.rig.state).get(provider) ?? { input: 0, cachedInput: 0, output: 0 },
  };
}

function usedBy({ beads, polecats }: RigState): ReadonlyMap<string, Usage> {
  const sums = new Map<string, Usage>();
  for (const bead of Object.values(beads)) {
    const polecat = bead.polecat === null ? undefined : polecats[bead.polecat];
    if (polecat === undefined || Object.keys(bead.usage).length === 0) continue;
    const provider = Object.keys(polecat.conversations).length > 1 ? several : polecat.seat.provider;
    const before = sums.get(provider) ?? { input: 0, cachedInput: 0, output: 0 };
    const more = totalUsage(bead);
    sums.set(provider, {
      input: before.input + more.input,
      cachedInput: before.cachedInput + more.cachedInput,
      output: before.output + more.output,
    });
  }
  return sums;
}

const status: Run = async (reach, { given }) => {
  const fuel = await reach.accounts.fuel();
  const tanks = tanksNamed(fuel, given.one('provider'));
  if (given.is('json')) return json(tanks.map((tank) => tankJson(reach, tank, fuel)));
  return parts(...tanks.map((tank) => tankText(reach, tank, fuel)));
};

const refresh: Run = async (reach, asked, signal) => {
  await reach.runners(true);
  const unasked = unaskedWords(await reach.askTanks(signal), t);
  const shown = listed(reach, asked, await reach.accounts.fuel());
  return asked.given.is('json') ? shown : parts(shown, unasked.join('\n'));
};

const set: Run = async (reach, { given }) => {
  const tank = tankNamed(await reach.accounts.fuel(), given.one('provider'));
  const wanted = given.maybe('gauge');
  const shown = gaugesOf(reach, tank);
  const one = wanted === null ? shown[0] : shown.find(({ gauge }) => gauge.gauge === wanted);
  if (wanted !== null && one === undefined)
    throw misused(
      `${plain(tank.id, 60)} has no limit ${plain(wanted, 40)}. It has: ${shown.map(({ gauge }) => gauge.gauge).join(', ')}.`,
    );
  const left = fractionOf(given.one('level'), one?.gauge.capacity ?? null);
  await reach.accounts.tell([{ kind: 'set', tank: tank.id, gauge: one?.gauge.gauge ?? null, left }]);
  return `${plain(tank.id, 60)}${one === undefined ? '' : `, ${one.name}`}: ${leftText(left)}, until the provider says otherwise.`;
};

const providerArgument = { name: 'provider', need: 'one' } as const;

export const tankVerbs: readonly Verb[] = [
  {
    words: 'tank list',
    args: [],
    flags: [],
    about: 'What is left of each account’s limits, when it is full again, and when it runs dry.',
    who: 'reader',
    json: true,
    run: list,
  },
  {
    words: 'tank status',
    args: [providerArgument],
    flags: [],
    about: 'All that is known of a provider’s accounts, and how sure it is.',
    who: 'reader',
    json: true,
    run: status,
  },
  {
    words: 'tank refresh',
    args: [],
    flags: [],
    about: 'Look at programs and keys anew, ask accounts for what costs nothing, then list.',
    who: 'person',
    json: true,
    run: refresh,
  },
  {
    words: 'tank set',
    args: [providerArgument, { name: 'level', need: 'one' }],
    flags: [{ name: 'gauge', takes: 'limit', about: 'Which limit, such as 5h; else the lowest.' }],
    about: 'Say what is left: 40%, 0.4, full, empty, or a number of tokens.',
    who: 'person',
    run: set,
  },
  {
    words: 'tank history',
    args: [{ name: 'provider', need: 'maybe' }],
    flags: [{ name: 'period', takes: 'time', about: 'How far back: 90m, 24h, 7d. 24h unless said.' }],
    about: 'How much was left when, since each limit’s last reset.',
    who: 'reader',
    json: true,
    run: tankHistory,
  },
];
