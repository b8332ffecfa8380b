import type { Savings } from '../../town/savings.ts';
import { savingsBrief, savingsWords } from '../../words/savings.ts';
import { fuelIn } from './fuelView.ts';
import { icons } from './look.ts';
import type { Node } from './node.ts';
import type { View } from './view.ts';

/** What wording tasks saves, as a row of its own; none where nothing was measured. */
export function savingsNodes(view: View): readonly Node[] {
  const { savings } = fuelIn(view);
  return savings === undefined ? [] : [savingsNode(view, savings)];
}

function savingsNode({ t }: View, savings: Savings): Node {
  const label = t('What wording tasks saves');
  const words = savingsWords(savings, t);
  return {
    id: 'savings',
    kind: 'note',
    label,
    description: savingsBrief(savings, t),
    icon: icons.note,
    spoken: `${label}: ${words}`,
    facts: () => [
      { name: label, value: words, whole: true },
      { name: t('Worded tasks, completed'), value: String(savings.worded) },
      { name: t('Tasks that stayed as they were, completed'), value: String(savings.control) },
    ],
  };
}
