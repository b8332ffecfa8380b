import { commands } from '../contract.ts';
import type { Handlers } from '../tools.ts';
import type { Forest } from '../trees/forest.ts';
import { isElement } from '../trees/provider.ts';

/** What only a row of a tree can ask for. */
export function rowCommands(forest: Pick<Forest, 'showMore'>): Handlers<typeof commands.showMore> {
  return {
    [commands.showMore]: (row) => {
      if (isElement(row)) forest.showMore(row);
    },
  };
}
