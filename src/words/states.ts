import type { BeadStatus, BeadType, Priority } from '../town/bead.ts';
import type { RequestStage } from '../town/mergeRequest.ts';
import type { Instant } from '../town/ids.ts';
import type { Doing, DoingKind, PolecatState } from '../town/polecat.ts';
import type { Translate, Words } from './translate.ts';

const beadStatuses: Words<BeadStatus> = {
  pending: (t) => t('new'),
  optimizing: (t) => t('being prepared'),
  queued: (t) => t('queued'),
  deferred: (t) => t('deferred'),
  contested: (t) => t('tried in several seats'),
  assigned: (t) => t('starting'),
  in_progress: (t) => t('in progress'),
  reviewing: (t) => t('being proven'),
  contending: (t) => t('waits to be compared'),
  merging: (t) => t('in merge queue'),
  completed: (t) => t('completed'),
  failed: (t) => t('failed'),
  cancelled: (t) => t('cancelled'),
  not_picked: (t) => t('not picked'),
};

const stages: Words<RequestStage> = {
  queued: (t) => t('queued'),
  proving: (t) => t('in a batch'),
  ready: (t) => t('waits for approval'),
  approved: (t) => t('ready'),
  landing: (t) => t('landing'),
  offered: (t) => t('pull request'),
  landed: (t) => t('landed'),
  conflict: (t) => t('conflict'),
  failed: (t) => t('check failed'),
  ejected: (t) => t('taken out'),
};

const polecatStates: Words<PolecatState> = {
  housing: (t) => t('getting a worktree'),
  ready: (t) => t('waits for a place'),
  starting: (t) => t('starting'),
  working: (t) => t('working'),
  resting: (t) => t('resting'),
  retired: (t) => t('retired'),
};

/** What an agent does, by its own signals; `limited` with the instant it ends is `doingWords`. */
const doingKinds: Words<DoingKind> = {
  starting: (t) => t('starting'),
  working: (t) => t('working'),
  permission: (t) => t('asks for permission'),
  question: (t) => t('asks you'),
  idle: (t) => t('its turn ended'),
  limited: (t) => t('limited'),
  overloaded: (t) => t('waits for its vendor'),
  login: (t) => t('needs a login'),
  dialog: (t) => t('shows a dialog'),
  silent: (t) => t('silent'),
};

const types: Words<BeadType> = {
  implementation: (t) => t('implementation'),
  review: (t) => t('review'),
  research: (t) => t('research'),
  refactor: (t) => t('refactor'),
  test: (t) => t('test'),
  documentation: (t) => t('documentation'),
  debug: (t) => t('debug'),
  design: (t) => t('design'),
};

const priorityWords: Words<Priority> = {
  critical: (t) => t('critical'),
  high: (t) => t('high'),
  normal: (t) => t('normal'),
  low: (t) => t('low'),
};

export function beadStatusWord(status: BeadStatus, t: Translate): string {
  return beadStatuses[status](t);
}

export function stageWord(stage: RequestStage, t: Translate): string {
  return stages[stage](t);
}

export function polecatStateWord(state: PolecatState, t: Translate): string {
  return polecatStates[state](t);
}

export function doingWords(doing: Doing, clock: (at: Instant) => string, t: Translate): string {
  return doing.kind === 'limited' && doing.until !== null
    ? t('limited until {time}', { time: clock(doing.until) })
    : doingKinds[doing.kind](t);
}

export function beadTypeWord(type: BeadType, t: Translate): string {
  return types[type](t);
}

export function priorityWord(priority: Priority, t: Translate): string {
  return priorityWords[priority](t);
}

/** A status or stage that came as plain text (in facts); one that nobody knows is said as it is. */
export function anyStateWord(state: string, t: Translate): string {
  const known: Readonly<Record<string, ((t: Translate) => string) | undefined>> = {
    ...stages,
    ...beadStatuses,
  };
  return Object.hasOwn(known, state) ? (known[state]?.(t) ?? state) : state;
}
