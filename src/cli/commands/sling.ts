import { type CallIds, idsOfCall } from '../../gateway/idsOfCall.ts';
import type { Bead } from '../../town/bead.ts';
import { type BeadId, parseBeadId } from '../../town/ids.ts';
import { plain } from '../../words/plain.ts';
import { beadStatusWord } from '../../words/states.ts';
import { plainEnglish } from '../../words/translate.ts';
import { misused, notFound, refused } from '../commandError.ts';
import type { Reach } from '../reach.ts';
import { whyOf } from '../shapes.ts';
import { didYouMean } from '../suggest.ts';
import { each, within } from '../values.ts';
import type { Run, Verb } from '../verb.ts';
import { makeBead, wish } from '../wishing.ts';
import { mustHaveSeat } from './seats.ts';

/** Targets of the second seed that come with the town. */
const laterTargets: readonly string[] = ['mayor', 'dogs', 'dog', 'crew'];

const sling: Run = async (reach, asked) => {
  await mustBeHere(reach, asked.given.maybe('target'));
  const provider = asked.given.maybe('agent');
  if (provider !== null) await mustHaveSeat(reach, provider);
  const words = asked.given.all('bead or task');
  const title = asked.given.maybe('title');
  if (title !== null && words.length !== 1) throw misused('--title names one bead; give one task with it.');
  const ids = idsOfCall(asked.id);
  return each(words, async (word) => {
    const id = parseBeadId(word);
    return id === null || title !== null
      ? slingNew(reach, ids, { task: word, title, provider })
      : slingBead(reach, id, provider);
  });
};

/** One rig answers here; another is reached from its own folder. */
async function mustBeHere(reach: Reach, target: string | null): Promise<void> {
  const { rig, polecats } = reach.rig.state;
  if (target === null || target === rig?.name || target === rig?.commonDir) return;
  if (laterTargets.includes(target))
    throw misused(`The ${target} comes with the town, later. Leave --target away: the rig takes the bead.`);
  if (Object.values(polecats).some(({ name }) => name === target))
    throw refused(
      `${plain(target, 60)} is a polecat, and a polecat has one bead for its life. Leave --target away: a fresh one takes it.`,
    );
  const others = reach.owner === null ? [] : await reach.person.rigs();
  const other = others.find(({ name }) => name === target);
  if (other !== undefined)
    throw refused(`${plain(target, 60)} is another rig. Say it there: cd ${plain(other.root, 300)}`);
  const near = didYouMean(target, [rig?.name ?? '', ...others.map(({ name }) => name)]);
  throw notFound(`There is no rig ${plain(target, 60)}.${near} \`rigs rig list\` shows them.`);
}

interface NewTask {
  readonly task: string;
  readonly title: string | null;
  readonly provider: string | null;
}

async function slingNew(reach: Reach, ids: CallIds, { task, title, provider }: NewTask): Promise<string> {
  if (/^(gt|wi)-/.test(task))
    throw misused(
      `“${plain(task, 40)}” is no bead’s id; one looks like gt-abc12. \`rigs bead list\` lists them.`,
    );
  const named = (title ?? task.split('\n')[0] ?? '').trim();
  const bead = await makeBead(reach, ids, {
    convoy: null,
    draft: {
      title: within('line', 'title', named),
      description: named === task.trim() ? '' : within('text', 'task', task),
      type: 'implementation',
      priority: 'normal',
      criteria: [],
      dependencies: [],
      touches: [],
      labels: [],
      estimate: null,
      preferredProvider: provider,
      source: { kind: 'person' },
    },
  });
  return told(reach, bead, `${bead} is in the depot: ${plain(named, 80)}.`);
}

/** Whatever keeps a bead from starting and is the person’s to take away. */
async function slingBead(reach: Reach, id: BeadId, provider: string | null): Promise<string> {
  const bead = reach.rig.state.beads[id];
  if (bead === undefined) throw notFound(`There is no bead ${id} here. \`rigs bead list\` lists them.`);
  if (bead.status === 'completed' || bead.status === 'cancelled')
    throw refused(
      `${id} is ${beadStatusWord(bead.status, plainEnglish)}. \`rigs bead create\` makes a new one for more work.`,
    );
  if (provider !== null) await wish(reach, { type: 'continueWith', bead: id, provider });
  if (bead.status === 'failed') await wish(reach, { type: 'retryBead', bead: id });
  await release(reach, bead);
  return told(reach, id, `${id} is slung.`);
}

async function release(reach: Reach, { convoy }: Bead): Promise<void> {
  if (convoy !== null && reach.rig.state.convoys[convoy]?.held === true)
    await wish(reach, { type: 'releaseConvoy', convoy });
}

function told(reach: Reach, id: BeadId, said: string): string {
  const bead = reach.rig.state.beads[id];
  const why = bead === undefined ? '' : whyOf(reach, bead);
  return why === '' ? said : `${said} ${why}`;
}

export const slingVerbs: readonly Verb[] = [
  {
    words: 'sling',
    args: [{ name: 'bead or task', need: 'some' }],
    flags: [
      { name: 'target', takes: 'rig', about: 'The rig around the current folder, by its name.' },
      { name: 'agent', takes: 'provider', about: 'The provider whose agent should take it.' },
      { name: 'title', takes: 'text', about: 'Title of a new bead; the task is then its description.' },
    ],
    about: 'Have beads worked on: new ones from a task, or those that failed or are held.',
    who: 'person',
    run: sling,
  },
];
