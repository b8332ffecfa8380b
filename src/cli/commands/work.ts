import type { Polecat } from '../../town/polecat.ts';
import { plain } from '../../words/plain.ts';
import { misused, refused } from '../commandError.ts';
import { findPolecat } from '../find.ts';
import { type Self, mustBeOwn, selfOf } from '../own.ts';
import { json } from '../print/json.ts';
import { parts } from '../print/lines.ts';
import type { Reach } from '../reach.ts';
import { beadJson, iso } from '../shapes.ts';
import { textOf } from '../values.ts';
import type { Asked, Flag, Run, Verb } from '../verb.ts';
import { kept } from '../wishing.ts';

/** As long as the door takes them (`gateway/protocol.ts`). */
const longestSummary = 20_000;
const longestNote = 60_000;

const done: Run = async (reach, asked, signal) => {
  const { given } = asked;
  const self = selfOf(reach, asked.speaker);
  mustBeOwn(self, given.maybe('bead'));
  mustBeOwnBranch(self, given.maybe('branch'));
  const summary = (textOf(asked, 'summary') ?? '').trim();
  if (summary.length > longestSummary)
    throw misused(
      `The summary has ${String(summary.length)} characters; at most ${String(longestSummary)} are taken.`,
    );
  const said = await reach.worker(self.agent, asked.id).done(summary, signal);
  if (said.kept) return `${kept} Your commits count as they stand. End your turn here.`;
  if (!said.accepted) throw refused(said.message);
  return said.message;
};

function mustBeOwnBranch({ polecat }: Self, branch: string | null): void {
  if (branch !== null && branch !== polecat.branch)
    throw refused(
      `Your branch is ${plain(polecat.branch, 200)}, and only what is committed there counts. Bring your commits onto it, then say \`rigs done\` without --branch.`,
    );
}

const write: Run = async (reach, asked) => {
  const self = selfOf(reach, asked.speaker);
  const text = noteText(asked, 'notes');
  const worker = reach.worker(self.agent, asked.id);
  const said = await worker.checkpoint(await withFacts(self, text, worker));
  return said.kept ? kept : 'Your checkpoint is kept. `rigs checkpoint read` shows it.';
};

/** Where the work stood; what came later shows against it. */
async function withFacts(
  { polecat, bead }: Self,
  text: string,
  worker: ReturnType<Reach['worker']>,
): Promise<string> {
  const now = await worker.worktree();
  return [
    ...(text === '' ? [] : [text, '']),
    `bead ${bead.id}, branch ${plain(polecat.branch, 200)}${now === null ? '' : `, commit ${now.commit}`}`,
    ...(now === null || now.uncommitted.length === 0
      ? []
      : [
          `not committed: ${now.uncommitted
            .slice(0, 40)
            .map((one) => plain(one, 200))
            .join(', ')}`,
        ]),
  ].join('\n');
}

function noteText(asked: Asked, name: string): string {
  const text = (textOf(asked, name) ?? '').trim();
  if (text.length > longestNote)
    throw misused(`This has ${String(text.length)} characters; at most ${String(longestNote)} are taken.`);
  return text;
}

const read: Run = (reach, asked) => {
  const polecat = polecatMeant(reach, asked);
  const checkpoint = polecat.notes.findLast(({ kind }) => kind === 'checkpoint');
  if (asked.given.is('json'))
    return Promise.resolve(
      json(
        checkpoint === undefined
          ? null
          : { agent: polecat.name, bead: polecat.bead, at: iso(checkpoint.at), text: checkpoint.text },
      ),
    );
  if (checkpoint === undefined)
    return Promise.resolve('There is no checkpoint. `rigs checkpoint write --notes "…"` keeps one.');
  return Promise.resolve(parts(iso(checkpoint.at), plainText(checkpoint.text)));
};

/** The agent’s own, or the one a person names. */
function polecatMeant(reach: Reach, asked: Asked): Polecat {
  const named = asked.given.maybe('agent');
  if (asked.speaker !== 'person') {
    const self = selfOf(reach, asked.speaker);
    if (named !== null && findPolecat(reach, named).id !== self.polecat.id)
      throw refused(
        `${plain(named, 60)} is another agent. Yours is \`rigs checkpoint read\` without a name.`,
      );
    return self.polecat;
  }
  if (named === null)
    throw misused('Say whose: rigs checkpoint read nux. `rigs sessions --all` lists the agents.');
  return findPolecat(reach, named);
}

