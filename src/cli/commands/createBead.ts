import { idsOfCall } from '../../gateway/idsOfCall.ts';
import type { BeadDraft } from '../../town/bead.ts';
import { plain } from '../../words/plain.ts';
import { CommandError, misused, refused } from '../commandError.ts';
import { findConvoy } from '../find.ts';
import { selfOf } from '../own.ts';
import { json } from '../print/json.ts';
import type { Reach } from '../reach.ts';
import { whyOf } from '../shapes.ts';
import { beadIdsIn, priorityOf, textOf, typeOf, within } from '../values.ts';
import type { Asked, Run } from '../verb.ts';
import { kept, makeBead, triesOf } from '../wishing.ts';
import { mustHaveSeat } from './seats.ts';

/** What an agent's new bead may say of itself; the rest is a person's to decide. */
const personsFlags = ['type', 'priority', 'provider', 'after', 'touches', 'convoy', 'best'] as const;

/** A person's bead, or one that an agent found beside its own. */
export const createBead: Run = (reach, asked) =>
  asked.speaker === 'person' ? ofPerson(reach, asked) : ofAgent(reach, asked);

async function ofPerson(reach: Reach, asked: Asked): Promise<string> {
  const draft = draftIn(asked);
  if (reach.owner === null) return keptForLater(reach, asked, draft);
  const convoyWord = asked.given.maybe('convoy');
  const convoy = convoyWord === null ? null : findConvoy(reach, convoyWord).id;
  if (draft.preferredProvider !== null) await mustHaveSeat(reach, draft.preferredProvider);
  const best = asked.given.maybe('best');
  const tries = best === null ? 0 : triesOf(best);
  const bead = await makeBead(reach, idsOfCall(asked.id), { convoy, draft, tries });
  if (asked.given.is('json')) return json({ id: bead, kept: false });
  const made = reach.rig.state.beads[bead];
  const why = made === undefined ? '' : whyOf(reach, made);
  return `${bead} is in the depot: ${plain(draft.title, 80)}${why === '' ? '' : `\n${why}`}`;
}

/** Its id is drawn when it is taken up. */
async function keptForLater(reach: Reach, asked: Asked, draft: BeadDraft): Promise<string> {
  if (asked.given.is('convoy'))
    throw new CommandError(
      'no_owner',
      'No window runs this rig, and a bead that is kept for later joins no convoy. Leave --convoy away, or open the folder in VS Code first.',
    );
  if (asked.given.is('best'))
    throw new CommandError(
      'no_owner',
      'No window runs this rig, and a bead that is kept for later is tried in one seat. Leave --best away, or open the folder in VS Code first.',
    );
  await reach.keepBead(asked.id, draft);
  if (asked.given.is('json')) return json({ id: null, kept: true });
  return `${kept} It is “${plain(draft.title, 80)}”.`;
}

async function ofAgent(reach: Reach, asked: Asked): Promise<string> {
  const self = selfOf(reach, asked.speaker);
  const given = personsFlags.find((flag) => asked.given.is(flag));
  if (given !== undefined)
    throw refused(
      `--${given} is a person’s to decide. Say the task and its --criterion; it joins your convoy.`,
    );
  const { title, description, criteria } = draftIn(asked);
  const said = await reach.worker(self.agent, asked.id).split([{ title, description, criteria }]);
  if (asked.given.is('json')) return json({ id: said.beads[0] ?? null, kept: said.kept });
  if (said.kept) return kept;
  return `${said.beads.join(', ')} is beside yours now; another agent takes it. Go on with ${self.bead.id}.`;
}

/** The first line is the title; a longer task is its description too. */
function draftIn(asked: Asked): BeadDraft {
  const { given } = asked;
  const task = (textOf(asked, 'task') ?? '').trim();
  const [first = ''] = task.split('\n');
  const title = first.trim();
  if (title === '') throw misused('The task is empty. Say in a sentence what should be done.');
  const more = textOf(asked, 'description') ?? (title === task ? '' : task);
  const lines = (flag: string): readonly string[] => given.all(flag).map((one) => within('line', flag, one));
  return {
    title: within('line', 'title', title),
    description: within('text', 'description', more),
    type: typeOf(asked) ?? 'implementation',
    priority: priorityOf(asked) ?? 'normal',
    criteria: lines('criterion'),
    dependencies: beadIdsIn(given.all('after')),
    touches: lines('touches'),
    labels: [],
    estimate: null,
    preferredProvider: given.maybe('provider'),
    source: { kind: 'person' },
  };
}
