import { type Attempt, compareAttempts } from '../../town/attempts.ts';
import type { Bead } from '../../town/bead.ts';
import { type BeadId, parseBeadId } from '../../town/ids.ts';
import { type LedgerState, inRig } from '../../town/ledger.ts';
import { attemptRows } from '../../words/attempts.ts';
import { plain, plainLines } from '../../words/plain.ts';
import { inspectedLine, judgedLines } from '../../words/verdict.ts';
import { whyWords } from '../trees/bead.ts';
import type { RigView } from '../trees/view.ts';

/** Attempts at a bead side by side, then each with what is held for and against it; text that is never rendered. */
export function attemptsText(view: RigView, about: Bead, ledger: LedgerState | null): string {
  const { t, state } = view;
  const rig = state.rig?.id;
  const attempts = compareAttempts(state, about, (bead) =>
    rig === undefined ? null : (ledger?.beads[inRig(rig, bead.id)] ?? null),
  );
  const title = t('Attempts at “{title}”', { title: plain(about.title, 200) });
  const why = `${about.id}: ${whyWords(view, about)}`;
  if (attempts.length === 0) return [`# ${title}`, '', why, '', t('There are none any more.'), ''].join('\n');
  return [
    `# ${title}`,
    '',
    why,
    '',
    ...table(view, attempts),
    '',
    ...attempts.flatMap((one) => [...attemptLines(view, one), '']),
  ].join('\n');
}

/** In columns of one width each, as the editor shows it. */
function table({ t }: RigView, attempts: readonly Attempt[]): readonly string[] {
  const rows = attemptRows(attempts, t);
  const lines = [
    ['', ...attempts.map(({ bead }) => bead.id)],
    ...rows.map(({ name, cells }) => [name, ...cells]),
  ];
  const widths = [0, ...attempts.map((_, index) => index + 1)].map((column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  const [head = '', ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => padded(cell, widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body];
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - text.length));
}

/** What agents and models say stands indented: no line of theirs can pass for a heading. */
function attemptLines(view: RigView, { bead, isPicked }: Attempt): readonly string[] {
  const { t } = view;
  const { evidence } = bead;
  const picked = isPicked ? ` (${t('picked')})` : '';
  const said = [
    ...(evidence?.verdict == null ? [] : [inspectedLine(evidence, t), ...judgedLines(evidence.verdict)]),
    ...(evidence?.checks.map(({ name, outcome }) => `${plain(name, 80)}: ${outcome.replaceAll('_', ' ')}`) ??
      []),
    ...(evidence === null || evidence.summary.trim() === '' ? [] : plainLines(evidence.summary).split('\n')),
    ...(evidence?.files.map((file) => plain(file, 300)) ?? []),
  ];
  return [`## ${bead.id}${picked}`, '', whyWords(view, bead), '', ...said.map((line) => `    ${line}`)];
}

/** Where the attempts of such a page begin: lines counted from 0. */
export function attemptsIn(text: string): readonly { readonly line: number; readonly attempt: BeadId }[] {
  return text.split('\n').flatMap((line, index) => {
    const attempt = line.startsWith('## ') ? parseBeadId(line.slice(3, 11)) : null;
    return attempt === null ? [] : [{ line: index, attempt }];
  });
}