const clear: Run = async (reach, asked) => {
  const { agent } = selfOf(reach, asked.speaker);
  await reach.worker(agent, asked.id).forget();
  return 'Your checkpoint is cleared.';
};

const handoff: Run = async (reach, asked) => {
  const self = selfOf(reach, asked.speaker);
  const text = noteText(asked, 'message');
  if (text === '')
    throw misused(
      'Say what whoever goes on should know: rigs handoff "The parser is done; the tests are not."',
    );
  const worker = reach.worker(self.agent, asked.id);
  const said = await worker.handOff(await withFacts(self, text, worker));
  return said.kept
    ? `${kept} End your session here.`
    : 'Your hand-over is kept, and a fresh session goes on from it. End your turn here.';
};

const hook: Run = (reach, asked) => {
  const { state } = reach.rig;
  const polecats =
    asked.speaker === 'person'
      ? Object.values(state.polecats).filter(
          ({ state: place, name }) => place !== 'retired' && (asked.given.maybe('agent') ?? name) === name,
        )
      : [selfOf(reach, asked.speaker).polecat];
  const held = polecats.flatMap((polecat) => {
    const bead = state.beads[polecat.bead];
    return bead === undefined ? [] : [{ polecat, bead }];
  });
  if (asked.given.is('json'))
    return Promise.resolve(
      json(held.map(({ polecat, bead }) => ({ agent: polecat.name, bead: beadJson(reach, bead) }))),
    );
  if (held.length === 0) return Promise.resolve('No agent holds a bead.');
  return Promise.resolve(
    held.map(({ polecat, bead }) => `${polecat.name} holds ${bead.id}: ${plain(bead.title, 300)}`).join('\n'),
  );
};

const branchFlag: Flag = { name: 'branch', takes: 'branch', about: 'Your branch; no other counts.' };
const doneStatusFlag: Flag = {
  name: 'status',
  takes: 'status',
  values: ['completed'],
  about: 'completed, the only one: who cannot go on says so in the summary, and a person is asked.',
};

export const workVerbs: readonly Verb[] = [
  {
    words: 'hook',
    args: [{ name: 'agent', need: 'maybe' }],
    flags: [],
    about: 'The bead an agent holds: its own, or all of them for a person.',
    who: 'reader',
    json: true,
    run: hook,
  },
  {
    words: 'done',
    args: [{ name: 'bead', need: 'maybe' }],
    flags: [
      branchFlag,
      {
        name: 'summary',
        takes: 'text',
        about: 'What was done and how each criterion is met; `-` reads stdin.',
      },
      doneStatusFlag,
    ],
    about: 'Say that the bead is done. It is proven, then enters the merge queue.',
    who: 'agent',
    stdin: true,
    run: done,
  },
  {
    words: 'checkpoint write',
    args: [],
    flags: [{ name: 'notes', takes: 'text', about: 'What to remember; `-` reads stdin.' }],
    about: 'Keep where the work stands, for whoever goes on.',
    who: 'agent',
    stdin: true,
    run: write,
  },
  {
    words: 'checkpoint read',
    args: [{ name: 'agent', need: 'maybe' }],
    flags: [],
    about: 'The newest checkpoint.',
    who: 'reader',
    json: true,
    run: read,
  },
  {
    words: 'checkpoint clear',
    args: [],
    flags: [],
    about: 'Forget the checkpoint.',
    who: 'agent',
    run: clear,
  },
  {
    words: 'handoff',
    args: [{ name: 'message', need: 'one' }],
    flags: [],
    about: 'Keep a message and make way for a fresh session of the same bead. `-` reads stdin.',
    who: 'agent',
    stdin: true,
    run: handoff,
  },
];

function plainText(text: string): string {
  return text
    .split('\n')
    .map((line) => plain(line, 2_000))
    .join('\n');
}
