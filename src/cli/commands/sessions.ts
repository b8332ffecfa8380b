import type { Polecat } from '../../town/polecat.ts';
import { plain } from '../../words/plain.ts';
import { doingWords, polecatStateWord } from '../../words/states.ts';
import { clock, relative } from '../../words/times.ts';
import { plainEnglish } from '../../words/translate.ts';
import { refused } from '../commandError.ts';
import { findPolecat } from '../find.ts';
import { json } from '../print/json.ts';
import { bullets, fields, indent, parts } from '../print/lines.ts';
import type { Colour } from '../print/paint.ts';
import { type Screen, table } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { needsJson, sessionJson } from '../shapes.ts';
import type { Run, Verb } from '../verb.ts';

const sessions: Run = (reach, asked) => {
  const wanted = asked.given.maybe('agent');
  const { state } = reach.rig;
  if (wanted !== null) {
    const polecat = findPolecat(reach, wanted);
    return Promise.resolve(
      asked.given.is('json') ? json(sessionJson(state, polecat)) : polecatText(reach, polecat),
    );
  }
  const all = Object.values(state.polecats)
    .filter((one) => one.session !== null || (asked.given.is('all') && !one.cleared))
    .sort((a, b) => a.createdAt - b.createdAt);
  if (asked.given.is('json')) return Promise.resolve(json(all.map((one) => sessionJson(state, one))));
  if (all.length === 0)
    return Promise.resolve(
      'No agent runs. --all shows those that rest; `rigs bead list` says why nothing starts.',
    );
  return Promise.resolve(sessionTable(reach, all, asked));
};

export function sessionTable(reach: Reach, polecats: readonly Polecat[], screen: Screen): string {
  const { state } = reach.rig;
  return table<Polecat>(
    [
      { head: 'AGENT', cell: ({ name }) => name },
      { head: 'DOES', cell: (one) => doesWords(reach, one), colour: colourOf },
      { head: 'BEAD', cell: ({ bead }) => bead },
      { head: 'TITLE', cell: ({ bead }) => state.beads[bead]?.title ?? '', gives: true },
      { head: 'RUNNER', cell: ({ seat }) => seat.runner },
      { head: 'MODEL', cell: ({ seat }) => seat.model, gives: true },
      { head: 'PID', cell: ({ session }) => String(session?.process?.pid ?? ''), right: true },
      {
        head: 'SINCE',
        cell: ({ session }) =>
          session === null ? '' : relative(session.openedAt, reach.now(), plainEnglish),
      },
    ],
    polecats,
    screen,
  );
}

/** What its own signals say while it runs, else how its place stands. */
function doesWords(reach: Reach, { session, state }: Polecat): string {
  if (session === null || state !== 'working') return polecatStateWord(state, plainEnglish);
  return doingWords(session.doing, (at) => clock(at, reach.now()), plainEnglish);
}

/** Colours for what waits for somebody. */
function colourOf({ session }: Polecat): Colour | null {
  switch (session?.doing.kind) {
    case 'permission':
    case 'question':
    case 'dialog':
    case 'login':
      return 'yellow';
    case 'silent':
    case 'limited':
    case 'overloaded':
      return 'red';
    case 'working':
    case 'starting':
      return 'green';
    case 'idle':
      return 'dim';
    case undefined:
      return null;
  }
}

function polecatText(reach: Reach, polecat: Polecat): string {
  const { state } = reach.rig;
  const { session, seat, notes } = polecat;
  const needs = needsJson(reach).filter(({ bead }) => bead === polecat.bead);
  return parts(
    `${polecat.name}  ${polecat.bead}  ${plain(state.beads[polecat.bead]?.title ?? '', 2_000)}`,
    fields([
      ['does', doesWords(reach, polecat)],
      ['in its words', session?.doing.detail ?? ''],
      ['runner', `${seat.runner} (${seat.provider}${seat.model === '' ? '' : `, ${seat.model}`})`],
      ['process', session?.process == null ? '' : String(session.process.pid)],
      ['since', session === null ? '' : relative(session.openedAt, reach.now(), plainEnglish)],
      ['branch', polecat.branch],
      ['worktree', polecat.worktree ?? ''],
      ['its session', polecat.conversations[seat.runner] ?? ''],
    ]),
    needs.length === 0 ? '' : `Needs you\n${indent(bullets(needs.map(({ title }) => title)))}`,
    notes.length === 0 ? '' : `Notes\n${indent(bullets(notes.map(({ text }) => text)))}`,
  );
}

/** The lines that follow are the client’s (`followLines.ts`). */
const attach: Run = (reach, asked) => {
  const polecat = findPolecat(reach, asked.given.one('agent'));
  const shown = asked.speaker === 'person' && reach.owner !== null && reach.person.showTerminal(polecat.id);
  if (polecat.session === null && polecat.state === 'retired')
    throw refused(
      `${polecat.name} is through with ${polecat.bead}. \`rigs bead show ${polecat.bead}\` says how it ended.`,
    );
  if (asked.given.is('json')) return Promise.resolve(json(sessionJson(reach.rig.state, polecat)));
  return Promise.resolve(
    parts(polecatText(reach, polecat), shown ? 'Its terminal is shown in the window that runs the rig.' : ''),
  );
};

export const sessionVerbs: readonly Verb[] = [
  {
    words: 'sessions',
    args: [{ name: 'agent', need: 'maybe' }],
    flags: [{ name: 'all', about: 'Also agents without a session now.' }],
    about: 'Agents that run and what they do, or all about one.',
    who: 'reader',
    json: true,
    run: sessions,
  },
  {
    words: 'attach',
    args: [{ name: 'agent', need: 'one' }],
    flags: [{ name: 'once', about: 'How it stands now, and end.' }],
    about: 'Show an agent’s terminal in the window, and follow it here as lines. Ctrl+C ends.',
    who: 'person',
    json: true,
    terminal: 'streams',
    run: attach,
  },
];
