import { printPlan } from '../town/plan/print.ts';
import { plain } from '../words/plain.ts';

/** What a person plans on from where no model does: the goal as one bead, in the text that a planner would write. */
export function planByHand(goal: string, note: string): string {
  const bead = {
    key: '1',
    title: plain(goal, 80),
    type: 'implementation',
    priority: 'normal',
    dependsOn: [],
    touches: [],
    estimate: null,
    provider: null,
    description: '',
    criteria: [],
  };
  return printPlan({ goal, beads: [bead] }, note);
}
