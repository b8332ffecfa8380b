import type { ReplyOf } from '../gateway/protocol.ts';
import { plain } from '../words/plain.ts';

type Status = ReplyOf<'status'>;

/** The rig in a few lines. */
export function printStatus({ rig, target, stopped, beads, needsYou }: Status): string {
  const counts = new Map<string, number>();
  for (const { status } of beads) counts.set(status, (counts.get(status) ?? 0) + 1);
  const working = beads.filter(({ polecat, status }) => polecat !== null && status === 'in_progress');
  return [
    `${plain(rig)} (lands on ${plain(target)})${stopped ? ': stopped' : ''}`,
    `Beads: ${[...counts].map(([status, count]) => `${String(count)} ${status.replaceAll('_', ' ')}`).join(', ') || 'none'}`,
    `Needs you: ${String(needsYou)}`,
    ...working.map(({ polecat, id, title }) => `  ${plain(polecat ?? '')}  ${id}  ${plain(title, 80)}`),
  ].join('\n');
}

/** One bead a line, in dispatch order, each with why it is where it is. */
export function printBeads({ beads }: Status): string {
  if (beads.length === 0) return 'No beads.';
  return beads
    .map(({ id, status, priority, title, why }) =>
      [
        id,
        status.replaceAll('_', ' ').padEnd(11),
        priority.padEnd(8),
        plain(title, 80),
        why === '' ? '' : `(${plain(why)})`,
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
