import { archiveAfterMs } from '../../town/decide/archive.ts';
import { beadStatusWord } from '../../words/states.ts';
import { duration } from '../../words/times.ts';
import { plain, withoutMarkup } from '../text.ts';
import { whyWords } from '../trees/bead.ts';
import { beadIcons, icons } from '../trees/look.ts';
import type { Icon } from '../trees/node.ts';
import { type View, described, rigViewOf } from '../trees/view.ts';
import type { ArchiveAnswer, ArchiveProblem, Archived } from './searchArchives.ts';

/** A row of the search; one that only says something has no bead. */
export interface ArchiveRow {
  readonly label: string;
  readonly description?: string;
  readonly detail: string;
  readonly icon: Icon;
  readonly archived: Archived | null;
}

/** What could not be read stands first; that nothing is there is only said when everything could be read. */
export function archiveRows(view: View, answer: ArchiveAnswer, text: string): readonly ArchiveRow[] {
  const { found, more, problems } = answer;
  const said = problems.map((problem) => problemRow(view, problem));
  if (found.length === 0) return said.length > 0 ? said : [nothingRow(view, text)];
  const rows = found.map((archived) => beadRow(view, archived));
  return [...said, ...rows, ...(more ? [moreRow(view, found.length)] : [])];
}

function beadRow(view: View, archived: Archived): ArchiveRow {
  const { t } = view;
  const { rig, bead } = archived;
  const own = rigViewOf(view, rig);
  const status = beadStatusWord(bead.status, t);
  const why = whyWords(own, bead);
  const ended = bead.endedAt === null ? '' : view.clock(bead.endedAt);
  return {
    label: plain(bead.title),
    description: described(bead.id, own.where === '' ? '' : plain(own.where)),
    detail: described(status, why === status ? '' : why, ended),
    icon: beadIcons[bead.status],
    archived,
  };
}

function nothingRow({ t }: View, text: string): ArchiveRow {
  return {
    label:
      text === ''
        ? t('No archived beads.')
        : t('No archived bead has “{text}” in its id, title or description.', { text: plain(text, 60) }),
    detail: t('Beads go to the archive {time} after they ended. Until then the Beads view shows them.', {
      time: duration(archiveAfterMs, t),
    }),
    icon: icons.note,
    archived: null,
  };
}

function moreRow({ t }: View, count: number): ArchiveRow {
  return {
    label: t('Only the newest {count} are shown.', { count }),
    detail: t('Type more of the id, title or description.'),
    icon: icons.more,
    archived: null,
  };
}

function problemRow({ t }: View, problem: ArchiveProblem): ArchiveRow {
  const rig = plain(problem.rig.name);
  const row = { icon: icons.convoyBad, archived: null };
  return problem.kind === 'unreadable'
    ? {
        ...row,
        label: t('The archive of {rig} cannot be read.', { rig }),
        detail: withoutMarkup(problem.message),
      }
    : {
        ...row,
        label: t('Damaged lines in the archive of {rig}: {count}. Their beads are not found.', {
          rig,
          count: problem.lines,
        }),
        detail: withoutMarkup(problem.path),
      };
}
