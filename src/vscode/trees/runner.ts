import type { RunnerState } from '../../ports/agents.ts';
import { takesSlot } from '../../town/polecat.ts';
import type { Translate } from '../../words/translate.ts';
import type { RowKind } from '../contract.ts';
import { heldBackWords } from '../../words/tanks.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Tank } from '../../town/tank.ts';
import { lowestWords, tankChildren } from './tankState.ts';
import { icons } from './look.ts';
import { type Icon, type Node, listed } from './node.ts';
import { startedNeverAsking } from './runnerWords.ts';
import { type RigView, described } from './view.ts';

/** How a runner stands for a person, who can do something about each. */
export type Standing = 'ready' | 'login' | 'missing' | 'disabled' | 'noKey' | 'unusable';

interface Shape {
  readonly kind: RowKind;
  readonly icon: Icon;
  readonly word: (state: RunnerState, t: Translate) => string;
}

const shapes: Readonly<Record<Standing, Shape>> = {
  ready: { kind: 'runner.ready', icon: icons.tank, word: (_state, t) => t('ready') },
  login: { kind: 'runner.login', icon: icons.login, word: (_state, t) => t('needs a login') },
  missing: {
    kind: 'runner.missing',
    icon: icons.tankOff,
    word: ({ problem }, t) =>
      t('{command} not found', { command: problem?.kind === 'missing' ? plain(problem.command, 60) : '?' }),
  },
  disabled: {
    kind: 'runner.disabled',
    icon: icons.tankOff,
    word: (_state, t) => t('switched off in settings'),
  },
  noKey: { kind: 'runner.noKey', icon: icons.key, word: (_state, t) => t('no API key') },
  unusable: {
    kind: 'runner.unusable',
    icon: icons.closed,
    word: ({ problem }, t) =>
      problem?.kind === 'unusable' ? plain(problem.detail, 200) : t('cannot be used'),
  },
};

/** Who can work comes first, then what a person can mend, then what they switched off. */
export const inOrder: readonly Standing[] = ['ready', 'login', 'unusable', 'noKey', 'missing', 'disabled'];

const problems: Readonly<Record<NonNullable<RunnerState['problem']>['kind'], Standing>> = {
  disabled: 'disabled',
  no_key: 'noKey',
  missing: 'missing',
  unusable: 'unusable',
};

/** That a login is missing shows only once an agent asks for it. */
export function standingOf({ state }: Pick<RigView, 'state'>, runner: RunnerState): Standing {
  if (runner.problem !== null) return problems[runner.problem.kind];
  const asksForLogin = Object.values(state.polecats).some(
    ({ seat, session }) => seat.runner === runner.runner && session?.doing.kind === 'login',
  );
  return asksForLogin ? 'login' : 'ready';
}

/** `ready · 2.1.0, newer than tried`: what can be said of it in a line. */
export function standingWords(view: RigView, runner: RunnerState): string {
  const { t } = view;
  const word = shapes[standingOf(view, runner)].word(runner, t);
  return described(word, neverAsks(view, runner) ? t('never asks') : '', versionWords(runner, t));
}

/** Agents that run go on as they were started, whatever the setting says since. */
export function neverAsks(view: RigView, runner: RunnerState): boolean {
  return runner.mode === 'bypass' || startedNeverAsking(view, runner.runner);
}

function versionWords({ program, known }: RunnerState, t: Translate): string {
  const version = program?.version ?? null;
  if (version === null) return '';
  const said = plain(version, 40);
  if (known === 'older') return t('{version}, older than tried', { version: said });
  return known === 'newer' ? t('{version}, newer than tried', { version: said }) : said;
}

/** A runner as a row of the tree of tanks, with the gauges of its account below it. */
export function runnerNode(view: RigView, runner: RunnerState, tanks: readonly Tank[], where: string): Node {
  const { t } = view;
  const shape = shapes[standingOf(view, runner)];
  const words = standingWords(view, runner);
  const running = Object.values(view.state.polecats).filter(
    (one) => one.seat.runner === runner.runner && one.seat.provider === runner.provider && takesSlot(one),
  ).length;
  const id = `runner/${view.key}/${runner.runner}/${runner.provider}`;
  const held = tanks.map((tank) => withoutMarkup(heldBackWords(tank, view.now, view.clock, t)));
  const gauges = tanks.flatMap((tank) => tankChildren(view, tank, id));
  return {
    // A row once drawn without children stays folded when it gets some, unless it is another row.
    id: gauges.length === 0 ? id : `${id}/gauges`,
    kind: shape.kind,
    label: plain(runner.name, 60),
    description: described(
      where,
      words,
      ...held,
      ...tanks.map((tank) => lowestWords(view, tank)),
      running === 0 ? '' : t('{count} working', { count: running }),
    ),
    icon: neverAsks(view, runner) && runner.problem === null ? icons.bypass : shape.icon,
    facts: () => [
      { name: t('Agent'), value: runner.name },
      { name: t('State'), value: words },
      { name: t('Program'), value: runner.program?.file ?? t('none') },
      { name: t('Model'), value: runner.model === '' ? t('its own choice') : runner.model },
      { name: t('Asks'), value: modeWords(view, runner) },
      { name: t('Limits'), value: gauges.length === 0 ? t('not known yet') : t('see below') },
    ],
    subject: { kind: 'runner', rig: view.key, runner: runner.runner, provider: runner.provider },
    ...(gauges.length === 0 ? {} : { children: listed(gauges), expanded: true }),
  };
}

function modeWords(view: RigView, { runner, mode }: RunnerState): string {
  const { t } = view;
  const words = {
    ask: t('before it does something'),
    edits: t('before it does something other than change files of its worktree'),
    bypass: t('never: what it is told to do, it does with your rights'),
  };
  const earlier = mode !== 'bypass' && startedNeverAsking(view, runner);
  return described(
    mode === null ? t('as this rig allows') : words[mode],
    earlier ? t('one that runs was started never to ask') : '',
  );
}
