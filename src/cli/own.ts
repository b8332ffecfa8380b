import type { Agent } from '../gateway/tokens.ts';
import type { Speaker } from '../gateway/verbs.ts';
import type { Bead } from '../town/bead.ts';
import type { Polecat } from '../town/polecat.ts';
import { plain } from '../words/plain.ts';
import { notFound, refused } from './commandError.ts';
import type { Reach } from './reach.ts';

/** The agent that speaks, with its polecat and bead. Throws `CommandError`. */
export interface Self {
  readonly agent: Agent;
  readonly polecat: Polecat;
  readonly bead: Bead;
}

export function selfOf({ rig }: Pick<Reach, 'rig'>, speaker: Speaker): Self {
  if (speaker === 'person')
    throw refused(
      'Only an agent says this, in its own terminal, of the bead it holds. `rigs sessions` lists them.',
    );
  const polecat = rig.state.polecats[speaker.polecat];
  const bead = polecat === undefined ? undefined : rig.state.beads[polecat.bead];
  if (polecat === undefined || bead === undefined)
    throw notFound('This terminal’s agent is not known here any more; its bead may have ended. Stop here.');
  return { agent: speaker, polecat, bead };
}

/** An agent speaks for its own bead and for no other. */
export function mustBeOwn({ bead }: Self, given: string | null): void {
  if (given !== null && given !== bead.id)
    throw refused(
      `${plain(given, 40)} is not yours: you hold ${bead.id}. Say it without an id, or with your own.`,
    );
}
