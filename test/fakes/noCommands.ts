import type { WindowCommands } from '../../src/vscode/compose/rigParts.ts';

const nobody = (): Promise<never> => Promise.reject(new Error('There is no window here.'));

/** The `rigs` command where no window is. */
export const noCommands: WindowCommands = {
  person: {
    rigs: () => Promise.resolve([]),
    addRig: nobody,
    removeRig: nobody,
    enableProvider: nobody,
    showTerminal: () => false,
  },
  configuration: () => ({ settings: [], refused: [] }),
  plan: nobody,
};
