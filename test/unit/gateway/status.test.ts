import assert from 'node:assert/strict';
import { statusOf } from '../../../src/gateway/status.ts';
import type { Bead } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import { emptyRig } from '../../../src/town/state.ts';
import type { BeadFilter } from '../../../src/ports/store.ts';
import { emptyDraft } from '../../fakes/events.ts';

const bead = (id: string, status: Bead['status'], title = 'Add a parser'): Bead => ({
  ...emptyDraft,
  id: id as BeadId,
  title,
  status,
  priority: 'high',
  convoy: null,
  polecat: null,
  createdAt: 0,
  changedAt: 0,
  endedAt: null,
  deferredUntil: null,
  reason: null,
  evidence: null,
  attempts: 0,
  deaths: 0,
  reminders: 0,
  usage: {},
  landed: null,
});

function control(beads: readonly Bead[]) {
  const read = {
    seq: () => 0,
    bead: () => null,
    countByStatus: () => ({}),
    beads: ({ statuses }: BeadFilter) => beads.filter((one) => statuses?.includes(one.status)),
  };
  return { state: emptyRig, store: { read }, why: () => reason('no_free_slot', { max: 3 }) };
}

describe('what the command line is told', () => {
  it('is every bead, open ones first, each with its reason as a sentence', () => {
    const { beads } = statusOf(control([bead('gt-00001', 'completed'), bead('gt-00002', 'queued')]));
    assert.deepEqual(
      beads.map(({ id, why }) => [id, why]),
      [
        ['gt-00002', 'Waits for a place: all 3 polecats are busy.'],
        ['gt-00001', 'Waits for a place: all 3 polecats are busy.'],
      ],
    );
  });

  it('holds no control character of a title', () => {
    const { beads } = statusOf(control([bead('gt-00001', 'queued', 'a\u001b[2Jb\u0007')]));
    assert.equal(beads[0]?.title, 'ab');
  });
});
