import type { RunnerState } from '../../ports/agents.ts';
import { builtIn, takesSlot } from '../../town/polecat.ts';
import { plain } from '../text.ts';
import type { Tank } from '../../town/tank.ts';
import { fuelIn } from './fuelView.ts';
import { tankChildren } from './tankState.ts';
import { icons } from './look.ts';
import { type Children, type Node, listed, paged } from './node.ts';
import { inOrder, neverAsks, runnerNode, standingOf } from './runner.ts';
import { savingsNodes } from './savings.ts';
import { type RigView, type View, described, rigViews } from './view.ts';

/** A provider as far as it is known before its runners were looked at. */
export interface ProviderState {
  readonly provider: string;
  readonly availability: 'ready' | 'noKey' | 'switchedOff' | 'scripted';
}

/** A row a runner, with its gauges; then the providers and gauges that belong to none of them. */
export function tanksTree(view: View, providers: readonly ProviderState[]): Children {
  const runners = distinctRunners(view);
  const known = new Set(runners.map(({ runner }) => runner.provider));
  const tanks = Object.values(fuelIn(view).tanks);
  const told = new Set<Tank>();
  const rows = runners.map(({ rig, runner, where }) => {
    const own = tanks.filter(({ id }) => tanksOf(rig, runner).has(id));
    for (const one of own) told.add(one);
    return runnerNode(rig, runner, own, where);
  });
  const rest = providers.filter(({ provider }) => !known.has(provider));
  const loose = tanks.filter((one) => !told.has(one));
  return paged(
    [...rows, ...rest.map((one) => tankNode(view, one)), ...looseNodes(view, loose), ...savingsNodes(view)],
    (row) => row,
  );
}

interface Row {
  readonly rig: RigView;
  readonly runner: RunnerState;
  /** The rig, where its settings make another runner of it. */
  readonly where: string;
}

/** Rigs share programs, keys and most settings: a runner that is the same in all of them has one row. */
function distinctRunners(view: View): readonly Row[] {
  const found = new Map<string, { readonly rig: RigView; readonly runner: RunnerState }>();
  for (const rig of rigViews(view)) {
    for (const runner of view.agents.runners(rig.rig.control)) {
      const same = JSON.stringify([runner, standingOf(rig, runner), neverAsks(rig, runner)]);
      if (!found.has(same)) found.set(same, { rig, runner });
    }
  }
  const order = ({ rig, runner }: Omit<Row, 'where'>): number => inOrder.indexOf(standingOf(rig, runner));
  const all = [...found.values()].toSorted((a, b) => order(a) - order(b));
  return all.map(({ rig, runner }) => {
    const namesakes = all.filter(
      (one) => one.runner.runner === runner.runner && one.runner.provider === runner.provider,
    );
    return { rig, runner, where: namesakes.length > 1 ? rig.rig.name : '' };
  });
}

/** Accounts that a runner's polecats sat with, and the one that the next of them would. */
function tanksOf({ state }: RigView, runner: RunnerState): ReadonlySet<string> {
  const used = Object.values(state.polecats)
    .filter(({ seat }) => seat.runner === runner.runner && seat.provider === runner.provider)
    .map(({ seat }) => seat.tank);
  return new Set([...used, runner.runner === builtIn ? runner.provider : runner.runner]);
}

/** An account that no runner of the settings draws from any more. */
function looseNodes(view: View, tanks: readonly Tank[]): readonly Node[] {
  return tanks.map((tank) => ({
    id: `loose/${tank.id}`,
    kind: 'tank',
    label: plain(tank.id, 60),
    icon: icons.tank,
    children: listed(tankChildren(view, tank, `loose/${tank.id}`)),
    expanded: true,
  }));
}

function tankNode(view: View, { provider, availability }: ProviderState): Node {
  const { t } = view;
  const name = plain(provider, 60);
  const running = rigViews(view)
    .flatMap((rig) => Object.values(rig.state.polecats))
    .filter((one) => one.seat.provider === provider && takesSlot(one)).length;
  const words = availabilityWords(view, availability);
  const usable = availability === 'ready' || availability === 'scripted';
  return {
    id: `tank/${provider}`,
    kind: 'tank',
    label: name,
    description: described(
      words,
      running === 0 ? '' : t('{count} working', { count: running }),
      usable && availability !== 'scripted' ? t('limits not measured yet') : '',
    ),
    icon: usable ? icons.tank : icons.tankOff,
    facts: () => [
      { name: t('Provider'), value: provider },
      { name: t('State'), value: words },
      { name: t('Limits'), value: t('not measured yet; work starts without regard to them') },
    ],
  };
}

function availabilityWords({ t }: View, availability: ProviderState['availability']): string {
  switch (availability) {
    case 'ready':
      return t('key is set');
    case 'noKey':
      return t('no API key');
    case 'switchedOff':
      return t('switched off in settings');
    case 'scripted':
      return t('rehearsal: its words are scripted, nothing is billed');
  }
}
