import type { LadderStep } from '../town/ladder.ts';
import type { Helper, Rung } from '../town/settled.ts';
import type { Facts } from '../town/reason.ts';
import { type Telling, has, names, text } from './facts.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

type Say = (t: Translate) => string;

/** Who settled a conflict, as an answer to “how”. */
const rungs: Readonly<Record<Rung, Say>> = {
  memory: (t) => t('as it was settled before'),
  structure: (t) => t('by its syntax'),
  agent: (t) => t('by its agent'),
  vendor: (t) => t('by an agent of another vendor'),
  person: (t) => t('by you'),
};

const helpers: Readonly<Record<Helper, Say>> = {
  agent: (t) => t('went back to its agent'),
  vendor: (t) => t('went on to an agent of another vendor'),
  person: (t) => t('went to you'),
};

function isRung(one: string): one is Rung {
  return Object.hasOwn(rungs, one);
}

function rungList(by: readonly string[], t: Translate): string {
  return by.flatMap((one) => (isRung(one) ? [rungs[one](t)] : [])).join(', ');
}

/** What became of the conflicts of a request, one line a step, the oldest first. */
export function ladderLines(steps: readonly LadderStep[], t: Translate): readonly string[] {
  return steps.map((step) => {
    const files = filesText(step.files, t);
    return step.kind === 'settled'
      ? t('{request}: the conflict in {files} was settled {how}.', {
          ...{ request: step.request, files, how: rungList(step.by, t) },
        })
      : t('{request}: the conflict in {files} {event}.', {
          ...{ request: step.request, files, event: helpers[step.to](t) },
        });
  });
}

const mostFiles = 3;

function filesText(files: readonly string[], t: Translate): string {
  const shown = files.slice(0, mostFiles).map((one) => plain(one, 100));
  const more = files.length - shown.length;
  if (more > 0) shown.push(t('{count} more', { count: more }));
  return shown.length === 0 ? t('its files') : shown.join(', ');
}

export function settledLine(f: Facts, { t }: Telling): string {
  const title = text(f, 'title');
  const by = f['by'];
  if (!Array.isArray(by) || by.length === 0)
    return t('“{title}” does not conflict with its target any more.', { title });
  return t('The conflict of “{title}” in {files} was settled {how}.', {
    ...{
      title,
      files: has(f, 'files') ? names(f, 'files') : t('its files'),
      how: rungList(by as string[], t),
    },
  });
}

export function handedLine(f: Facts, { t }: Telling): string {
  const to = text(f, 'to');
  const event = Object.hasOwn(helpers, to) ? helpers[to as Helper](t) : to;
  return t('The conflict of “{title}” {event}.', { title: text(f, 'title'), event });
}

const resolvings: Readonly<
  Record<string, ((facts: { readonly title: string }, t: Translate) => string) | undefined>
> = {
  begin: (f, t) => t('You settle the conflict of “{title}” yourself.', f),
  open: (f, t) => t('The conflict of “{title}” is open in its worktree.', f),
  finish: (f, t) => t('What you made of the conflict of “{title}” is being committed.', f),
  abandon: (f, t) => t('What you began of the conflict of “{title}” is being undone.', f),
};

export function resolvingLine(f: Facts, { t }: Telling): string {
  const facts = { title: text(f, 'title') };
  const step = text(f, 'step');
  const say = Object.hasOwn(resolvings, step) ? resolvings[step] : undefined;
  return say?.(facts, t) ?? t('The merge in the worktree of “{title}” is over.', facts);
}
