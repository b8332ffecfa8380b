import { AccountError } from '../../ports/account.ts';
import { type BeadStatus, type Usage, beadStatuses, totalUsage } from '../../town/bead.ts';
import type { Fuel } from '../../town/fuel.ts';
import type { Instant } from '../../town/ids.ts';
import { countByStatus } from '../../town/query.ts';
import { nextStart } from '../../town/nextStart.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { sentence } from '../../words/reasons.ts';
import { beadStatusWord } from '../../words/states.ts';
import { relative } from '../../words/times.ts';
import { plainEnglish } from '../../words/translate.ts';
import { json } from '../print/json.ts';
import { counted, fields, indent, parts } from '../print/lines.ts';
import type { Screen } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { convoyJson, iso, needsJson, sessionJson } from '../shapes.ts';
import { savingsJson, savingsText } from '../savings.ts';
import { type SpentToday, pricesIn, spentText, spentToday } from '../spending.ts';
import { fuelOf, gaugeJson, gaugesOf, tanksIn } from '../tanks.ts';
import type { Run, Verb } from '../verb.ts';
import { wish } from '../wishing.ts';
import { convoyTable } from './convoy.ts';
import { sessionTable } from './sessions.ts';
import { tankTable } from './tank.ts';

const status: Run = async (reach, asked) => {
  const fuel = await accountsOf(reach);
  const spent = await spentToday(reach);
  return asked.given.is('json')
    ? json(statusJson(reach, fuel, spent))
    : statusText(reach, fuel, spent, asked);
};

/** What is known of accounts, or why it cannot be told; the rest of the status is told all the same. */
async function accountsOf(reach: Reach): Promise<Fuel | AccountError> {
  try {
    return await fuelOf(reach);
  } catch (error) {
    if (error instanceof AccountError) return error;
    throw error;
  }
}

function statusJson(reach: Reach, fuel: Fuel | AccountError, spent: readonly SpentToday[] | null) {
  const { state } = reach.rig;
  return {
    rig: rigJson(reach),
    owner: ownerJson(reach),
    stopped: state.stopped,
    beads: countByStatus(state),
    working: workers(state).map((one) => sessionJson(state, one)),
    convoys: openConvoys(state),
    needsYou: needsJson(reach),
    usage: usageOf(state),
    usageToday: usageOf(state, dayBegan(reach.now())),
    /** In all rigs, with what it costs at the vendors' list prices; null: it cannot be told. */
    spentToday: spent,
    /** Null: nothing was measured, or it cannot be told. */
    savings: fuel instanceof AccountError ? null : savingsJson(fuel),
    /** Null: they cannot be told. */
    tanks:
      fuel instanceof AccountError
        ? null
        : tanksIn(fuel).map((tank) => ({
            provider: tank.provider,
            account: tank.id,
            gauges: gaugesOf(reach, tank).map((one) => gaugeJson(one, reach.now())),
          })),
  };
}

export interface RigJson {
  readonly id: string;
  readonly name: string;
  readonly target: string;
  readonly parked: boolean;
  readonly commonDir: string;
  /** Names of the confirmed ones; null: none are confirmed yet. */
  readonly checks: readonly string[] | null;
}

export function rigJson({ rig: { state } }: Reach): RigJson | null {
  const { rig } = state;
  if (rig === null) return null;
  const { id, name, target, parked, commonDir } = rig;
  return {
    id,
    name,
    target,
    parked,
    commonDir,
    checks: rig.checks?.definitions.map((one) => one.name) ?? null,
  };
}

function ownerJson({ owner }: Reach) {
  return owner === null ? null : { pid: owner.pid, since: iso(owner.since) };
}

function workers({ polecats }: RigState) {
  return Object.values(polecats)
    .filter(({ session }) => session !== null)
    .sort((a, b) => a.createdAt - b.createdAt);
}

function openConvoys(state: RigState) {
  return Object.values(state.convoys)
    .filter(({ closedAt }) => closedAt === null)
    .map((convoy) => convoyJson(state, convoy));
}

/** What beads used that moved since an instant; all of them without one. */
function usageOf({ beads }: RigState, since: Instant = 0) {
  const sum = { input: 0, cachedInput: 0, output: 0 };
  for (const bead of Object.values(beads)) {
    if (bead.changedAt < since) continue;
    const { input, cachedInput, output } = totalUsage(bead);
    sum.input += input;
    sum.cachedInput += cachedInput;
    sum.output += output;
  }
  return sum;
}

/** Midnight where the person is. */
function dayBegan(now: Instant): Instant {
  return new Date(now).setHours(0, 0, 0, 0);
}

