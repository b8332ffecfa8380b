import type { BeadStatus } from '../../town/bead.ts';
import type { RequestStage } from '../../town/mergeRequest.ts';
import type { DoingKind, PolecatState } from '../../town/polecat.ts';
import type { Icon } from './node.ts';

const green = 'testing.iconPassed';
const red = 'testing.iconFailed';
const yellow = 'list.warningForeground';
const blue = 'charts.blue';
const grey = 'disabledForeground';

export const beadIcons: Readonly<Record<BeadStatus, Icon>> = {
  pending: { name: 'circle-outline' },
  optimizing: { name: 'sparkle' },
  queued: { name: 'circle-outline' },
  deferred: { name: 'watch' },
  contested: { name: 'versions', color: blue },
  assigned: { name: 'loading~spin' },
  in_progress: { name: 'play-circle', color: blue },
  reviewing: { name: 'beaker', color: blue },
  contending: { name: 'compare-changes', color: yellow },
  merging: { name: 'git-merge', color: blue },
  completed: { name: 'pass', color: green },
  failed: { name: 'error', color: red },
  cancelled: { name: 'circle-slash', color: grey },
  not_picked: { name: 'archive', color: grey },
};

export const polecatIcons: Readonly<Record<PolecatState, Icon>> = {
  housing: { name: 'loading~spin' },
  ready: { name: 'watch' },
  starting: { name: 'loading~spin' },
  working: { name: 'play-circle', color: blue },
  resting: { name: 'debug-pause' },
  retired: { name: 'circle-slash', color: grey },
};

/** What an agent does, where that is another picture than its polecat's state. */
export const doingIcons: Partial<Readonly<Record<DoingKind, Icon>>> = {
  permission: { name: 'bell-dot', color: yellow },
  question: { name: 'question', color: yellow },
  idle: { name: 'debug-pause' },
  limited: { name: 'watch' },
  overloaded: { name: 'watch' },
  login: { name: 'sign-in', color: yellow },
  dialog: { name: 'bell-dot', color: yellow },
  silent: { name: 'warning', color: yellow },
};

export const requestIcons: Readonly<Record<RequestStage, Icon>> = {
  queued: { name: 'circle-outline' },
  proving: { name: 'loading~spin', color: blue },
  ready: { name: 'bell-dot', color: yellow },
  approved: { name: 'check', color: green },
  landing: { name: 'loading~spin', color: blue },
  offered: { name: 'git-pull-request', color: blue },
  landed: { name: 'git-merge', color: green },
  conflict: { name: 'git-pull-request-closed', color: red },
  failed: { name: 'error', color: red },
  ejected: { name: 'circle-slash', color: grey },
};

export const icons = {
  permission: { name: 'shield', color: yellow },
  onScreen: { name: 'terminal', color: yellow },
  question: { name: 'question', color: yellow },
  attention: { name: 'bell-dot', color: yellow },
  checks: { name: 'checklist', color: yellow },
  stuck: { name: 'warning', color: yellow },
  approval: { name: 'git-pull-request', color: yellow },
  rig: { name: 'repo' },
  parked: { name: 'debug-pause' },
  stopped: { name: 'debug-stop' },
  closed: { name: 'error', color: red },
  readOnly: { name: 'lock', color: yellow },
  queue: { name: 'git-merge' },
  change: { name: 'diff-modified' },
  convoy: { name: 'layers' },
  convoyHeld: { name: 'debug-pause' },
  convoyDone: { name: 'pass', color: green },
  convoyBad: { name: 'warning', color: yellow },
  group: { name: 'list-unordered' },
  tank: { name: 'dashboard' },
  tankOff: { name: 'circle-slash', color: grey },
  login: { name: 'sign-in', color: yellow },
  key: { name: 'key', color: yellow },
  bypass: { name: 'unlock', color: yellow },
  note: { name: 'info' },
  more: { name: 'ellipsis' },
} as const satisfies Readonly<Record<string, Icon>>;

export const gaugeIcons = {
  green: { name: 'circle-large-filled', color: green },
  yellow: { name: 'circle-filled', color: yellow },
  red: { name: 'circle-small-filled', color: red },
  empty: { name: 'circle-large-outline', color: red },
} as const satisfies Readonly<Record<string, Icon>>;
