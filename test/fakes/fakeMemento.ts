import type { Memento } from 'vscode';

/** What an extension remembers, in memory. As the editor's, it forgets what is set to undefined. */
export function fakeMemento(): Memento {
  const memory = new Map<string, unknown>();
  return {
    get: <T>(key: string, otherwise?: T) => (memory.get(key) ?? otherwise) as T,
    update: (key, value) => {
      if (value === undefined) memory.delete(key);
      else memory.set(key, value);
      return Promise.resolve();
    },
    keys: () => [...memory.keys()],
  };
}
