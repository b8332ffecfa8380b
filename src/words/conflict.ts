import type { Bead } from '../town/bead.ts';
import { plain, plainLines } from './plain.ts';

/** Work that landed meanwhile and changed files that conflict now. */
export interface OtherSide {
  readonly bead: Pick<Bead, 'id' | 'title' | 'criteria'>;
  /** Of those files alone. */
  readonly diff: string;
}

/** For an agent that has to bring both together: what each side is for, and how the other one changed these files. */
export function conflictText(
  own: Pick<Bead, 'id' | 'title' | 'criteria'>,
  {
    target,
    files,
    hunks,
  }: { readonly target: string; readonly files: readonly string[]; readonly hunks: string },
  others: readonly OtherSide[],
): string {
  const parts = [
    `Your work on ${named(own)} and the branch ${plain(target)} conflict in: ${files.map((one) => plain(one)).join(', ')}.`,
    'Keep what both sides are for. What is wanted of each still has to hold afterwards, and the checks have to pass.',
    `# Yours: ${named(own)}`,
    wanted(own),
    ...others.flatMap((one) => [
      `# Landed meanwhile: ${named(one.bead)}`,
      wanted(one.bead),
      'Its changes to these files:',
      plainLines(one.diff),
    ]),
    '# The conflict, with markers',
    hunks,
  ];
  return `${parts.join('\n\n')}\n`;
}

function named({ id, title }: Pick<Bead, 'id' | 'title'>): string {
  return `“${plain(title)}” (${id})`;
}

function wanted({ criteria }: Pick<Bead, 'criteria'>): string {
  if (criteria.length === 0) return 'Nothing in particular is asked of it beyond its title.';
  return ['Asked of it:', ...criteria.map((one) => `- ${plain(one, 500)}`)].join('\n');
}
