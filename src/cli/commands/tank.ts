import type { RunnerState } from '../../ports/agents.ts';
import { type Usage, totalUsage } from '../../town/bead.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { relative } from '../../words/times.ts';
import { plainEnglish } from '../../words/translate.ts';
import { notFound, refused } from '../commandError.ts';
import { json } from '../print/json.ts';
import { fields, parts } from '../print/lines.ts';
import { table } from '../print/table.ts';
import type { Gauge, Reach } from '../reach.ts';
import { iso } from '../shapes.ts';
import { didYouMean } from '../suggest.ts';
import type { Asked, Run, Verb } from '../verb.ts';

/** What is known of a provider's account: what agents said of its limits, and what this rig's beads used. */
interface Tank {
  readonly provider: string;
  readonly gauges: readonly Gauge[];
  readonly used: Usage;
}

interface Row {
  readonly tank: Tank;
  readonly gauge: Gauge | null;
}

/** Beads that several vendors worked on: their counts are by session, and ended sessions do not say whose they were. */
const several = 'several';

const list: Run = async (reach, asked) => listed(reach, asked, await tanks(reach));

function listed(reach: Reach, asked: Asked, all: readonly Tank[]): string {
  if (asked.given.is('json')) return json(all.map(tankJson));
  if (all.length === 0)
    return 'Nothing is known of any provider yet. `rigs provider list` shows which there are.';
  const rows = all.flatMap((tank): readonly Row[] =>
    tank.gauges.length === 0 ? [{ tank, gauge: null }] : tank.gauges.map((gauge) => ({ tank, gauge })),
  );
  return table<Row>(
    [
      { head: 'PROVIDER', cell: ({ tank }) => tank.provider },
      { head: 'WINDOW', cell: ({ gauge }) => gauge?.window ?? 'not told yet' },
      { head: 'LEFT', cell: ({ gauge }) => (gauge === null ? '' : left(gauge)), right: true },
      { head: 'RESETS', cell: ({ gauge }) => resets(reach, gauge) },
      {
        head: 'TOLD',
        cell: ({ gauge }) => (gauge === null ? '' : relative(gauge.seenAt, reach.now(), plainEnglish)),
      },
      { head: 'USED HERE', cell: ({ tank }) => usedWords(tank.used), gives: true },
    ],
    rows,
    asked,
  );
}

function left({ used }: Gauge): string {
  return `${String(Math.round(Math.min(1, Math.max(0, 1 - used)) * 100))} %`;
}

function resets(reach: Reach, gauge: Gauge | null): string {
  return gauge?.resetsAt == null ? '' : relative(gauge.resetsAt, reach.now(), plainEnglish);
}

function usedWords({ input, output }: Usage): string {
  return `${input.toLocaleString('en')} tokens in, ${output.toLocaleString('en')} out`;
}

function tankJson({ provider, gauges, used }: Tank) {
  return {
    provider,
    gauges: gauges.map(({ window, used: part, resetsAt, seenAt }) => ({
      window,
      used: part,
      resetsAt: resetsAt === null ? null : iso(resetsAt),
      seenAt: iso(seenAt),
    })),
    used,
  };
}

async function tanks(reach: Reach): Promise<readonly Tank[]> {
  const gauges = reach.gauges();
  const used = usedBy(reach.rig.state);
  const names = [...(await knownProviders(reach)), ...gauges.map(({ provider }) => provider), ...used.keys()];
  return [...new Set(names)].map((provider) => ({
    provider,
    gauges: gauges.filter((gauge) => gauge.provider === provider),
    used: used.get(provider) ?? { input: 0, cachedInput: 0, output: 0 },
  }));
}

/** Without an owner only what is on disk is known. */
async function knownProviders(reach: Reach): Promise<readonly string[]> {
  if (reach.owner === null) return [];
  const isUsed = ({ problem }: RunnerState): boolean => problem?.kind !== 'disabled';
  return (await reach.runners(false)).filter(isUsed).map(({ provider }) => provider);
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
  const name = given.one('provider');
  const all = await tanks(reach);
  const tank = all.find(({ provider }) => provider === name);
  if (tank === undefined)
    throw notFound(
      `Nothing is known of a provider ${plain(name, 60)}.${didYouMean(
        name,
        all.map(({ provider }) => provider),
      )} \`rigs tank list\` shows what is known.`,
    );
  if (given.is('json')) return json(tankJson(tank));
  const told = tank.gauges.map((gauge) =>
    fields([
      ['window', gauge.window],
      ['left', left(gauge)],
      ['resets', resets(reach, gauge)],
      ['told', relative(gauge.seenAt, reach.now(), plainEnglish)],
    ]),
  );
  return parts(
    plain(name, 60),
    fields([['used here', usedWords(tank.used)]]),
    ...(told.length === 0 ? ['No agent of it has told how much is left yet.'] : told),
  );
};

const refresh: Run = async (reach, asked) => {
  await reach.runners(true);
  const all = await tanks(reach);
  if (asked.given.is('json')) return listed(reach, asked, all);
  return parts(
    listed(reach, asked, all),
    'Programs and keys were looked at anew. How much is left is told by agents as they run; asking the providers comes with *Tanks*.',
  );
};

const notYet =
  (what: string): Run =>
  () =>
    Promise.reject(refused(what));

export const tankVerbs: readonly Verb[] = [
  {
    words: 'tank list',
    args: [],
    flags: [],
    about: 'What agents said is left of each provider’s limits, and what this rig used.',
    who: 'reader',
    json: true,
    run: list,
  },
  {
    words: 'tank status',
    args: [{ name: 'provider', need: 'one' }],
    flags: [],
    about: 'All that is known of one provider’s limits.',
    who: 'reader',
    json: true,
    run: status,
  },
  {
    words: 'tank refresh',
    args: [],
    flags: [],
    about: 'Look at programs and keys anew, then list.',
    who: 'person',
    json: true,
    run: refresh,
  },
  {
    words: 'tank set',
    args: [
      { name: 'provider', need: 'one' },
      { name: 'tokens', need: 'one' },
    ],
    flags: [],
    about: 'Comes with *Tanks*.',
    who: 'person',
    run: notYet(
      'Levels cannot be set by hand yet; that comes with *Tanks*. `rigs tank list` shows what agents told, `rigs provider disable` keeps a provider from new work.',
    ),
  },
  {
    words: 'tank history',
    args: [{ name: 'provider', need: 'maybe' }],
    flags: [{ name: 'period', takes: 'time', about: 'How far back, such as 24h.' }],
    about: 'Comes with *Tanks*.',
    who: 'reader',
    run: notYet(
      'Levels are not remembered yet; that comes with *Tanks*. `rigs tank list` shows what this rig used so far, `rigs bead show` what one bead used.',
    ),
  },
];