function statusText(
  reach: Reach,
  fuel: Fuel | AccountError,
  spent: readonly SpentToday[] | null,
  screen: Screen,
): string {
  const { state } = reach.rig;
  const agents = workers(state);
  const convoys = openConvoys(state);
  const needs = needsJson(reach);
  return parts(
    heading(reach),
    needs.length === 0
      ? ''
      : `Needs you\n${indent(needs.map(({ title, bead }) => `${bead ?? ''}  ${plain(title, 300)}`.trim()).join('\n'))}`,
    agents.length === 0 ? '' : sessionTable(reach, agents, screen),
    convoys.length === 0 ? '' : convoyTable(convoys, screen),
    fuel instanceof AccountError
      ? `Your accounts cannot be read: ${plain(fuel.message, 300)}`
      : tankTable(reach, fuel, screen),
    spentText(spent, pricesIn(reach)),
    fuel instanceof AccountError ? '' : savingsText(fuel),
  );
}

/** What the first seed’s `foreman status` and `status` begin with. */
function heading(reach: Reach): string {
  const { state } = reach.rig;
  return fields([
    [
      'rig',
      state.rig === null
        ? 'not added yet'
        : `${plain(state.rig.name, 80)}, lands on ${plain(state.rig.target, 80)}`,
    ],
    ['foreman', foremanWords(reach)],
    ['beads', countsWords(state)],
    ['next start', nextWords(reach)],
    ['settings', settingsWords(reach)],
    ['used', usageWords(usageOf(state))],
    ['today', usageWords(usageOf(state, dayBegan(reach.now())))],
  ]);
}

/** Empty as long as accounts give something, and where only an owner could tell. */
function nextWords({ owner, rig, now }: Reach): string {
  const why = owner === null || rig.state.stopped ? null : nextStart(rig.state, (bead) => rig.why(bead));
  return why === null ? '' : sentence(why, plainEnglish, now());
}

function settingsWords(reach: Reach): string {
  const count = reach.owner === null ? 0 : reach.configuration().refused.length;
  return count === 0 ? '' : `${counted(count, 'thing')} in them not followed: rigs config show`;
}

function usageWords({ input, output }: Pick<Usage, 'input' | 'output'>): string {
  return input + output === 0
    ? ''
    : `${input.toLocaleString('en')} tokens in, ${output.toLocaleString('en')} out`;
}

function foremanWords({ owner, rig: { state }, now }: Reach): string {
  if (owner === null) return 'no window runs the rig; this is what it left on disk';
  const how = state.stopped
    ? 'stopped'
    : state.rig?.parked === true
      ? 'parked: no new work starts'
      : 'running';
  return `${how} (process ${String(owner.pid)}, since ${relative(owner.since, now(), plainEnglish)})`;
}

function countsWords(state: RigState): string {
  const counts = countByStatus(state);
  const said = beadStatuses.flatMap((one: BeadStatus) => {
    const count = counts[one] ?? 0;
    return count === 0 ? [] : [`${String(count)} ${beadStatusWord(one, plainEnglish)}`];
  });
  return said.length === 0 ? 'none' : said.join(', ');
}

const foremanStatus: Run = (reach, asked) => {
  const { state } = reach.rig;
  if (asked.given.is('json')) {
    const working = workers(state).map((one) => sessionJson(state, one));
    return Promise.resolve(
      json({
        owner: ownerJson(reach),
        stopped: state.stopped,
        parked: state.rig?.parked ?? false,
        beads: countByStatus(state),
        working,
        usage: usageOf(state),
      }),
    );
  }
  const agents = workers(state);
  return Promise.resolve(
    parts(heading(reach), agents.length === 0 ? '' : sessionTable(reach, agents, asked)),
  );
};

const start: Run = async (reach) => {
  await wish(reach, { type: 'startTown' });
  const { state } = reach.rig;
  const agents = workers(state).length;
  return `The town is started; ${counted(agents, 'agent')} at work. \`rigs feed\` shows how it goes.`;
};

const stop: Run = async (reach) => {
  await wish(reach, { type: 'stopTown' });
  return 'The town is stopped. Its agents end with their work kept; nothing starts until `rigs foreman start`, also after a reload.';
};

/** The lines that follow are the client’s (`followLines.ts`). */
const attach: Run = foremanStatus;

export const statusVerbs: readonly Verb[] = [
  {
    words: 'status',
    args: [],
    flags: [],
    about: 'The rig around the current folder: what needs you, agents, convoys, what is left.',
    who: 'reader',
    json: true,
    run: status,
  },
  {
    words: 'foreman start',
    args: [],
    flags: [],
    about: 'Let the town go on after a stop. It runs in the window that owns the rig.',
    who: 'person',
    run: start,
  },
  {
    words: 'foreman stop',
    args: [],
    flags: [],
    about: 'Stop the town: agents end with their work kept, nothing starts.',
    who: 'person',
    run: stop,
  },
  {
    words: 'foreman status',
    args: [],
    flags: [],
    about: 'Who runs the rig, since when, and with what.',
    who: 'reader',
    json: true,
    run: foremanStatus,
  },
  {
    words: 'foreman attach',
    args: [],
    flags: [{ name: 'once', about: 'How it stands now, and end.' }],
    about: 'The foreman’s status, then what happens as it happens. Ctrl+C ends.',
    who: 'person',
    json: true,
    terminal: 'streams',
    run: attach,
  },
];
