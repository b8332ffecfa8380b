import type { Control } from '../foreman/control.ts';
import { type Bead, beadStatuses, endedStatuses, isOpen } from '../town/bead.ts';
import { needsYou } from '../town/needsYou.ts';
import { plain } from '../words/plain.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import type { ReplyOf } from './protocol.ts';

/** What `rigs status` is told: every open bead in dispatch order, then the last ended ones, each with its why. */
export function statusOf(
  control: Pick<Control, 'state' | 'why'> & { store: Pick<Control['store'], 'read'> },
): ReplyOf<'status'> {
  const { state, store } = control;
  const beads = [
    ...store.read.beads({ statuses: openStatuses }),
    ...store.read.beads({ statuses: endedStatuses, limit: endedShown }),
  ];
  return {
    rig: state.rig?.name ?? '',
    target: state.rig?.target ?? '',
    stopped: state.stopped,
    beads: beads.map((bead) => lineOf(control, bead)),
    needsYou: needsYou(state).length,
  };
}

const endedShown = 50;

const openStatuses = beadStatuses.filter(isOpen);

function lineOf(control: Pick<Control, 'state' | 'why'>, bead: Bead): ReplyOf<'status'>['beads'][number] {
  const why = control.why(bead.id);
  const polecat = bead.polecat === null ? undefined : control.state.polecats[bead.polecat];
  return {
    id: bead.id,
    title: plain(bead.title),
    status: bead.status,
    priority: bead.priority,
    polecat: polecat?.name ?? null,
    why: why === null ? '' : sentence(why, plainEnglish),
  };
}
