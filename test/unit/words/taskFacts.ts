import type { BeadId } from '../../../src/town/ids.ts';
import type { TaskFacts } from '../../../src/words/agent.ts';
import type { Handover } from '../../../src/words/handover.ts';

/** A task as it begins. */
export function taskFacts(more: Partial<TaskFacts> = {}): TaskFacts {
  return {
    bead: {
      id: 'gt-00001' as BeadId,
      title: 'Parse weeks',
      description: 'Accept `1w`.',
      type: 'implementation',
      criteria: ['`1w` is 7 days'],
      touches: ['src/parse.js'],
    },
    rig: 'sample',
    polecat: 'nux',
    branch: 'polecat/nux/gt-00001',
    target: 'main',
    checks: ['npm test'],
    past: null,
    ...more,
  };
}

/** A session before this one that did nothing. */
export function pastFacts(more: Partial<Handover> = {}): Handover {
  return {
    purpose: 'resume',
    feedback: null,
    goal: null,
    commits: [],
    changed: { files: [], insertions: 0, deletions: 0 },
    uncommitted: [],
    lastCheck: null,
    output: null,
    review: [],
    questions: [],
    notes: [],
    said: [],
    ran: [],
    ...more,
  };
}
