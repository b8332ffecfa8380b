import type { Bead } from '../../town/bead.ts';
import { plainLines } from '../../words/plain.ts';
import { inspectedLine, judgedLines } from '../../words/verdict.ts';
import { plain } from '../text.ts';
import type { RigView } from '../trees/view.ts';
import { checkLine } from './beadText.ts';
import { type Books, effortLines } from './effort.ts';
import { reviewLines } from './reviewLines.ts';

/** What proves a bead's work, for whoever reviews its diff: Markdown that is shown as text and never rendered. */
export function evidenceText(view: RigView, bead: Bead, books: Books): string {
  const { t } = view;
  const { evidence } = bead;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [t('Acceptance criteria'), criteriaLines(view, bead)],
    [t('Checks'), (evidence?.checks ?? []).map((check) => checkLine(view, check))],
    [t('Effort'), effortLines(view, bead, books)],
    [t('Review'), reviewLines(view, bead)],
    [t('In its agent’s words'), quoted(evidence?.summary ?? '')],
  ];
  const parts = sections
    .filter(([, lines]) => lines.some((line) => line !== ''))
    .map(([title, lines]) => `## ${title}\n\n${lines.join('\n')}`);
  return [
    `# ${t('Evidence of {bead}: {title}', { bead: bead.id, title: plain(bead.title) })}`,
    ...parts,
    '',
  ].join('\n\n');
}

/** As an acceptance criterion may be. */
const longestCriterion = 2_000;

/** Set in, so that nothing in it can be taken for a section of Rigs' own. */
function quoted(text: string): readonly string[] {
  const told = plainLines(text).trim();
  return told === '' ? [] : told.split('\n').map((line) => `    ${line}`);
}

/** ✓ and ✗ with the inspector's words where one looked; else what was asked for. */
function criteriaLines({ t }: RigView, { evidence, criteria }: Bead): readonly string[] {
  const verdict = evidence?.verdict ?? null;
  if (evidence === null || verdict === null) {
    const line = evidence === null ? '' : inspectedLine(evidence, t);
    const wanted = criteria.map((one) => `- ${plain(one, longestCriterion)}`);
    return line === '' ? wanted : [...wanted, ...(wanted.length === 0 ? [] : ['']), line];
  }
  return [...judgedLines(verdict).map((one) => `- ${one}`), '', inspectedLine(evidence, t)];
}
