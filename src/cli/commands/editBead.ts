import type { BeadDraft } from '../../town/bead.ts';
import { misused } from '../commandError.ts';
import { findBead } from '../find.ts';
import type { Asked, Run } from '../verb.ts';
import { beadIdsIn, priorityOf, textOf, typeOf, within } from '../values.ts';
import { wish } from '../wishing.ts';

/** Changes what is said and nothing else; an empty value takes away. */
export const editBead: Run = async (reach, asked) => {
  const bead = await findBead(reach, asked.given.one('bead'));
  const changes = changesIn(asked);
  if (Object.keys(changes).length === 0)
    throw misused('Say what to change, such as --title or --priority. `rigs help bead edit` lists all.');
  await wish(reach, { type: 'editBead', bead: bead.id, changes });
  return `${bead.id} is changed: ${Object.keys(changes).join(', ')}.`;
};

function changesIn(asked: Asked): Partial<BeadDraft> {
  const { given } = asked;
  const title = given.maybe('title');
  const description = textOf(asked, 'description');
  const type = typeOf(asked);
  const priority = priorityOf(asked);
  const provider = given.maybe('provider');
  const many = (flag: string): readonly string[] | null => {
    const all = given.all(flag);
    // One that is empty empties the list.
    return all.length === 0 ? null : all.filter((one) => one !== '').map((one) => within('line', flag, one));
  };
  const criteria = many('criterion');
  const touches = many('touches');
  const labels = many('label');
  const after = many('after');
  return {
    ...(title === null ? {} : { title: within('line', 'title', title) }),
    ...(description === null ? {} : { description: within('text', 'description', description) }),
    ...(type === null ? {} : { type }),
    ...(priority === null ? {} : { priority }),
    ...(provider === null ? {} : { preferredProvider: provider === '' ? null : provider }),
    ...(criteria === null ? {} : { criteria }),
    ...(touches === null ? {} : { touches }),
    ...(labels === null ? {} : { labels }),
    ...(after === null ? {} : { dependencies: beadIdsIn(after) }),
  };
}
