/**
 * The little that Rigs looks for in a person's `config.toml`, as Codex itself writes it, to say what Codex asks on its
 * screen. Another spelling of the same only makes Rigs say less exactly what it is; nothing else depends on it.
 */
export interface PersonConfig {
  /** Whether the person was asked about this folder before, whatever they said. */
  readonly knowsFolder: (folder: string) => boolean;
  /** Whether the review of a hook was answered for exactly this hash. */
  readonly reviewed: (review: { readonly key: string; readonly hash: string }) => boolean;
  /** A provider other than Codex' own, which needs no login of Codex. */
  readonly ownProvider: boolean;
}

export function readPersonConfig(text: string): PersonConfig {
  const tables = tablesOf(text);
  const inTable = (name: string, key: string): string | undefined => tables.get(name)?.get(key);
  const provider = inTable('', 'model_provider');
  return {
    knowsFolder: (folder) => inTable(`projects.${JSON.stringify(folder)}`, 'trust_level') !== undefined,
    reviewed: ({ key, hash }) =>
      inTable(`hooks.state.${JSON.stringify(key)}`, 'trusted_hash') === JSON.stringify(hash),
    ownProvider: provider !== undefined && provider !== '"openai"',
  };
}

function tablesOf(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  let table = new Map<string, string>();
  const tables = new Map([['', table]]);
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[([^[].*)\]\s*(?:#.*)?$/.exec(line)?.[1]?.trim();
    const [, key, value] = /^\s*([\w-]+)\s*=\s*("(?:\\.|[^"\\])*"|[^#]*)/.exec(line) ?? [];
    if (name !== undefined) {
      table = tables.get(name) ?? new Map<string, string>();
      tables.set(name, table);
    } else if (key !== undefined && value !== undefined) table.set(key, value.trim());
  }
  return tables;
}
