import { takesSlot } from '../../town/polecat.ts';
import { plain } from '../text.ts';
import { icons } from './look.ts';
import { type Children, type Node, paged } from './node.ts';
import { type View, described, rigViews } from './view.ts';

/** A provider as far as it is known before gauges are read. */
export interface ProviderState {
  readonly provider: string;
  readonly availability: 'ready' | 'noKey' | 'switchedOff' | 'scripted';
}

/** One row a provider. Limits are not measured yet, and the rows say so rather than show a full tank. */
export function tanksTree(view: View, providers: readonly ProviderState[]): Children {
  return paged(providers, (one) => tankNode(view, one));
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
