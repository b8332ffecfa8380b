import type { Bead } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import { parseBeadId, parseConvoyId, parseRequestId } from '../town/ids.ts';
import { type MergeRequest, openStages } from '../town/mergeRequest.ts';
import type { Polecat } from '../town/polecat.ts';
import { plain } from '../words/plain.ts';
import { misused, notFound } from './commandError.ts';
import type { Reach } from './reach.ts';

type Knows = Pick<Reach, 'rig'>;

/** The bead of an id, also an archived one. Throws `CommandError` `usage` for what is no id, `not_found`. */
export async function findBead({ rig }: Knows, given: string): Promise<Bead> {
  const id = parseBeadId(given);
  if (id === null)
    throw misused(
      `“${plain(given, 40)}” is no bead’s id; one looks like gt-abc12. \`rigs bead list\` lists them.`,
    );
  const bead = await rig.bead(id);
  if (bead === null) throw notFound(`There is no bead ${id} here. \`rigs bead list\` lists them.`);
  return bead;
}

export function findConvoy({ rig }: Knows, given: string): Convoy {
  const id = parseConvoyId(given);
  if (id === null)
    throw misused(
      `“${plain(given, 40)}” is no convoy’s id; one looks like cv-abc12. \`rigs convoy list\` lists them.`,
    );
  const convoy = rig.state.convoys[id];
  if (convoy === undefined) throw notFound(`There is no convoy ${id} here. \`rigs convoy list\` lists them.`);
  return convoy;
}

/** By name, by id (`nux-12`), by the name agents bear (`rig/polecats/nux`) or by its bead; the newest of a name. */
export function findPolecat({ rig }: Knows, given: string): Polecat {
  const name = given.slice(given.lastIndexOf('/') + 1);
  const found = Object.values(rig.state.polecats)
    .filter((one) => one.name === name || one.id === name || one.bead === name)
    .sort((a, b) => Number(a.cleared) - Number(b.cleared) || b.createdAt - a.createdAt)[0];
  if (found === undefined)
    throw notFound(`There is no agent ${plain(given, 60)} here. \`rigs sessions --all\` lists them.`);
  return found;
}

/** By its own id or its bead's: then the open one, else the newest. */
export function findRequest({ rig }: Knows, given: string): MergeRequest {
  const [id, bead] = [parseRequestId(given), parseBeadId(given)];
  if (id === null && bead === null)
    throw misused(
      `“${plain(given, 40)}” is no merge request’s id; one looks like mr-abc12, or name its bead. \`rigs mq list\` lists them.`,
    );
  // For a bead that was tried in several seats the attempt lands that was picked.
  const picked = bead === null ? null : rig.state.beads[bead]?.contest?.picked;
  const [found] = Object.values(rig.state.requests)
    .filter((one) => one.id === id || one.bead === bead || one.bead === picked)
    .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.createdAt - a.createdAt);
  if (found === undefined)
    throw notFound(`There is no merge request ${id ?? `of ${given}`} here. \`rigs mq list\` lists them.`);
  return found;
}

function isOpen({ stage }: MergeRequest): boolean {
  return openStages.includes(stage);
}
