import type { PlanBead } from '../../src/town/plan.ts';

/** Beads of a plan of which only the title, and perhaps who is to do it, matters. */
export function planBeads(
  tasks: readonly { readonly title: string; readonly provider: string | null }[],
): readonly PlanBead[] {
  return tasks.map(({ title, provider }, at) => ({
    key: String(at + 1),
    title,
    type: 'implementation',
    priority: 'normal',
    description: '',
    criteria: [],
    dependsOn: [],
    touches: [],
    estimate: null,
    provider,
  }));
}
